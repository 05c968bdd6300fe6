import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openNodeDatabase } from '../../app/start-node.ts'
import { isFounded, protectKeys } from '../../core/identity/index.ts'
import { createLogger, keepSettings, systemClock } from '../../core/config/index.ts'
import { foundFromFile, partySchema } from '../../modules/entrance/index.ts'
import { type Command, Misuse, settingsOf } from '../command.ts'
import { givenSecret, newSecretOptions } from '../new-secret.ts'

/** Founds a party from a file instead of in the browser, and closes set-up. */
export const init: Command = {
  name: 'init',
  summary: 'Found a party from a file (names, offices, people) and print its sign-in links.',
  usage:
    '--party-file <file.json> [--data-dir <folder>] [--sheets <file>] ' +
    '[--new-key-file <file> | --new-passphrase-file <file> | --new-passphrase-fd <n>]',
  takesSettings: true,
  options: {
    'party-file': { type: 'string', help: 'JSON: party, names, holders, offices, people (docs/operate/party-file.md)' },
    sheets: {
      type: 'string',
      help: 'where the two recovery sheets are written (default recovery-sheets.txt in the data folder)',
    },
    ...newSecretOptions,
  },
  async run(call) {
    const path = call.options['party-file']
    if (typeof path !== 'string') throw new Misuse('Name the file of the party: chancery init --party-file <file.json>')
    const read = partySchema.safeParse(JSON.parse(await readFile(path, 'utf8')))
    if (!read.success)
      throw new Misuse(
        read.error.issues.map((issue) => `${path}: ${issue.path.join('.')}: ${issue.message}`).join('\n'),
      )
    const secret = givenSecret(call)
    const settings = await settingsOf(call)
    keepSettings(settings.dataDir, {
      port: settings.port,
      host: settings.host,
      publicUrl: settings.publicUrl,
      peerUrl: settings.peerUrl,
    })
    const sheetsFile =
      typeof call.options.sheets === 'string' ? call.options.sheets : join(settings.dataDir, 'recovery-sheets.txt')
    const database = await openNodeDatabase(settings)
    try {
      const links = await foundFromFile(
        { db: database.db, settings, clock: systemClock, log: createLogger({ level: 'error' }) },
        read.data,
        {
          isFounded: await isFounded(settings.dataDir),
          keepSheets: (sheets) => writeFile(sheetsFile, `${sheets.join('\n\n')}\n`, { mode: 0o600 }),
        },
      )
      if (secret) await protectKeys(settings.dataDir, secret)
      for (const link of links) call.say(`${link.name} (${link.role}, ${link.office}): ${link.url}`)
      call.say(`The two recovery sheets are in ${sheetsFile}: print them, give one to each holder, delete the file.`)
      call.say(
        secret
          ? 'The keys are protected: the node needs what opens them at every start, and nobody can restore it.'
          : 'The keys lie in the clear: whoever can read the data folder can sign as this party (chancery keys protect).',
      )
      call.tell({ party: read.data.party, links, sheetsFile, protection: secret?.kind ?? 'none' })
    } finally {
      await database.close()
    }
    return 0
  },
}
