import { markingText, narrowest } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { type Block, makeSheet } from '../../core/sheets/index.ts'
import { formatDateTime } from '../../text/index.ts'
import { clockStateText, findFace, owedText, titleOf } from '../spaces/index.ts'
import { termsLines } from './faces/terms-of-use.tsx'
import { type LoadedRequest, subjectOf } from './load-request.ts'

/** A request as a PDF in the reader's language: where it stands, its course, its words, and the terms of what was given. */
export function requestSheet(visit: Visit, loaded: LoadedRequest): Promise<Uint8Array> {
  const { t, language, services, viewer } = visit
  const { note, standing, space, now } = loaded
  const kind = t(`requests.kind.${note.request_kind ?? 'incident-information'}`)
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const printedAt = services.clock.now()
  const shown = loaded.acts.filter(({ content }) => content)
  const reading = { services, t, language, zone: viewer.person.zone, now }
  const paragraph = (text: string, size?: number): Block => ({ kind: 'paragraph', text, ...(size && { size }) })
  const heading = (text: string): Block => ({ kind: 'heading', level: 2, text })
  return makeSheet({
    title: `${kind} ${note.number}`,
    language,
    issuer: services.nameOf(services.party, language),
    at: printedAt,
    banner: [
      ...(shown.length > 0 ? [markingText(narrowest(shown.map(({ act }) => act.statement.marking)))] : []),
      ...(space.drill ? [t('letters.drill', { name: space.drill.name })] : []),
    ],
    foot: `${kind} ${note.number} · ${t('assistance.sheet.printed', { time: when(printedAt) })}`,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      paragraph(`${kind} · ${note.number}`, 9.5),
      { kind: 'heading', level: 1, text: subjectOf(loaded) ?? t('assistance.withheld') },
      paragraph(
        t('assistance.sheet.between', {
          from: services.nameOf(note.author, language),
          to: services.nameOf(note.addressee, language),
          space: titleOf(space, language),
        }),
      ),
      paragraph(`${t('assistance.column.state')}: ${t(`assistance.state.${standing.state}`)}`),
      ...loaded.clocks.map((clock) => paragraph(`${owedText(clock, reading)}: ${clockStateText(clock, reading)}`, 9.5)),
      { kind: 'rule' },
      heading(t('assistance.course')),
      {
        kind: 'table',
        head: ['step', 'party', 'time'].map((one) => t(`assistance.sheet.${one}`)),
        shares: [2, 1.5, 1.5],
        rows: loaded.course.map(({ step, author, at }) => [
          t(`assistance.step.${step}`),
          services.nameOf(author, language),
          when(at),
        ]),
      },
      ...loaded.acts.flatMap((one): Block[] => {
        const { act, content } = one
        const face = findFace(services, act.statement.type)
        const title = `${face?.form(t, content?.body) ?? act.statement.type} · ${when(act.scenarioTime)}`
        const words = content?.text as { paragraphs?: string[]; [name: string]: unknown } | undefined
        const further = ['granted', 'withheld', 'conditions'].flatMap((name) =>
          typeof words?.[name] === 'string' ? [paragraph(`${t(`assistance.field.${name}`)}: ${words[name]}`)] : [],
        )
        return [
          heading(title),
          ...(content ? [] : [paragraph(t('assistance.withheld'))]),
          ...further,
          ...(words?.paragraphs ?? []).map((text) => paragraph(text)),
          ...termsBlocks(loaded, act.hash),
        ]
      }),
    ],
  })

  function termsBlocks({ handed }: LoadedRequest, act: string): Block[] {
    const one = handed.find(({ row }) => row.hash === act)
    if (!one) return []
    return [
      ...(one.terms ? termsLines(one.terms, t, language) : []).map(({ term, detail }) =>
        paragraph(`${term}: ${detail}`, 9.5),
      ),
      ...one.files.map(({ name }) => paragraph(`${t('assistance.sheet.file')}: ${name}`, 9.5)),
    ]
  }
}
