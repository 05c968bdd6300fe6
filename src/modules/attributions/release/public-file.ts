import { type Block, makeSheet } from '../../../core/sheets/index.ts'
import { createTranslator, formatDate } from '../../../text/index.ts'
import { markingText } from '../../../core/markings/index.ts'
import type { Incident } from '../../incidents/index.ts'
import type { StatedRow } from '../between/read-between.ts'
import type { Statement } from './statements.ts'

interface Publication {
  statement: Statement
  /** Where it stands on the record. */
  row: StatedRow
  /** Of our register: what a stranger compares. */
  fingerprint: string
  incident: Pick<Incident, 'drill' | 'codeName'>
  issuer: string
  /** Later or earlier publications on the same decision: which one this corrects, which corrects it. */
  corrects?: string
  correctedBy?: string
}

/** What the head of a publication says: number, day, act, and whether it still stands. */
function headLines({ statement, row, fingerprint, issuer, corrects, correctedBy, incident }: Publication): string[] {
  const { language, ended, reference = '' } = statement
  const t = createTranslator(language)
  const day = (ms: number) => formatDate(ms, 'UTC', language)
  return [
    ...(incident.drill ? [t('attributions.file.drill')] : []),
    t('attributions.file.issued', { issuer, reference, day: day(row.at) }),
    ...(ended
      ? [t('attributions.file.withdrawn', { day: day(ended.at), why: ended.why })]
      : row.withdrawn_at === null
        ? []
        : [t('attributions.file.withdrawn-on-record', { day: day(row.withdrawn_at) })]),
    ...(corrects === undefined ? [] : [t('attributions.file.corrects', { reference: corrects })]),
    ...(correctedBy === undefined ? [] : [t('attributions.file.corrected', { reference: correctedBy })]),
    t('attributions.file.act', { act: row.hash }),
    t('attributions.file.fingerprint', { issuer, fingerprint }),
  ]
}

const itemLines = ({ evidence, language }: Statement): string[] =>
  evidence.map(({ number, words, grade }) =>
    createTranslator(language)('attributions.file.item', { number, words, grade }),
  )

/** A publication as plain text (UTF-8). */
export function publicText(publication: Publication): string {
  const { statement } = publication
  const t = createTranslator(statement.language)
  const items = itemLines(statement)
  return `${[
    markingText({ tlp: statement.tlp }),
    ...headLines(publication),
    statement.subject,
    statement.text.replaceAll('\r\n', '\n'),
    ...(items.length === 0 ? [] : [t('attributions.file.evidence'), ...items]),
  ]
    .join('\n\n')
    .replaceAll('\n', '\r\n')}\r\n`
}

/** The same as a sheet, marked on each page; made of the released words and items and nothing else. */
export function publicSheet(publication: Publication): Promise<Uint8Array> {
  const { statement, row, issuer, incident } = publication
  const { language, subject, text, reference = '' } = statement
  const t = createTranslator(language)
  const items = itemLines(statement)
  return makeSheet({
    title: subject,
    language,
    issuer,
    at: row.at,
    banner: [markingText({ tlp: statement.tlp }), ...(incident.drill ? [t('attributions.file.drill')] : [])],
    foot: reference,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'heading', level: 1, text: subject },
      ...headLines(publication).map((line): Block => ({ kind: 'paragraph', text: line, size: 9.5 })),
      { kind: 'rule' },
      ...text.split(/\r?\n\s*\r?\n/).map((one): Block => ({ kind: 'paragraph', text: one, auto: true })),
      ...(items.length === 0
        ? []
        : ([
            { kind: 'heading', level: 2, text: t('attributions.file.evidence') },
            { kind: 'list', items },
          ] satisfies Block[])),
    ],
  })
}
