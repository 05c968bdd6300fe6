import { markingText } from '../../core/markings/index.ts'
import { named } from '../../core/dated-data/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { type Block, makeSheet } from '../../core/sheets/index.ts'
import { formatDate, formatDateTime, languageName } from '../../text/index.ts'
import { readAccessGrounds } from '../channels/index.ts'
import type { Task } from './read-tasks.ts'

/**
 * A task on paper: what was asked, the words that stand or went out, and how far it was cleared. Of incidents, of what
 * it was drawn from and of who asked for access nothing stands on it.
 */
export function taskSheet(visit: Visit, task: Task, nameOf: (person: string) => string): Promise<Uint8Array> {
  const { t, language, services, viewer } = visit
  const now = services.clock.now()
  const answered = task.steps.find(({ kind }) => kind === 'answered')
  const time = formatDateTime(now, viewer.person.zone, language)
  const heading = (text: string): Block => ({ kind: 'heading', level: 2, text })
  const cleared = task.cleared.map(({ stage, by, at }) =>
    t('home-tasks.cleared-by', {
      stage: t(`home-tasks.stage.${stage}`),
      name: nameOf(by),
      time: formatDateTime(at, viewer.person.zone, language),
    }),
  )
  const texts = answered?.facts.texts ?? task.texts
  return makeSheet({
    title: `${task.reference} · ${task.title}`,
    language,
    issuer: services.nameOf(services.party, language),
    at: now,
    banner: [markingText({ tlp: task.marking }), ...(answered ? [] : [t('home-tasks.sheet.draft')])],
    foot: `${task.reference} · ${t('home-tasks.sheet.printed', { time })}`,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'paragraph', text: `${t(`home-tasks.kind.${task.kind}`)} · ${task.reference}`, size: 9.5 },
      { kind: 'heading', level: 1, text: task.title },
      ...factLines(visit, task).map(
        ([name, value]): Block => ({ kind: 'paragraph', text: `${name}: ${value}`, size: 9.5 }),
      ),
      heading(t(`home-tasks.asked.${task.kind}`)),
      { kind: 'paragraph', text: task.asked, auto: true },
      { kind: 'rule' },
      ...texts.flatMap(({ language: own, words }): Block[] => [
        heading(`${t('home-tasks.text.title')} · ${languageName(own)}`),
        ...words.split(/\n\s*\n/).map((text): Block => ({ kind: 'paragraph', text, auto: true, language: own })),
      ]),
      ...partBlocks(visit, task),
      { kind: 'rule' },
      ...(cleared.length > 0 && !answered ? [{ kind: 'list' as const, items: cleared }] : []),
      ...(answered
        ? [
            {
              kind: 'paragraph' as const,
              text: t('home-tasks.step.answered', {
                on: formatDate(Date.parse(answered.facts.on ?? ''), 'UTC', language),
                to: answered.facts.to ?? '',
              }),
            },
            { kind: 'paragraph' as const, text: `SHA-256 ${answered.facts.hash}`, mono: true, size: 7.5 },
          ]
        : []),
    ],
  })
}

function partBlocks({ t, services, language }: Visit, { parts }: Task): Block[] {
  if (parts.length === 0) return []
  const grounds = readAccessGrounds(services).content.grounds
  const groundName = (id: string) => {
    const found = grounds.find((one) => one.id === id)
    return found ? named(found.names, language) : id
  }
  return [
    { kind: 'heading', level: 2, text: t('home-tasks.parts.title') },
    ...parts.flatMap(({ title, decision, ground, words }): Block[] => [
      { kind: 'heading', level: 3, text: title },
      {
        kind: 'paragraph',
        quiet: true,
        text: [t(`home-tasks.decision.${decision}`), ...(ground === '' ? [] : [groundName(ground)])].join(' · '),
      },
      ...(words === '' ? [] : [{ kind: 'paragraph' as const, text: words, auto: true }]),
    ]),
  ]
}

/** What is said of a task in single lines, for its page and its sheet. */
export function factLines({ t, language }: Visit, task: Task): [name: string, value: string][] {
  const { about } = task
  const shown = ['chamber', 'number', 'member', 'basis', 'theirReference', 'occasion', 'minister', 'place']
  return [
    ...(about.form === undefined
      ? []
      : [[t('home-tasks.field.form'), t(`home-tasks.form.${about.form}`)] as [string, string]]),
    ...shown.flatMap((name): [string, string][] => (about[name] ? [[t(`home-tasks.field.${name}`), about[name]]] : [])),
    [t(`home-tasks.field.received.${task.kind}`), formatDate(Date.parse(task.receivedOn), 'UTC', language)],
  ]
}
