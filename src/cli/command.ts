import { parseArgs } from 'node:util'
import type { Settings } from '../core/config/types.ts'
import { loadSettings, settingOptions } from '../core/config/index.ts'

/** What a command gets: its own options, what stands behind them, and where to print. */
export interface Call {
  options: Record<string, string | boolean | undefined>
  words: string[]
  /** Prints a line for people; nothing with `--json`. */
  say(line: string): void
  /** Prints the result with `--json`. */
  tell(result: unknown): void
}

export interface Command {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** After the name, e.g. `<file> [--pin <digits>]`. */
  usage: string
  options?: Record<string, { type: 'string' | 'boolean'; help: string }>
  /** Also takes `--data-dir`, `--port` and the other settings of a node. */
  takesSettings?: boolean
  /** Returns the exit code: 0 done, 1 refused or failed, 2 misused. */
  run(call: Call): Promise<number>
}

/** A command was called wrongly: the sentence says how to call it. Exit code 2. */
export class Misuse extends Error {
  override name = 'Misuse'
}

const everywhere = {
  help: { type: 'boolean', help: 'show this' },
  json: { type: 'boolean', help: 'print the result as JSON' },
} as const

function optionsOf(command: Command): Record<string, { type: 'string' | 'boolean'; help: string }> {
  const settings = command.takesSettings
    ? Object.fromEntries(settingOptions.map(({ flag, help }) => [flag, { type: 'string' as const, help }]))
    : {}
  return { ...everywhere, ...settings, ...command.options }
}

/** Runs one command of the command line and returns its exit code. */
export async function runCommand(command: Command, argv: string[]): Promise<number> {
  const options = optionsOf(command)
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new Misuse(`${(error as Error).message}\nUsage: chancery ${command.name} ${command.usage}`)
  }
  if (parsed.values.help) {
    console.log(helpOf(command))
    return 0
  }
  const json = parsed.values.json === true
  return command.run({
    options: parsed.values as Call['options'],
    words: parsed.positionals,
    say: (line) => {
      if (!json) console.log(line)
    },
    tell: (result) => {
      if (json) console.log(JSON.stringify(result, undefined, 2))
    },
  })
}

function helpOf(command: Command): string {
  const lines = Object.entries(optionsOf(command)).map(
    ([name, { type, help }]) => `  --${name}${type === 'string' ? ' <value>' : ''}`.padEnd(32) + help,
  )
  return [`chancery ${command.name} ${command.usage}`, '', command.summary, '', 'Options:', ...lines].join('\n')
}

/** Settings from the command line, the environment and the data folder. */
export function settingsOf(call: Call, source: { listens?: boolean; firstPort?: number } = {}): Promise<Settings> {
  const flags = Object.fromEntries(
    settingOptions.flatMap(({ name, flag }) => {
      const value = call.options[flag]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
  return loadSettings({ flags, ...source })
}
