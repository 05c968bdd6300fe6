import { actsOnlyFor, audit, needsSecondPerson } from '../auth/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Draft, Json, ReleaseWords, Services, Viewer } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'
import { checkLeaving } from './check-leaving.ts'
import type { DraftServices } from './context.ts'
import { attachmentFacts, currentApproval, type DraftRow, definitionOf, lockDraft, readDraft } from './draft-row.ts'
import { footingOf, requireFooting } from './footing.ts'
import { type Place, placeOf } from './place.ts'

/**
 * Hands a draft on: to a second person, or into its hold where one person is enough.
 * A second click changes nothing.
 *
 * @throws Refusal `draft.approval-differs` when it is not what the person saw, `draft.not-drafting`, `not-permitted`.
 */
export async function submitDraft(
  services: DraftServices,
  viewer: Viewer,
  id: string,
  approval: string,
  said: ReleaseWords = {},
): Promise<Draft> {
  const place = await placeOf(services, id)
  const standing = await standingOf(services, viewer, id)
  if (standing.maySendAlone) await requireWitnessed(services, id, said)
  const facts = standing.maySendAlone ? await checkLeaving(services, id, { stage: 'release', by: viewer }) : {}
  return services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    if (isHandedOn(row) && row.approval === approval && row.hands.includes(viewer.person.id)) return readDraft(tx, row)
    if (row.state !== 'drafting') throw new Refusal('draft.not-drafting')
    await requireApproved(tx, row, approval, place)
    if (standing.maySendAlone) return hold(services, tx, { row, viewer, place, facts })
    if (!viewer.may(`${row.type}:draft`, row.office)) throw new Refusal('not-permitted')
    return awaitRelease(services, tx, { row, viewer, place, releasers: standing.releasers })
  })
}

/**
 * The second person's yes, which starts the hold. A second click changes nothing.
 *
 * @throws Refusal `draft.own` for everybody who wrote in it, `draft.approval-differs`, `draft.not-waiting`,
 *   `not-permitted`.
 */
export async function releaseDraft(
  services: DraftServices,
  viewer: Viewer,
  id: string,
  approval: string,
  said: ReleaseWords = {},
): Promise<Draft> {
  const place = await placeOf(services, id)
  await requireWitnessed(services, id, said)
  const facts = await checkLeaving(services, id, { stage: 'release', by: viewer })
  return services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    const isSecondClick = row.releaser === viewer.person.id && row.approval === approval
    if (isSecondClick && (row.state === 'held' || row.state === 'sent')) return readDraft(tx, row)
    if (row.state !== 'awaiting-release') throw new Refusal('draft.not-waiting')
    if (!viewer.may(`${row.type}:release`)) throw new Refusal('not-permitted')
    if (row.hands.includes(viewer.person.id)) throw new Refusal('draft.own')
    const lent = requireOtherEyes(row, viewer)
    await requireApproved(tx, row, approval, place)
    return hold(services, tx, { row, viewer, place, facts: { ...facts, ...lent } })
  })
}

/** What an outward draft rests on has come far enough, or the person who gives the last yes goes on without. */
export async function requireWitnessed(
  services: DraftServices,
  id: string,
  { unwitnessed }: ReleaseWords,
): Promise<void> {
  const row = await services.db
    .selectFrom('home.draft')
    .select(['space', 'type', 'body', 'state'])
    .where('id', '=', id)
    .executeTakeFirst()
  // A second click finds it handed on.
  if (row?.state !== 'drafting' && row?.state !== 'awaiting-release') return
  requireFooting(await footingOf(services, row), unwitnessed)
}

function isHandedOn(row: DraftRow): boolean {
  return row.state === 'awaiting-release' || row.state === 'held' || row.state === 'sent'
}

export async function requireApproved(tx: Tx, row: DraftRow, approval: string, { space }: Place): Promise<void> {
  const current = await currentApproval(tx, row, space)
  if (approval !== row.approval || approval !== current) throw new Refusal('draft.approval-differs')
}

/**
 * Whoever may release only because they act for somebody counts as that person for what that person wrote: a draft
 * has two pairs of eyes of its own. Returns under which instrument it is released, for the record.
 */
function requireOtherEyes(row: DraftRow, viewer: Viewer): { releasedUnder?: string } {
  const power = `${row.type}:release` as const
  if (actsOnlyFor(viewer, power, row.hands)) throw new Refusal('draft.own-principal')
  const [lent] = viewer.lentBy?.(power) ?? []
  return lent ? { releasedUnder: lent.instrument } : {}
}

