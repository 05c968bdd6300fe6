import { type Names, named } from '../../../core/dated-data/index.ts'
import { type Block, makeSheet } from '../../../core/sheets/index.ts'
import { createTranslator, formatList } from '../../../text/index.ts'
import type { Choice } from './copy-facts.ts'
import { type GroundsFile, otherGround } from './grounds.ts'

/** One piece that goes or is withheld whole; a line of the register has a name. */
export interface Passage {
  id: string
  name?: string
  text: string
}

/** Everything a copy says beside the passages. */
export interface CopyFrame {
  language: string
  reference: string
  /** Day of the decision, ms of its midnight in UTC: the minute is nobody's. */
  day: number
  dayWords: string
  office: string
  issuer: string
  marking: string
  isDrill: boolean
}

type Rules = Pick<GroundsFile, 'appeal' | 'grounds'>

/** One line of a copy. It holds no word of what is withheld, nor how many or how long its passages were. */
export interface CopyLine {
  name?: string
  text: string
  isMark: boolean
}

/** What a mark says of a ground, in the language of the copy. */
export function groundWords(rules: Rules, id: string, language: string, otherWords?: string): string {
  const name = named(rules.grounds.find((one) => one.id === id)?.names ?? ({ en: id } as Names), language)
  return id === otherGround && otherWords ? `${name} (${otherWords})` : name
}

/** What goes, in its order; neighbours that are withheld are one mark with the grounds of all of them. */
export function copyLines(
  passages: readonly Passage[],
  choice: Choice,
  { language, rules, otherWords }: { language: string; rules: Rules; otherWords?: string },
): CopyLine[] {
  const t = createTranslator(language)
  const order = rules.grounds.map(({ id }) => id)
  const markOf = (grounds: ReadonlySet<string>) => {
    const words = order.filter((id) => grounds.has(id)).map((id) => groundWords(rules, id, language, otherWords))
    return t('channels.access.mark', { grounds: formatList(words, language) })
  }
  const lines: CopyLine[] = []
  let run = new Set<string>()
  const endRun = () => {
    if (run.size > 0) lines.push({ text: markOf(run), isMark: true })
    run = new Set()
  }
  for (const { id, name, text } of passages) {
    const ground = choice[id]
    if (ground !== undefined && name === undefined) {
      run.add(ground)
      continue
    }
    endRun()
    lines.push(
      ground === undefined
        ? { ...(name && { name }), text, isMark: false }
        : { ...(name && { name }), text: markOf(new Set([ground])), isMark: true },
    )
  }
  endRun()
  return lines
}

function headLines(frame: CopyFrame, rules: Rules): string[] {
  const t = createTranslator(frame.language)
  const line = (name: string, value: string) => `${t(`channels.access.head.${name}`)}: ${value}`
  return [
    line('reference', frame.reference),
    line('decided-on', frame.dayWords),
    line('decided-by', `${frame.office}, ${frame.issuer}`),
    line('marking', frame.marking),
    t('channels.access.head.marks'),
    t('channels.access.head.files'),
    named(rules.appeal, frame.language),
  ]
}

const said = ({ name, text }: CopyLine) => (name === undefined ? text : `${name}: ${text}`)

/** The copy as plain text (UTF-8). */
export function copyText(lines: readonly CopyLine[], frame: CopyFrame, rules: Rules): string {
  const t = createTranslator(frame.language)
  return `${[
    ...(frame.isDrill ? [t('channels.transfer.drill')] : []),
    t('channels.access.sheet-title'),
    ...headLines(frame, rules),
    ...lines.map(said),
  ].join('\r\n\r\n')}\r\n`
}

/** The same as a sheet, marked on each page; made of these lines and nothing else. */
export function copySheet(lines: readonly CopyLine[], frame: CopyFrame, rules: Rules): Promise<Uint8Array> {
  const t = createTranslator(frame.language)
  const title = t('channels.access.sheet-title')
  return makeSheet({
    title,
    language: frame.language,
    issuer: frame.issuer,
    at: frame.day,
    banner: [frame.marking, ...(frame.isDrill ? [t('channels.transfer.drill')] : [])],
    foot: frame.reference,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'heading', level: 1, text: title },
      ...headLines(frame, rules).map((text): Block => ({ kind: 'paragraph', text, size: 9.5 })),
      { kind: 'rule' },
      ...lines.map(
        (line): Block => ({
          kind: 'paragraph',
          text: said(line),
          ...(line.name !== undefined && { size: 9.5 }),
          ...(line.isMark || line.name !== undefined ? {} : { auto: true }),
        }),
      ),
    ],
  })
}
