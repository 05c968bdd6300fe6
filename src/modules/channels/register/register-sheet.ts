import { markingText, narrowest } from '../../../core/markings/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { type Block, makeSheet } from '../../../core/sheets/index.ts'
import { formatDate, formatDateTime, formatList } from '../../../text/index.ts'
import type { PlannedFile } from './filing.ts'
import type { RegisterFilter } from './find-rows.ts'
import type { RegisterEntry } from './list-documents.ts'
import { documentKinds, fileTitle, formWords, partyWords, stateWords } from './register-words.ts'

const columns = [
  { name: 'number', share: 1.1 },
  { name: 'your-ref', share: 1.2 },
  { name: 'sent', share: 1.6 },
  { name: 'party', share: 1.6 },
  { name: 'subject', share: 3 },
  { name: 'state', share: 1.4 },
  { name: 'file', share: 0.9 },
] as const

interface Printed {
  entries: readonly RegisterEntry[]
  files: readonly PlannedFile[]
  filter: Omit<RegisterFilter, 'limit'>
  /** Older documents fit as well and do not stand on it. */
  isCut: boolean
}

/** The register as a PDF in the reader's language, marked as the narrowest of what stands on it. */
export function registerSheet(visit: Visit, { entries, files, filter, isCut }: Printed): Promise<Uint8Array> {
  const { t, language, services, viewer } = visit
  const now = services.clock.now()
  const title = t('channels.register.title')
  const printed = t('channels.register.sheet.printed', { time: formatDateTime(now, viewer.person.zone, language) })
  return makeSheet({
    title,
    language,
    issuer: services.nameOf(services.party, language),
    at: now,
    banner: [
      ...(entries.length > 0 ? [markingText(narrowest(entries.map(({ marking }) => marking)))] : []),
      ...new Set(entries.flatMap(({ drill }) => (drill === undefined ? [] : [t('letters.drill', { name: drill })]))),
    ],
    foot: `${title} · ${printed}`,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'paragraph', text: services.nameOf(services.party, language) },
      { kind: 'heading', level: 1, text: title },
      { kind: 'paragraph', text: whichWords(visit, filter, files), size: 9.5 },
      ...(isCut ? [{ kind: 'paragraph' as const, text: cutWords(visit, entries), size: 9.5 }] : []),
      { kind: 'rule' },
      documents(visit, entries),
    ],
  })
}

function documents(visit: Visit, entries: readonly RegisterEntry[]): Block {
  const { t, language, viewer } = visit
  if (entries.length === 0) return { kind: 'paragraph', text: t('channels.register.none') }
  return {
    kind: 'table',
    head: columns.map(({ name }) => t(`channels.register.column.${name}`)),
    shares: columns.map(({ share }) => share),
    rows: entries.map((one) => [
      one.ourRef ?? one.stamp?.number ?? '–',
      one.yourRef ?? '–',
      formatDate(one.sentAt, viewer.person.zone, language),
      partyWords(one, visit),
      `${formWords(one, visit)}: ${one.subject ?? t('channels.register.no-words')}`,
      stateWords(one, t),
      one.code ?? '–',
    ]),
  }
}

/** What was asked for, so that nobody takes a part of the register for all of it. */
function whichWords({ t, language, services }: Visit, filter: Printed['filter'], files: Printed['files']): string {
  const day = (date: string) => formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', language)
  const file = files.find(({ code }) => code === filter.code)
  const kind = filter.kind === undefined ? undefined : documentKinds(services)[filter.kind]
  const said: [name: string, value: string | undefined][] = [
    ['number', filter.number],
    ['direction', filter.direction && t(`channels.register.filter.${filter.direction}`)],
    ['party', filter.party && services.nameOf(filter.party, language)],
    ['form', kind && t(kind)],
    ['code', filter.code && (file ? `${file.code} ${fileTitle(file, t)}` : filter.code)],
    ['state', filter.state && t(`channels.register.state.${filter.state}`)],
    ['from', filter.from && day(filter.from)],
    ['to', filter.to && day(filter.to)],
  ]
  const asked = said.flatMap(([name, value]) =>
    value ? [t('channels.register.sheet.asked', { what: t(`channels.register.filter.${name}`), value })] : [],
  )
  return asked.length === 0 ? t('channels.register.sheet.all') : formatList(asked, language)
}

const cutWords = ({ t }: Visit, { length }: readonly RegisterEntry[]) =>
  t('channels.register.sheet.cut', { count: length })
