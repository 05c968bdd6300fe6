import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  getOpenIncident,
  type Incident,
  listLinkedSpaces,
  lockIncident,
  type NewEntry,
  publishChange,
  writeEntry,
} from '../../incidents/index.ts'
import { getPlan, type Writing } from '../plan/read-plans.ts'
import { mayBegin } from '../plan/trigger.ts'
import { getRun, type Run } from './read-runs.ts'
import '../tables.ts'

/**
 * Starts a run of exactly this version for an incident. Returns its id, or that of the run which somebody started
 * first: a plan runs once in an incident.
 *
 * @throws Refusal `preparedness.newer-version`, `preparedness.marking-above-incident`
 */
export async function startRun(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  start: { id: string; plan: string; version: number; annexes: readonly string[] },
): Promise<string> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const { id: plan, inForce } = await getPlan(services, viewer, start.plan)
  if (inForce?.number !== start.version || !inForce.content.isInUse)
    throw new Refusal('preparedness.newer-version', { field: 'plan' })
  return begin(services, viewer, incident, {
    ...{ id: start.id, plan, annexes: start.annexes, writing: inForce, version: start.version, reason: '' },
    entry: { kind: 'plan-started', facts: { name: inForce.content.name, version: start.version } },
  })
}

/**
 * Starts a plan of which no version is in force, as it was written and seen: in an emergency, with a reason. The run says
 * that nobody approved it until somebody does.
 *
 * @throws Refusal `preparedness.approved-meanwhile`, `preparedness.changed-meanwhile`, `preparedness.no-steps`
 */
export async function startUnapproved(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  start: { id: string; plan: string; seen: string; annexes: readonly string[]; reason: string },
): Promise<string> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const { id: plan, inForce, latest: writing } = await getPlan(services, viewer, start.plan)
  if (inForce) throw new Refusal('preparedness.approved-meanwhile', { field: 'plan' })
  if (writing.id !== start.seen) throw new Refusal('preparedness.changed-meanwhile', { field: 'plan' })
  if (!mayBegin(writing.content)) throw new Refusal('preparedness.no-steps', { field: 'plan' })
  return begin(services, viewer, incident, {
    ...{ id: start.id, plan, annexes: start.annexes, writing, version: null, reason: start.reason },
    entry: { kind: 'plan-started-unapproved', words: start.reason, facts: { name: writing.content.name } },
  })
}

interface Beginning {
  id: string
  plan: string
  annexes: readonly string[]
  writing: Writing
  version: number | null
  reason: string
  entry: Pick<NewEntry, 'kind' | 'words' | 'facts'>
}

async function begin(
  services: Services,
  viewer: Viewer,
  incident: Incident,
  { id, plan, annexes, writing, version, reason, entry }: Beginning,
): Promise<string> {
  requireSeenByAll(incident, writing)
  const known = new Set(writing.content.annexes.map((annex) => annex.id))
  if (annexes.some((annex) => !known.has(annex))) throw new Refusal('preparedness.newer-version', { field: 'plan' })
  const space = await drillSpace(services, viewer, incident)
  const at = space === undefined ? services.clock.now() : await services.ledger.scenarioNow(space)
  const run = await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const before = await tx
      .selectFrom('home.preparedness_run')
      .select('id')
      .where('incident', '=', incident.id)
      .where('plan', '=', plan)
      .executeTakeFirst()
    if (before) return before.id
    await tx
      .insertInto('home.preparedness_run')
      .values({
        ...{ id, incident: incident.id, plan, annexes: [...annexes], clock_space: space ?? null, started_at: at },
        ...{ zone: viewer.person.zone, by_person: viewer.person.id },
      })
      .execute()
    await follow(tx, viewer, { id, run: id, writing: writing.id, version, reason, at })
    await writeEntry(services, viewer, tx, { incident: incident.id, ...entry })
    return id
  })
  publishChange(services, incident.id)
  return run
}

/** Whoever knows of the incident may read the plan that runs in it. */
function requireSeenByAll(incident: Incident, { marking }: Writing): void {
  if (tlpRank(marking) > tlpRank(incident.marking))
    throw new Refusal('preparedness.marking-above-incident', { field: 'plan' })
}

/** The drill space whose clock an exercise runs on; undefined for a real incident, and a drill without a space. */
async function drillSpace(services: Services, viewer: Viewer, incident: Incident): Promise<string | undefined> {
  if (!incident.drill) return undefined
  const spaces = await listLinkedSpaces(services, viewer, incident.id)
  return spaces.find(({ drill }) => drill !== undefined)?.id
}