interface Standing {
  maySendAlone: boolean
  /** People who could release it. */
  releasers: string[]
}

async function standingOf(services: DraftServices, viewer: Viewer, id: string): Promise<Standing> {
  const { type, office, body } = await services.db
    .selectFrom('home.draft')
    .select(['type', 'office', 'body'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const { release } = definitionOf(services, type)
  const isForOne = release !== 'two-person' && viewer.may(`${type}:send`, office)
  const maySendAlone =
    isForOne &&
    !(await needsSecondPerson(services, { person: viewer.person.id, office, subject: type })) &&
    (release === 'direct' || !(await waitsForOthers(services, { type, body })))
  return { maySendAlone, releasers: maySendAlone ? [] : await services.people.holding(`${type}:release`) }
}

async function awaitRelease(
  services: DraftServices,
  tx: Tx,
  { row, viewer, place, releasers }: { row: DraftRow; viewer: Viewer; place: Place; releasers: string[] },
): Promise<Draft> {
  const now = services.clock.now()
  const version = await keepVersion(services, tx, row, viewer)
  const updated = await tx
    .updateTable('home.draft')
    .set({ state: 'awaiting-release', returned_why: null, updated_at: now })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  for (const person of releasers.filter((holder) => !row.hands.includes(holder))) {
    await services.notices.send(tx, {
      key: `release:${row.id}:${version}`,
      person,
      message: 'release.notice.waiting',
      link: `/drafts/${row.id}/review`,
      urgency: 'normal',
      drill: place.space.drill?.name,
    })
  }
  await audit(tx, {
    at: now,
    person: viewer.person.id,
    what: 'draft-submitted',
    about: row.id,
    facts: { type: row.type },
  })
  const draft = await readDraft(tx, updated)
  for (const module of services.modules) await module.draftWaits?.(services as Services, tx, draft, version)
  return draft
}

/** Keeps what was approved, and starts the hold. */
export async function hold(
  services: DraftServices,
  tx: Tx,
  {
    row,
    viewer,
    place: { holdUntil, holdEndsAt },
    facts,
  }: { row: DraftRow; viewer: Viewer; place: Place; facts: Record<string, string> },
): Promise<Draft> {
  if (row.state === 'drafting') await keepVersion(services, tx, row, viewer)
  await services.notices.settle(tx, `release:${row.id}`)
  const updated = await tx
    .updateTable('home.draft')
    .set({
      state: 'held',
      releaser: viewer.person.id,
      hold_until: holdUntil,
      returned_why: null,
      updated_at: services.clock.now(),
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  // Without a time the drill's clock stands still; the tick after it moved finds the draft.
  if (holdEndsAt !== undefined) {
    await services.jobs.enqueue(
      tx,
      signDueTask,
      {},
      { key: `${signDueTask}:${row.id}:${holdUntil}`, runAt: holdEndsAt },
    )
  }
  await audit(tx, {
    at: services.clock.now(),
    person: viewer.person.id,
    what: 'draft-released',
    about: row.id,
    facts: { type: row.type, ...facts },
  })
  return readDraft(tx, updated)
}

/** Name of the job that signs what is due. */
export const signDueTask = 'release.sign-due'

async function keepVersion(services: DraftServices, tx: Tx, row: DraftRow, viewer: Viewer): Promise<number> {
  const last = await tx
    .selectFrom('home.draft_version')
    .select((e) => e.fn.max('number').as('number'))
    .where('draft', '=', row.id)
    .executeTakeFirst()
  const number = (last?.number ?? 0) + 1
  await tx
    .insertInto('home.draft_version')
    .values({
      draft: row.id,
      number,
      at: services.clock.now(),
      person: viewer.person.id,
      approval: row.approval,
      body: JSON.stringify(row.body),
      text: row.text === null ? null : JSON.stringify(row.text),
      marking: JSON.stringify(row.marking),
      attachments: JSON.stringify(await attachmentFacts(tx, row.id)),
    })
    .execute()
  return number
}

async function waitsForOthers(services: DraftServices, draft: { type: string; body: Json }): Promise<boolean> {
  for (const module of services.modules) if (await module.waitsForOthers?.(services as Services, draft)) return true
  return false
}
