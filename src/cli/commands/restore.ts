import { allMigrations } from '../../app/migrations.ts'
import { modules } from '../../app/modules.ts'
import { ConfigTrouble } from '../../core/config/index.ts'
import { isFounded } from '../../core/identity/index.ts'
import { openDatabase, restore as restoreDatabase } from '../../core/storage/index.ts'
import { type Command, Misuse, settingsOf } from '../command.ts'

/** Brings a backup into an empty data folder. */
export const restore: Command = {
  name: 'restore',
  summary: 'Restore a backup into an empty data folder, every table compared with the file.',
  usage: '<file.chancery-backup> --data-dir <empty folder>',
  takesSettings: true,
  async run(call) {
    const [file] = call.words
    if (file === undefined) throw new Misuse(`chancery restore ${restore.usage}`)
    const settings = await settingsOf(call, { listens: false })
    if (await isFounded(settings.dataDir))
      throw new ConfigTrouble(
        'bad-setting',
        `There is a party in ${settings.dataDir} already: name an empty folder with --data-dir. Nothing was changed.`,
      )
    const database = await openDatabase({ dataDir: settings.dataDir, databaseUrl: settings.databaseUrl })
    try {
      const report = await restoreDatabase(file, database.db, allMigrations(modules()), settings.dataDir)
      call.say(
        `${report.tables} tables with ${report.rows} rows agree with the backup of ${new Date(report.at).toISOString()}.`,
      )
      call.say(
        'Start the node as usual: it asks the other members what they hold before it signs anything (chancery doctor).',
      )
      call.tell(report)
    } finally {
      await database.close()
    }
    return 0
  },
}
