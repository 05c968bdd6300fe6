import type { Visit } from '../../../core/module/types.ts'
import type { RegisterEntry } from './list-documents.ts'
import { formWords, keptWords, partyWords, stateWords } from './register-words.ts'

/** The register as a table for other programs (RFC 4180), one line per document, in the reader's language. */
export function registerCsv(visit: Visit, entries: readonly RegisterEntry[]): string {
  const { t, language } = visit
  const head = [
    'our-ref',
    'your-ref',
    'incoming',
    'received',
    'sent',
    'party',
    'form',
    'subject',
    'marking',
    'state',
    'file',
    'kept',
    'act',
  ]
  const lines = entries.map((one) => [
    one.ourRef ?? '',
    one.yourRef ?? '',
    one.stamp?.number ?? '',
    one.stamp ? new Date(one.stamp.receivedAt).toISOString() : '',
    new Date(one.sentAt).toISOString(),
    partyWords(one, visit),
    formWords(one, visit),
    one.subject ?? t('channels.register.no-words'),
    `TLP:${one.marking.tlp}`,
    stateWords(one, t),
    one.code ?? '',
    keptWords(one, { t, language }),
    one.id,
  ])
  const named = head.map((name) => t(`channels.register.column.${name}`))
  // A byte-order mark tells spreadsheets that it is UTF-8.
  return `\uFEFF${[named, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}

/** Spreadsheets run what begins like a formula: what others wrote never does. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
