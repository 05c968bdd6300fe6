import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Tlp } from '../../protocol/types.ts'
import { createTranslator } from '../../text/index.ts'
import { getIncident } from '../incidents/index.ts'
import { requireNoQuoteAtHome } from '../originator/index.ts'
import { isNarrower, type Item, type ItemRef, mayDraw, placeWords, readItems } from './items.ts'
import { mostParts, type PartDecision, type TaskKind } from './kinds.ts'
import { quotedItem } from './quoted-item.ts'
import { getTask, type Task } from './read-tasks.ts'
import type { About, StepFacts, StepKind } from './tables.ts'
import { readTerms } from './terms.ts'
import './tables.ts'

export interface NewTask {
  id: string
  kind: TaskKind
  title: string
  asked: string
  marking: Tlp
  about: About
  receivedOn: string
  zone: string
  term?: string
  dueOn?: string
  applicant?: { name: string; contact: string }
}

/** Keeps a task as it came in; the same id twice is one task. */
export async function openTask(services: Services, viewer: Viewer, task: NewTask): Promise<void> {
  const { content } = readTerms(services)
  if (task.term !== undefined && !content.terms.some(({ id, kind }) => id === task.term && kind === task.kind))
    throw InvalidInput.at('term', 'home-tasks.invalid.term')
  if ((task.term === undefined) === (task.dueOn === undefined))
    throw InvalidInput.at('dueOn', 'home-tasks.invalid.one-end')
  if (tlpRank(task.marking) > tlpRank(viewer.ceiling))
    throw new Refusal('home-tasks.above-reader', { field: 'marking' })
  await services.db.transaction().execute(async (tx) => {
    const signed = signedBy(services, viewer)
    const kept = await tx
      .insertInto('home.home_tasks_task')
      .values({
        ...{ id: task.id, kind: task.kind, title: task.title, asked: task.asked, marking: task.marking, ...signed },
        ...{ about: JSON.stringify(task.about), received_on: task.receivedOn, zone: task.zone },
        ...{ term: task.term ?? null, due_on: task.dueOn ?? null, office: viewer.office.id },
      })
      .onConflict((there) => there.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (kept && task.applicant)
      await tx
        .insertInto('home.home_tasks_applicant')
        .values({ id: task.id, task: task.id, ...task.applicant, ...signed })
        .execute()
  })
  services.live.publish('home-tasks')
}

/** Names who drafts it. */
export async function assignTask(services: Services, viewer: Viewer, id: string, said: { id: string; person: string }) {
  const found = await services.people.find(said.person)
  if (!found) throw InvalidInput.at('person', 'home-tasks.invalid.person')
  await changing(services, viewer, id, (tx, task) =>
    task.assigned === said.person
      ? Promise.resolve()
      : addStep(services, viewer, tx, { id: said.id, task: id, kind: 'assigned', facts: { person: said.person } }),
  )
}

/**
 * Puts words in the place of those that stand in a language; every clearance falls with them.
 *
 * @throws Refusal `home-tasks.quotes-narrower`, `home-tasks.changed-meanwhile`, `originator-quoted-at-home`
 */
export async function writeText(
  services: Services,
  viewer: Viewer,
  task: string,
  said: { id: string; language: string; words: string; seen: string },
): Promise<void> {
  await requireNoQuoteAtHome(services, viewer, { field: 'words', words: paragraphs(said.words) })
  await changing(services, viewer, task, async (tx, there) => {
    await requireAtMarking(services, viewer, there, said.words)
    const standing = there.texts.find(({ language }) => language === said.language)
    if (standing?.id === said.id) return
    if ((standing?.id ?? '') !== said.seen) throw new Refusal('home-tasks.changed-meanwhile')
    if (standing?.words === said.words) return
    const { id, language, words } = said
    await tx
      .insertInto('home.home_tasks_text')
      .values({ id, task, language, words, ...signedBy(services, viewer) })
      .execute()
  })
}

export const paragraphs = (words: string): string[] => words.split(/\n\s*\n/).map((one) => one.trim())

/**
 * Refuses words that say what is marked narrower than the task, or may not be said before those it goes to, and names
 * where both stand. What this person may not know of is not compared, and not told of.
 */
export async function requireAtMarking(services: Services, viewer: Viewer, task: Task, words: string): Promise<void> {
  const incidents = task.links.map(({ incident }) => incident)
  const { all } = await readItems(services, viewer, { incidents, kind: task.kind })
  const kept = all.filter((item) => !mayDraw(services, viewer, item, task.marking))
  const open = all.filter((item) => mayDraw(services, viewer, item, task.marking)).map((item) => item.words)
  const quoted = quotedItem(paragraphs(words), kept, open)
  if (!quoted) return
  throw new Refusal('home-tasks.quotes-narrower', {
    field: 'words',
    paragraph: quoted.paragraph,
    ...refusedBecause(viewer, task, quoted.item),
  })
}

function refusedBecause(viewer: Viewer, task: Task, item: Item): Record<string, string> {
  const codeName = task.links.find(({ incident }) => incident === item.incident)?.of.codeName ?? ''
  return {
    place: placeWords({ t: createTranslator(viewer.person.language) }, codeName, item),
    // A selector of ICU messages holds no hyphen.
    why: isNarrower(item, task.marking) ? 'narrower' : (item.kept ?? 'narrower').replaceAll('-', '_'),
    marking: item.marking,
    most: task.marking,
  }
}

/** Ties a task to an incident, or unties it; only who knows of the incident can, and only they see it. */
export async function linkIncident(
  services: Services,
  viewer: Viewer,
  task: string,
  { id, incident, linked }: { id: string; incident: string; linked: boolean },
): Promise<void> {
  await getIncident(services, viewer, incident)
  await changing(services, viewer, task, async (tx, there) => {
    if (there.links.some((one) => one.incident === incident) === linked) return
    if (!linked && there.drawn.some((one) => one.incident === incident)) throw new Refusal('home-tasks.still-drawn')
    await tx
      .insertInto('home.home_tasks_link')
      .values({ id, task, incident, linked, ...signedBy(services, viewer) })
      .execute()
  })
}

/**
 * Draws items of linked incidents into a task, as they stand now.
 *
 * @throws Refusal `home-tasks.too-narrow` naming where the first one stands; `home-tasks.item-not-found` for all that
 *   this person cannot find, whatever the reason
 */
export async function drawItems(
  services: Services,
  viewer: Viewer,
  task: string,
  { id, items }: { id: string; items: readonly ItemRef[] },
): Promise<void> {
  await changing(services, viewer, task, async (tx, there) => {
    const linked = there.links.map(({ incident }) => incident)
    const known = await readItems(services, viewer, { incidents: linked, kind: there.kind })
    const found = items.map((ref) => known.find(ref))
    for (const item of found) {
      if (!item) throw new Refusal('home-tasks.item-not-found', { field: 'items' })
      if (!mayDraw(services, viewer, item, there.marking))
        throw new Refusal('home-tasks.too-narrow', { field: 'items', ...refusedBecause(viewer, there, item) })
    }
    const already = (item: Item) =>
      there.drawn.some((one) => one.kind === item.kind && one.id === item.id && one.stamp === item.stamp)
    for (const [at, item] of found.filter((one) => one !== undefined).entries())
      if (!already(item))
        await addDrawn(services, viewer, tx, { id: `${id}-${at + 1}`, task, item, drawn: true, why: '' })
  })
}

/** Takes an item out of what a task was drawn from. */
export async function dropItem(
  services: Services,
  viewer: Viewer,
  task: string,
  { id, row }: { id: string; row: string },
): Promise<void> {
  await changing(services, viewer, task, async (tx, there) => {
    const one = there.drawn.find((drawn) => drawn.row === row)
    if (one) await addDrawn(services, viewer, tx, { id, task, item: one, drawn: false, why: '' })
  })
}

/**
 * A person says that the words stand although an item is another by now, and why; they rest on what it says now.
 *
 * @throws Refusal `home-tasks.too-narrow` where it is marked narrower by now or may not be said any more
 */
export async function confirmItem(
  services: Services,
  viewer: Viewer,
  task: string,
  said: { id: string; row: string; seen: string; why: string },
): Promise<void> {
  await changing(services, viewer, task, async (tx, there) => {
    const one = there.drawn.find(({ row }) => row === said.row)
    if (!one?.isFlagged) return
    if (!one.now || one.now.stamp !== said.seen) throw new Refusal('home-tasks.changed-meanwhile')
    if (!mayDraw(services, viewer, one.now, there.marking))
      throw new Refusal('home-tasks.too-narrow', refusedBecause(viewer, there, one.now))
    const { id, why } = said
    await addDrawn(services, viewer, tx, { id, task, item: { ...one.now, id: one.id }, drawn: true, why })
  })
}

async function addDrawn(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  {
    id,
    task,
    item,
    drawn,
    why,
  }: {
    id: string
    task: string
    item: ItemRef & Pick<Item, 'stamp' | 'words' | 'marking'>
    drawn: boolean
    why: string
  },
): Promise<void> {
  const { incident, kind, stamp, words, marking } = item
  await tx
    .insertInto('home.home_tasks_drawn')
    .values({
      ...{ id, task, incident, kind, item: item.id, stamp, words, marking, drawn, why },
      ...signedBy(services, viewer),
    })
    .onConflict((there) => there.column('id').doNothing())
    .execute()
}

/** Decides on one part of what was asked for: all of it goes, some, or nothing, on a ground. */
export async function decidePart(
  services: Services,
  viewer: Viewer,
  task: string,
  said: {
    id: string
    part?: string
    title: string
    decision: PartDecision
    ground: string
    why: string
    words: string
  },
): Promise<void> {
  if (said.decision !== 'released' && said.ground === '') throw InvalidInput.at('ground', 'home-tasks.invalid.ground')
  if (said.decision !== 'withheld' && said.words === '')
    throw InvalidInput.at('partWords', 'home-tasks.invalid.released')
  if (said.decision === 'withheld' && said.words !== '')
    throw InvalidInput.at('partWords', 'home-tasks.invalid.withheld')
  await requireNoQuoteAtHome(services, viewer, { field: 'partWords', words: paragraphs(said.words) })
  await changing(services, viewer, task, async (tx, there) => {
    if (there.kind !== 'access') throw new Refusal('home-tasks.not-found')
    if (there.parts.some(({ id }) => id === said.id)) return
    const { id, title, decision, why, words } = said
    const part = said.part ?? id
    if (said.part !== undefined && !there.parts.some((one) => one.part === part))
      throw new Refusal('home-tasks.item-not-found')
    if (there.parts.length >= mostParts) throw new Refusal('home-tasks.too-many-parts', { most: mostParts })
    await requireAtMarking(services, viewer, there, words)
    const ground = decision === 'released' ? '' : said.ground
    await tx
      .insertInto('home.home_tasks_part')
      .values({ id, task, part, title, decision, ground, why, words, ...signedBy(services, viewer) })
      .execute()
  })
}

export const signedBy = ({ clock }: Pick<Services, 'clock'>, { person }: Viewer) => ({
  by_person: person.id,
  at: clock.now(),
})

export async function addStep(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { id, task, kind, facts }: { id: string; task: string; kind: StepKind; facts: StepFacts },
): Promise<void> {
  await tx
    .insertInto('home.home_tasks_step')
    .values({ id, task, kind, facts: JSON.stringify(facts), ...signedBy(services, viewer) })
    .onConflict((there) => there.column('id').doNothing())
    .execute()
}

/** Changes an open task, one person after the other. @throws Refusal `home-tasks.over` */
export async function changing(
  services: Services,
  viewer: Viewer,
  id: string,
  change: (tx: Tx, task: Task) => Promise<void>,
): Promise<void> {
  // Sight first: who may not read it learns nothing, not even by waiting for a lock.
  await getTask(services, viewer, id)
  await services.db.transaction().execute(async (tx) => {
    await tx.selectFrom('home.home_tasks_task').select('id').where('id', '=', id).forUpdate().execute()
    const task = await getTask({ ...services, db: tx }, viewer, id)
    if (task.state !== 'open') throw new Refusal('home-tasks.over')
    await change(tx, task)
  })
  services.live.publish(`home-task:${id}`)
}
