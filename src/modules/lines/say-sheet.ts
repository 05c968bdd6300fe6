import { markingText, narrowest } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { type Block, makeSheet } from '../../core/sheets/index.ts'
import { createTranslator, formatDateTime } from '../../text/index.ts'
import { type LineKind, lineKinds } from './kinds.ts'
import type { Sayable, SayQuestion } from './list-sayable.ts'

interface Said {
  kind: LineKind
  question: string
  words: string
}

/** What a sheet may name besides the lines: within the house the incident, before anybody else nothing of it. */
const headOf = ({ incident }: Sayable, { audience }: SayQuestion, number: number): string =>
  audience === 'house' ? incident.codeName : `${number}.`

const saidIn = ({ lines }: Sayable, kind: LineKind): Said[] =>
  lines.filter(({ line }) => line.kind === kind).map(({ said: { question, words } }) => ({ kind, question, words }))

/** What may be said now, as a PDF in the language it is said in; marked as the narrowest of what stands on it. */
export function saySheet(visit: Visit, sayable: readonly Sayable[], asked: SayQuestion): Promise<Uint8Array> {
  const { services, viewer } = visit
  const t = createTranslator(asked.language)
  const now = services.clock.now()
  const shown = sayable.filter(({ lines }) => lines.length > 0)
  const markings = shown.flatMap(({ incident, lines }) => [
    ...lines.map(({ line }) => ({ tlp: line.wording.marking })),
    ...(asked.audience === 'house' ? [{ tlp: incident.marking }] : []),
  ])
  const title = t('lines.say.title')
  const asOf = t('lines.say.as-of', {
    time: formatDateTime(now, viewer.person.zone, asked.language),
    audience: t(`lines.audience.${asked.audience}`),
  })
  return makeSheet({
    title,
    language: asked.language,
    issuer: services.nameOf(services.party, asked.language),
    at: now,
    banner: [
      ...(markings.length > 0 ? [markingText(narrowest(markings))] : []),
      ...(shown.some(({ incident }) => incident.drill) ? [t('lines.say.drill')] : []),
    ],
    foot: `${title} · ${asOf}`,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'heading', level: 1, text: title },
      { kind: 'paragraph', text: asOf, size: 9.5 },
      ...(shown.length === 0 ? [{ kind: 'paragraph' as const, text: t('lines.say.nothing') }] : []),
      ...shown.flatMap((one, at): Block[] => [
        { kind: 'rule' },
        { kind: 'heading', level: 2, text: headOf(one, asked, at + 1) },
        ...lineKinds.flatMap((kind): Block[] => {
          const said = saidIn(one, kind)
          if (said.length === 0) return []
          return [
            { kind: 'heading', level: 3, text: t(`lines.kind.${kind}`) },
            ...said.flatMap(({ question, words }): Block[] => [
              ...(question === '' ? [] : [{ kind: 'paragraph' as const, text: question, quiet: true }]),
              { kind: 'paragraph', text: words },
            ]),
          ]
        }),
      ]),
    ],
  })
}

/** The same as plain text, to be copied. */
export function sayText(visit: Visit, sayable: readonly Sayable[], asked: SayQuestion): string {
  const { services, viewer } = visit
  const t = createTranslator(asked.language)
  const time = formatDateTime(services.clock.now(), viewer.person.zone, asked.language)
  const shown = sayable.filter(({ lines }) => lines.length > 0)
  const parts = shown.flatMap((one, at) => [
    headOf(one, asked, at + 1),
    ...lineKinds.flatMap((kind) => {
      const said = saidIn(one, kind)
      if (said.length === 0) return []
      return [
        `${t(`lines.kind.${kind}`)}\n${said
          .map(({ question, words }) => (question === '' ? `– ${words}` : `– ${question}\n  ${words}`))
          .join('\n')}`,
      ]
    }),
  ])
  const head = t('lines.say.as-of', { time, audience: t(`lines.audience.${asked.audience}`) })
  return `${[`${t('lines.say.title')}\n${head}`, ...(parts.length > 0 ? parts : [t('lines.say.nothing')])].join('\n\n')}\n`
}
