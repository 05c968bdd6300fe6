import { markingText } from '../../../core/markings/index.ts'
import { headlineOf, type Titled } from '../../../core/module/headline-of.ts'
import type { Json, Services } from '../../../core/module/types.ts'
import { type Block, makeSheet } from '../../../core/sheets/index.ts'
import { formatDateTime, formatList, type Translate } from '../../../text/index.ts'
import { documentKinds } from '../register/register-words.ts'
import type { Judged } from './judge-acts.ts'
import type { DocumentFacts } from './transfer-facts.ts'

export interface Written {
  act: string
  facts: DocumentFacts
  judged: Judged & { leaves: true }
  title: string
  form: string
  from: string[]
  to: string[]
}

/** What a package says of a document in words; parties bear the names they signed, never what this house calls them. */
export function writtenOf(
  services: Services,
  { t, language }: { t: Translate; language: string },
  { act, facts, judged }: Pick<Written, 'act' | 'facts' | 'judged'>,
): Written {
  const key = documentKinds(services)[facts.kind]
  const name = (party: string) => {
    const signed = services.signedNameOf(party, language)
    return signed === party ? party : `${signed} <${party}>`
  }
  const others = facts.parties.map(name)
  const us = [name(services.party)]
  const text = judged.content.text as Titled | undefined
  return {
    ...{ act, facts, judged },
    title: headlineOf(text, language) ?? '',
    form: key === undefined ? facts.kind : t(key),
    from: facts.direction === 'out' ? us : others,
    to: facts.direction === 'out' ? others : us,
  }
}

/** Signed bytes have their names in the order of the alphabet; people begin with the subject and end with the courtesy. */
const [first, last] = [
  ['title', 'subject', 'opening', 'objective'],
  ['closing', 'signatory', 'translations'],
]
const rank = (name: string) => (first.includes(name) ? first.indexOf(name) - first.length : last.indexOf(name) + 1)
const inOrder = ([a]: [string, unknown], [b]: [string, unknown]) =>
  rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true })

/** Everything that stands in the text part, as people read it. */
export function wordsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (Array.isArray(value)) return value.flatMap(wordsIn)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value)
    .toSorted(inOrder)
    .flatMap(([, one]) => wordsIn(one))
}

type Reading = { t: Translate; language: string }

export interface FactLine {
  id: string
  name: string
  value: string
}

/** What the register says of a document, line by line. */
export function factLines(written: Written, { t, language }: Reading): FactLine[] {
  const { facts, judged } = written
  const time = (at: number) => formatDateTime(at, 'UTC', language)
  const lines: [string, string | undefined][] = [
    ['form', written.form],
    ['our-ref', facts.ourRef],
    ['your-ref', facts.yourRef],
    ['incoming', facts.stamp && `${facts.stamp.number}, ${time(facts.stamp.receivedAt)}`],
    ['sent', time(facts.sentAt)],
    ['from', formatList(written.from, language)],
    ['to', written.to.length === 0 ? undefined : formatList(written.to, language)],
    ['marking', markingText(facts.marking)],
    ['state', t(`channels.register.state.${facts.state}`)],
    ['act', written.act],
    [
      'files',
      judged.files.length === 0
        ? undefined
        : formatList(
            judged.files.map(({ name }) => name),
            language,
          ),
    ],
    ['files-out', judged.filesOut === 0 ? undefined : String(judged.filesOut)],
  ]
  return lines.flatMap(([id, value]) => (value ? [{ id, name: t(`channels.transfer.fact.${id}`), value }] : []))
}

/** The document as plain text (UTF-8), readable without any program of ours. */
export function documentText(written: Written, reading: Reading): string {
  const { facts, judged } = written
  const drill = facts.isDrill ? [reading.t('channels.transfer.drill'), ''] : []
  const head = factLines(written, reading).map(({ name, value }) => `${name}: ${value}`)
  return `${[...drill, ...head, '', ...wordsIn(judged.content.text).flatMap((one) => [one, ''])].join('\r\n')}\r\n`
}

/** The same as a sheet, marked on each page. */
export function documentSheet(services: Services, written: Written, reading: Reading): Promise<Uint8Array> {
  const { t, language } = reading
  const { facts, judged } = written
  const words: Block[] = wordsIn(judged.content.text).map((text) => ({ kind: 'paragraph', text, auto: true }))
  return makeSheet({
    title: written.title || written.form,
    language,
    issuer: services.signedNameOf(services.party, language),
    at: facts.sentAt,
    banner: [markingText(facts.marking), ...(facts.isDrill ? [t('channels.transfer.drill')] : [])],
    foot: facts.ourRef ?? facts.stamp?.number ?? written.act,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'heading', level: 1, text: written.title || written.form },
      ...factLines(written, reading).map(
        ({ name, value }): Block => ({ kind: 'paragraph', text: `${name}: ${value}`, size: 9.5 }),
      ),
      { kind: 'rule' },
      ...words,
    ],
  })
}