const follow = (
  tx: Tx,
  viewer: Viewer,
  row: { id: string; run: string; writing: string; version: number | null; reason: string; at: number },
) =>
  tx
    .insertInto('home.preparedness_follows')
    .values({ ...row, by_person: viewer.person.id })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()

/** Moves a run over to the version in force: said with its reason, and what was done stays done. @throws Refusal */
export async function moveRun(
  services: Services,
  viewer: Viewer,
  { incident: incidentId, run: id }: { incident: string; run: string },
  move: { id: string; version: number; reason: string },
): Promise<void> {
  await change(services, viewer, { incident: incidentId, run: id }, async (tx, run, incident) => {
    if (run.version === move.version) return
    if (run.plan.inForce?.number !== move.version) throw new Refusal('preparedness.newer-version')
    requireSeenByAll(incident, run.plan.inForce)
    await follow(tx, viewer, { ...move, run: run.id, writing: run.plan.inForce.id, at: run.now })
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: 'plan-moved',
      words: move.reason,
      facts: { name: run.plan.inForce.content.name, version: move.version },
    })
  })
}

/**
 * Says of a step that it is done, that it goes otherwise, or takes that back. Rows are added, never changed.
 *
 * @throws Refusal `preparedness.step-taken` where a colleague was quicker, `preparedness.step-open`
 */
export async function markStep(
  services: Services,
  viewer: Viewer,
  at: { incident: string; run: string },
  mark: { id: string; step: string; state: 'done' | 'otherwise' | 'open'; words: string },
): Promise<void> {
  await change(services, viewer, at, async (tx, run, incident) => {
    if (await isWritten(tx, 'home.preparedness_mark', mark.id)) return
    const standing = run.steps.find(({ step }) => step.id === mark.step)
    if (!standing) throw new Refusal('preparedness.step-not-found')
    if (mark.state !== 'done' && mark.words === '') throw new Refusal('preparedness.reason-missing', { field: 'words' })
    if (mark.state === 'open' && standing.state === 'open') throw new Refusal('preparedness.step-open')
    if (mark.state !== 'open' && standing.mark) {
      const name = (await services.people.find(standing.mark.by))?.name ?? standing.mark.by
      throw new Refusal('preparedness.step-taken', { name })
    }
    await tx
      .insertInto('home.preparedness_mark')
      .values({ ...mark, run: run.id, by_person: viewer.person.id, at: run.now })
      .execute()
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: `plan-step-${mark.state}`,
      words: mark.words,
      facts: { name: standing.step.title },
    })
  })
}

/**
 * Says of services of a run what became of them in the recovery plan of its incident: as the plan says, or otherwise
 * with the reason. Within the transaction of the room that keeps that plan; its `db` is that transaction.
 */
export async function markServices(
  { db }: { db: Tx },
  viewer: Viewer,
  run: Run,
  marks: readonly { service: string; state: 'done' | 'otherwise'; words: string }[],
): Promise<void> {
  if (marks.length === 0) return
  await db
    .insertInto('home.preparedness_mark')
    .values(
      marks.map(({ service: step, ...mark }) => ({
        ...{ id: newId(), run: run.id, step, ...mark },
        ...{ by_person: viewer.person.id, at: run.now },
      })),
    )
    .execute()
}

/** Gives a role of a run to somebody of the house. @throws Refusal `preparedness.role-not-found` */
export async function assignRole(
  services: Services,
  viewer: Viewer,
  at: { incident: string; run: string },
  given: { id: string; role: string; who: string },
): Promise<void> {
  await change(services, viewer, at, async (tx, run) => {
    if (!run.roles.some(({ id }) => id === given.role)) throw new Refusal('preparedness.role-not-found')
    await tx
      .insertInto('home.preparedness_assignment')
      .values({ ...given, run: run.id, by_person: viewer.person.id, at: run.now })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
  })
}

/** One change of an incident's runs at a time, on the run as it stands under the lock. */
async function change(
  services: Services,
  viewer: Viewer,
  at: { incident: string; run: string },
  write: (tx: Tx, run: Run, incident: Incident) => Promise<void>,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, at.incident)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    await write(tx, await getRun({ ...services, db: tx }, viewer, incident.id, at.run), incident)
  })
  publishChange(services, incident.id)
}

const isWritten = async (tx: Tx, table: 'home.preparedness_mark', id: string): Promise<boolean> =>
  (await tx.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()) !== undefined
