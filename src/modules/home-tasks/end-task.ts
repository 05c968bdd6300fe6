import { createHash } from 'node:crypto'
import { clockState } from '../../core/clocks/index.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { requireNoQuoteAtHome } from '../originator/index.ts'
import type { Stage } from './kinds.ts'
import { powerOf } from './kinds.ts'
import type { Task } from './read-tasks.ts'
import type { FrozenText, StepFacts } from './tables.ts'
import { momentOf } from './task-clock.ts'
import { readTerms } from './terms.ts'
import { addStep, changing, paragraphs, requireAtMarking } from './write-task.ts'

/** Whoever wrote something that stands in it. */
export const handsIn = (task: Task): Set<string> =>
  new Set([...task.texts, ...task.parts, ...task.drawn].map(({ by }) => by))

/** Why this person may not clear the next stage; undefined where they may. */
export function barTo(
  viewer: Viewer,
  task: Task,
): 'not-yours' | 'own-words' | 'twice' | 'empty' | 'flagged' | undefined {
  const { nextStage } = task
  if (task.state !== 'open' || nextStage === undefined || !viewer.may(powerOf[nextStage])) return 'not-yours'
  if (task.texts.length === 0) return 'empty'
  if (handsIn(task).has(viewer.person.id)) return 'own-words'
  if (task.cleared.some(({ by }) => by === viewer.person.id)) return 'twice'
  return task.drawn.some(({ isFlagged }) => isFlagged) ? 'flagged' : undefined
}

/**
 * The next stage clears what stood before the person. Every stage is another one, and none wrote in it.
 *
 * @throws Refusal `home-tasks.changed-meanwhile`, `home-tasks.bar.…`
 */
export async function clearStage(
  services: Services,
  viewer: Viewer,
  id: string,
  said: { id: string; stage: Stage; seen: string },
): Promise<void> {
  await changing(services, viewer, id, async (tx, task) => {
    if (task.as !== said.seen) throw new Refusal('home-tasks.changed-meanwhile')
    const { person } = viewer
    if (task.cleared.some(({ stage, by }) => stage === said.stage && by === person.id)) return
    if (task.nextStage !== said.stage) throw new Refusal('home-tasks.not-your-turn')
    const bar = barTo(viewer, task)
    if (bar) throw new Refusal(`home-tasks.bar.${bar}`)
    await requireStillSayable(services, viewer, task)
    const facts = { stage: said.stage, as: task.as }
    await addStep(services, viewer, tx, { id: said.id, task: id, kind: 'cleared', facts })
  })
}

/** Sends it back to whoever drafts it, with the reason; what was cleared before is not any more. */
export async function sendBack(
  services: Services,
  viewer: Viewer,
  id: string,
  said: { id: string; seen: string; reason: string },
): Promise<void> {
  await changing(services, viewer, id, async (tx, task) => {
    if (task.steps.some((one) => one.id === said.id)) return
    if (task.as !== said.seen) throw new Refusal('home-tasks.changed-meanwhile')
    const stage = task.nextStage ?? task.stages.at(-1)
    if (stage === undefined || !viewer.may(powerOf[stage])) throw new Refusal('home-tasks.bar.not-yours')
    const facts = { stage, as: task.as, reason: said.reason }
    await addStep(services, viewer, tx, { id: said.id, task: id, kind: 'sent-back', facts })
  })
}

/**
 * Moves the end of a task on, once, before it is reached: by the extension of its rule, or to another named day.
 *
 * @throws Refusal `home-tasks.extended-already`, `home-tasks.no-extension`, `home-tasks.too-late`
 */
