import { systemClock } from './clock.ts'
import type { ClockSource, Logger } from './types.ts'

export type LogLevel = 'info' | 'warn' | 'error' | 'silent'

export interface LoggerOptions {
  /** Takes one line without its end; default: standard error. */
  write?(line: string): void
  /** Least level written; default `info`. */
  level?: LogLevel
  clock?: ClockSource
  /** On every line, e.g. the party. */
  facts?: Record<string, unknown>
}

const order: LogLevel[] = ['info', 'warn', 'error', 'silent']
const longestText = 2_000
const deepest = 5
const mostItems = 50
const hidden = '[redacted]'

/** Names whose values let somebody act in another's name. A public key may be shown. */
const secretName =
  /(?<!public)keys?$|token|secret|passw|passphrase|authoriz|cookie|credential|session$|salt$|otp$|(?:recovery|sign.?in|one.?time).?(?:code|link)|(?:smtp|database).?url|private/i

/** The same things inside texts: Ed25519 private keys, bearer tokens, passwords in addresses, sign-in links. */
const secretTexts: [RegExp, string][] = [
  [/MC4CAQAwBQYDK2Vw[A-Za-z0-9+/_-]+/g, hidden],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${hidden}@`],
  [/(\/sign-in\/link\/|\/set-up\/)[A-Za-z0-9_-]{16,}/g, `$1${hidden}`],
]

/** One JSON object a line: `at` (RFC 3339, UTC), `level`, `event`, then the facts without secrets. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const least = order.indexOf(options.level ?? 'info')
  const clock = options.clock ?? systemClock

  function log(level: 'info' | 'warn' | 'error', event: string, facts: Record<string, unknown> = {}): void {
    if (order.indexOf(level) < least) return
    const at = new Date(clock.now()).toISOString()
    write(JSON.stringify({ at, level, event: redactText(event), ...redactFacts({ ...options.facts, ...facts }) }))
  }

  return {
    info: (event, facts) => log('info', event, facts),
    warn: (event, facts) => log('warn', event, facts),
    error: (event, facts) => log('error', event, facts),
  }
}

function redactFacts(facts: Record<string, unknown>): Record<string, unknown> {
  return redact(facts, 0, new Set()) as Record<string, unknown>
}

function redact(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (above.has(value)) return '[circular]'
  if (depth >= deepest) return '[deeper]'
  const within = new Set(above).add(value)
  if (value instanceof Error) return redactError(value, depth, within)
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => redact(item, depth + 1, within))
  if (value instanceof Date) return value.toISOString()
  const entries = value instanceof Map ? [...value].map(([name, item]) => [String(name), item]) : Object.entries(value)
  return Object.fromEntries(
    entries.map(([name, item]) => [name, secretName.test(name) ? hidden : redact(item, depth + 1, within)]),
  )
}

function redactError(error: Error, depth: number, within: Set<object>): Record<string, unknown> {
  return {
    name: error.name,
    message: redactText(error.message),
    ...('code' in error ? { code: redact(error.code, depth + 1, within) } : {}),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1, within) }),
  }
}

function redactText(text: string): string {
  let shown = text
  for (const [pattern, replacement] of secretTexts) shown = shown.replace(pattern, replacement)
  return shown.length > longestText ? `${shown.slice(0, longestText)}…` : shown
}
