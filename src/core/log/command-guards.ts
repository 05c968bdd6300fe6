import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const commandFile = /^command-([0-9]+)\.log$/
/** What all commands that ended have signed. Read like any guard file; written by appending alone. */
const commandsFile = 'commands.log'
/** The process number of a command elsewhere says nothing here: only a file that has rested so long is taken over. */
const restsMs = 24 * 3_600_000

/** Whether a guard file belongs to a command of the command line rather than to a node that serves. */
export function isCommand(file: string): boolean {
  return commandFile.test(file)
}

/**
 * Moves what a command signed to the file of all commands, and removes its own. On disk there before it is gone here:
 * a crash between the two leaves it twice, which says the same.
 */
export async function foldInto(folder: string, file: string): Promise<void> {
  const path = join(folder, file)
  const text = await readFile(path, 'utf8').catch(() => '')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole) {
    const commands = await open(join(folder, commandsFile), 'a', 0o600)
    try {
      // A write that was torn before this one ends its line here.
      await commands.appendFile(`\n${whole}`)
      await commands.datasync()
    } finally {
      await commands.close()
    }
  }
  await rm(path, { force: true })
}

/** Files of commands that were killed, a day after their last signature. */
export async function foldEndedCommands(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const process = commandFile.exec(file)?.[1]
    if (process === undefined || isRunning(Number(process))) continue
    const found = await stat(join(folder, file)).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > restsMs) await foldInto(folder, file)
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
