import { ConfigTrouble } from '../core/config/index.ts'
import { Refusal } from '../core/http/refusal.ts'
import { diskFull, meansDiskFull, StorageTrouble } from '../core/storage/index.ts'
import { createTranslator, isMessageKey } from '../text/index.ts'
import { type Command, Misuse, runCommand } from './command.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { exportDossier } from './commands/export.ts'
import { init } from './commands/init.ts'
import { keys } from './commands/keys.ts'
import { mailIn } from './commands/mail-in.ts'
import { peer } from './commands/peer.ts'
import { person } from './commands/person.ts'
import { published } from './commands/published.ts'
import { restore } from './commands/restore.ts'
import { space } from './commands/space.ts'
import { start } from './commands/start.ts'
import { timeStamp } from './commands/time-stamp.ts'
import { verify } from './commands/verify.ts'

const commands: readonly Command[] = [
  init,
  start,
  demo,
  peer,
  person,
  published,
  mailIn,
  keys,
  space,
  exportDossier,
  verify,
  timeStamp,
  doctor,
  restore,
]

function overview(): string {
  return [
    'chancery <command> [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`),
    '',
    'chancery <command> --help says more. Exit codes: 0 done, 1 refused or failed, 2 called wrongly.',
  ].join('\n')
}

async function main([name, ...argv]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview())
    return name === undefined ? 2 : 0
  }
  const command = commands.find((one) => one.name === name)
  if (!command) throw new Misuse(`There is no command "${name}".\n\n${overview()}`)
  return runCommand(command, argv)
}

function explain(error: unknown): string {
  if (error instanceof Refusal) {
    const key = `refusal.${error.code}`
    return isMessageKey(key) ? createTranslator('en')(key, error.facts) : error.code
  }
  if (error instanceof ConfigTrouble || error instanceof StorageTrouble || error instanceof Misuse) return error.message
  if (meansDiskFull(error)) return diskFull('the data folder').message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(explain(error))
  process.exitCode = error instanceof Misuse ? 2 : 1
}