export async function extendTask(
  services: Services,
  viewer: Viewer,
  id: string,
  said: { id: string; reason: string; dueOn?: string },
): Promise<void> {
  await changing(services, viewer, id, async (tx, task) => {
    const before = task.steps.find(({ kind }) => kind === 'extended')
    if (before?.id === said.id) return
    if (before) throw new Refusal('home-tasks.extended-already')
    const term = readTerms(services).content.terms.find((one) => one.id === task.term)
    if (task.term !== undefined && !term?.extension) throw new Refusal('home-tasks.no-extension')
    if (task.clock && clockState(task.clock, services.clock.now()) === 'overdue')
      throw new Refusal('home-tasks.too-late')
    const facts: StepFacts = { reason: said.reason }
    if (task.term === undefined) {
      if (said.dueOn === undefined) throw InvalidInput.at('dueOn', 'home-tasks.invalid.new-end')
      if (momentOf(said.dueOn, task.zone) <= (task.clock?.dueAt ?? 0))
        throw InvalidInput.at('dueOn', 'home-tasks.invalid.later')
      facts.dueOn = said.dueOn
    }
    await addStep(services, viewer, tx, { id: said.id, task: id, kind: 'extended', facts })
  })
}

/** It goes to another house or office, or whoever asked takes it back. */
export async function closeTask(
  services: Services,
  viewer: Viewer,
  id: string,
  said: { id: string; kind: 'transferred' | 'withdrawn'; on: string; reason: string; to?: string },
): Promise<void> {
  const { on, reason, to } = said
  if (said.kind === 'transferred' && !to) throw InvalidInput.at('to', 'home-tasks.invalid.to')
  requireNotAhead(services, on)
  await changing(services, viewer, id, (tx) =>
    addStep(services, viewer, tx, { id: said.id, task: id, kind: said.kind, facts: { on, reason, ...(to && { to }) } }),
  )
}

/**
 * Records that the answer went out: its text is frozen with its hash, and nothing is changed any more. Only what every
 * stage cleared can go.
 *
 * @throws Refusal `home-tasks.not-cleared`, `home-tasks.changed-meanwhile`
 */
export async function answerTask(
  services: Services,
  viewer: Viewer,
  id: string,
  said: { id: string; seen: string; on: string; to: string },
): Promise<void> {
  requireNotAhead(services, said.on)
  await changing(services, viewer, id, async (tx, task) => {
    if (task.as !== said.seen) throw new Refusal('home-tasks.changed-meanwhile')
    if (task.nextStage !== undefined || task.texts.length === 0) throw new Refusal('home-tasks.not-cleared')
    if (task.drawn.some(({ isFlagged }) => isFlagged)) throw new Refusal('home-tasks.bar.flagged')
    if (task.kind === 'access' && task.parts.length === 0) throw new Refusal('home-tasks.no-parts')
    await requireStillSayable(services, viewer, task)
    const texts = task.texts.map(({ language, words }) => ({ language, words }))
    const parts = task.parts.map(({ title, decision, ground, words }) => ({ title, decision, ground, words }))
    const facts = { on: said.on, to: said.to, texts, parts, hash: frozenHash(texts, parts) }
    await addStep(services, viewer, tx, { id: said.id, task: id, kind: 'answered', facts })
  })
}

/** SHA-256 of what went out, lower-case hex, over its JSON as the page for it gives it. */
export function frozenHash(texts: readonly FrozenText[], parts: StepFacts['parts'] = []): string {
  const plain = {
    texts: texts.map(({ language, words }) => ({ language, words })),
    parts: parts.map(({ title, decision, ground, words }) => ({ title, decision, ground, words })),
  }
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex')
}

/** A consent can be withdrawn and a marking narrowed after the words were written. */
async function requireStillSayable(services: Services, viewer: Viewer, task: Task): Promise<void> {
  const said = [...task.texts, ...task.parts].map(({ words }) => words)
  await requireNoQuoteAtHome(services, viewer, { field: 'words', words: said.flatMap(paragraphs) })
  for (const words of said) await requireAtMarking(services, viewer, task, words)
}

function requireNotAhead({ clock }: Pick<Services, 'clock'>, on: string): void {
  // A day is over last in the zone that is furthest behind; nobody is refused for theirs.
  const latest = new Date(clock.now() + 14 * 3_600_000).toISOString().slice(0, 10)
  if (on > latest) throw InvalidInput.at('on', 'home-tasks.invalid.ahead')
}
