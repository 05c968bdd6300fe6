import { markingText } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { type Block, makeSheet } from '../../core/sheets/index.ts'
import { formatDateTime, languageName } from '../../text/index.ts'
import type { ShownPlan } from './pages/plan-page.tsx'
import { holderWords, needsWords, targetWords, termWords } from './pages/parts.tsx'
import { clearanceOf } from './plan/clear-text.ts'
import type { ContactReference, PlanContent } from './plan/content.ts'

type Printed = Pick<ShownPlan, 'shown' | 'number' | 'names' | 'clearances'>

/** A plan for a bad day: everything that stands in it, contacts as of today, readable with no line. */
export function planSheet(visit: Visit, printed: Printed): Promise<Uint8Array> {
  const { t, language, services, viewer } = visit
  const { shown, number } = printed
  const { content } = shown
  const now = services.clock.now()
  const state = number === undefined ? t('preparedness.not-in-force') : t('preparedness.version', { number })
  const time = formatDateTime(now, viewer.person.zone, language)
  return makeSheet({
    title: content.name,
    language,
    issuer: services.nameOf(services.party, language),
    at: now,
    banner: [markingText({ tlp: shown.marking })],
    foot: `${content.name} · ${state} · ${t('preparedness.sheet.printed', { time })}`,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'paragraph', text: `${t('preparedness.plan')} · ${state}`, size: 9.5 },
      { kind: 'heading', level: 1, text: content.name },
      ...(content.purpose === '' ? [] : [{ kind: 'paragraph' as const, text: content.purpose }]),
      { kind: 'rule' },
      ...steps(visit, printed),
      ...contacts(visit, printed),
      ...annexes(visit, content),
      ...servicesToRecover(visit, printed),
      ...texts(visit, printed),
    ],
  })
}

const heading = (text: string): Block => ({ kind: 'heading', level: 2, text })

const annexWords = ({ services, language }: Visit, { annexes: all }: PlanContent, annex: string): string => {
  const of = all.find(({ id }) => id === annex)
  return of ? ` (${services.nameOf(of.party, language)})` : ''
}

function steps(visit: Visit, { shown: { content }, names }: Printed): Block[] {
  const { t } = visit
  return [
    heading(t('preparedness.part.steps')),
    {
      kind: 'table',
      head: [
        t('preparedness.sheet.done'),
        t('preparedness.sheet.step'),
        t('preparedness.sheet.who'),
        t('preparedness.sheet.term'),
      ],
      shares: [0.7, 3.4, 2, 1.9],
      rows: content.steps.map((step, at) => {
        const role = content.roles.find(({ id }) => id === step.role)
        const who = role
          ? [role.title, holderWords(visit, names, role.who), role.deputy && holderWords(visit, names, role.deputy)]
          : []
        return [
          `${at + 1}.`,
          [`${step.title}${annexWords(visit, content, step.annex)}`, step.words].filter(Boolean).join(': '),
          who.filter(Boolean).join(' / '),
          termWords(visit, step, content),
        ]
      }),
    },
  ]
}

function contacts(visit: Visit, { shown: { content }, names }: Printed): Block[] {
  const { t, services, language } = visit
  if (content.contacts.length === 0) return []
  const words = (reference: ContactReference): string[] => {
    const found = names.contact(reference)
    const { post, name, telephone, emergency, email } = found?.text ?? {}
    return [
      services.nameOf(reference.party, language) + annexWords(visit, content, reference.annex),
      found
        ? [t(`directory.kind.${found.kind}`), post, name].filter(Boolean).join(' · ')
        : t('preparedness.gone-contact'),
      [telephone, emergency, email].filter(Boolean).join(' · '),
      reference.why,
    ]
  }
  return [
    heading(t('preparedness.part.contacts')),
    {
      kind: 'table',
      head: [
        t('preparedness.field.party'),
        t('preparedness.field.contact'),
        t('preparedness.sheet.reach'),
        t('preparedness.field.why'),
      ],
      rows: content.contacts.map(words),
    },
  ]
}

function annexes({ t, services, language }: Visit, content: PlanContent): Block[] {
  if (content.annexes.length === 0) return []
  return [
    heading(t('preparedness.part.annexes')),
    ...content.annexes.flatMap(({ party, agreed }): Block[] => [
      { kind: 'heading', level: 3, text: services.nameOf(party, language) },
      { kind: 'paragraph', text: agreed },
    ]),
  ]
}

function servicesToRecover(visit: Visit, { shown: { content }, names }: Printed): Block[] {
  const { t } = visit
  if (content.services.length === 0) return []
  return [
    heading(t('preparedness.part.services')),
    {
      kind: 'table',
      head: [
        t('preparedness.item.services'),
        t('preparedness.field.owner'),
        t('preparedness.field.needs'),
        t('preparedness.target'),
      ],
      rows: content.services.map((one) => [
        one.name,
        holderWords(visit, names, one.owner),
        needsWords(visit, one, content.services),
        targetWords(visit, one),
      ]),
    },
  ]
}

function texts(visit: Visit, { shown: { content }, clearances, names }: Printed): Block[] {
  const { t } = visit
  if (content.texts.length === 0) return []
  return [
    { kind: 'page' },
    heading(t('preparedness.part.texts')),
    ...content.texts.flatMap((text): Block[] => {
      const cleared = clearanceOf(clearances, text)
      const state = cleared
        ? t('preparedness.sheet.cleared', { by: names.person(cleared.by), until: text.validUntil })
        : t('preparedness.sheet.not-cleared')
      return [
        { kind: 'heading', level: 3, text: text.title, language: text.language },
        {
          kind: 'paragraph',
          text: `${languageName(text.language)}${annexWords(visit, content, text.annex)} · ${state}`,
          size: 9.5,
        },
        ...text.words
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line): Block => ({ kind: 'paragraph', text: line, language: text.language })),
      ]
    }),
  ]
}
