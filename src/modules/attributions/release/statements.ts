import { createHash } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { mayLeave, tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import {
  getIncident,
  getOpenIncident,
  type Incident,
  lockIncident,
  publishChange,
  changedSince,
  isLost,
  readEvidenceStates,
  writeEntry,
} from '../../incidents/index.ts'
import { requireNoQuoteAtHome } from '../../originator/index.ts'
import { type Decision, readDecisions } from '../decide/decisions.ts'
import type { RestedItem } from '../tables.ts'
import { type Level, levels } from '../vocabulary.ts'
import '../tables.ts'

export type StatementState = 'proposed' | 'released' | 'returned' | 'withdrawn'

/** What is said of a decision at one level: exact words and items, proposed by one person and released by another. */
export interface Statement {
  id: string
  incident: string
  decision: string
  level: Level
  /** `ATT 2026/3`, of what is public: a number of the house tells of nothing that only some may know. */
  reference?: string
  tlp: Tlp
  language: string
  subject: string
  text: string
  evidence: RestedItem[]
  leftOut: number
  hash: string
  corrects?: string
  state: StatementState
  proposedBy: string
  proposedAt: number
  releasedBy?: string
  releasedAt?: number
  ended?: { by: string; at: number; why: string }
}

type Row = Selectable<Tables['home.attributions_statement']>
const rowsOf = (db: Reader, incident: string) =>
  db
    .selectFrom('home.attributions_statement')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('proposed_at', 'desc')
    .orderBy('id')
    .execute()

/** Statements of an incident, the newest first; the caller was given the incident. */
export async function readStatements(db: Reader, incident: string): Promise<Statement[]> {
  return (await rowsOf(db, incident)).map(toStatement)
}

export function toStatement(row: Row): Statement {
  const state = row.withdrawn_by
    ? 'withdrawn'
    : row.returned_by
      ? 'returned'
      : row.released_by
        ? 'released'
        : ('proposed' as const)
  const by = row.withdrawn_by ?? row.returned_by
  return {
    id: row.id,
    incident: row.incident,
    decision: row.decision,
    level: row.level,
    ...(row.number !== null && { reference: `ATT ${row.year}/${row.number}` }),
    tlp: row.tlp,
    language: row.language,
    subject: row.subject,
    text: row.text,
    evidence: row.evidence,
    leftOut: row.left_out,
    hash: row.hash,
    ...(row.corrects !== null && { corrects: row.corrects }),
    state,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    ...(row.released_by !== null && { releasedBy: row.released_by, releasedAt: row.released_at ?? 0 }),
    ...(by && {
      ended: {
        by,
        at: row.withdrawn_at ?? row.returned_at ?? 0,
        why: row.withdrawn_why ?? row.returned_why ?? '',
      },
    }),
  }
}

/**
 * The narrowest marking words of a level can bear: what is public is CLEAR, partners get nothing for named persons, and
 * whoever reads the incident can read what is said of it.
 */
export function ceilingOf(level: Level, { marking }: Pick<Incident, 'marking'>): Tlp {
  const most: Tlp = level === 'public' ? 'CLEAR' : level === 'partners' ? 'AMBER' : marking
  return tlpRank(marking) < tlpRank(most) ? marking : most
}

/** Whether an item so marked may be named in words so marked at this level. */
export function mayBeNamed(
  { party }: Pick<Services, 'party'>,
  { level, tlp }: { level: Level; tlp: Tlp },
  item: Tlp,
): boolean {
  const exit = level === 'internal' ? 'page' : level === 'partners' ? 'federation' : 'dossier'
  return mayLeave({ tlp: item }, { exit, reader: { party, ceiling: tlp, member: true } }).allowed
}

/** Items of a decision as they stand now: those a level may name, and how many it leaves out. */
export async function namableAt(
  services: Services,
  viewer: Viewer,
  decision: Decision,
  at: { level: Level; tlp: Tlp },
): Promise<{ items: RestedItem[]; leftOut: number }> {
  const { evidence } = decision.basis
  const states = await readEvidenceStates(
    services,
    viewer,
    evidence.map(({ id }) => id),
  )
  const gone = new Set(
    changedSince(evidence, states, decision.incident)
      .filter(isLost)
      .map(({ id }) => id),
  )
  const items = evidence.flatMap((item) => {
    // The narrower of then and now: what was widened since is not let out by a decision that did not know it.
    const now = states.get(item.id)?.tlp ?? item.tlp
    const tlp = tlpRank(now) > tlpRank(item.tlp) ? now : item.tlp
    return !gone.has(item.id) && mayBeNamed(services, at, tlp) ? [{ ...item, tlp }] : []
  })
  return { items, leftOut: evidence.length - items.length }
}

export interface NewStatement {
  id: string
  decision: string
  level: Level
  tlp: Tlp
  language: string
  subject: string
  text: string
  evidence: string[]
  corrects?: string
}

/** SHA-256 of everything a level says, as a second person sees it. */
export function hashOf({
  level,
  tlp,
  language,
  subject,
  text,
  evidence,
}: Pick<Statement, 'level' | 'tlp' | 'language' | 'subject' | 'text' | 'evidence'>): string {
  const items = evidence.map(({ id, number, words, grade }) => [id, number, words, grade])
  return createHash('sha256')
    .update(JSON.stringify(['chancery-attribution-1', level, tlp, language, subject, text, items]))
    .digest('base64url')
}

/**
 * Proposes what is said at a level: nothing is said before another person released it.
 *
 * @throws InvalidInput at the field concerned, Refusal `attributions.level-too-early`, `attributions.decision-not-found`
 */
export async function proposeStatement(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  statement: NewStatement,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const { level, tlp } = statement
  const decision = await standingDecision(services.db, incident.id, statement.decision)
  if (tlpRank(tlp) > tlpRank(ceilingOf(level, incident))) throw InvalidInput.at('tlp', 'attributions.invalid.level-tlp')
  const existing = await readStatements(services.db, incident.id)
  requireLevelBefore(existing, decision.id, level)
  if (statement.corrects !== undefined && !existing.some(({ id }) => id === statement.corrects))
    throw new Refusal('attributions.statement-not-found')
  const { items, leftOut } = await namableAt(services, viewer, decision, { level, tlp })
  const evidence = statement.evidence.map((id) => {
    const item = items.find((one) => one.id === id)
    if (!item) throw InvalidInput.at('evidence', 'attributions.invalid.evidence-narrower')
    return item
  })
  await requireOwnWords(services, viewer, statement)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const done = await tx
      .insertInto('home.attributions_statement')
      .values({
        id: statement.id,
        incident: incident.id,
        decision: decision.id,
        level,
        number: null,
        year: null,
        tlp,
        language: statement.language,
        subject: statement.subject,
        text: statement.text,
        evidence: JSON.stringify(evidence),
        left_out: leftOut,
        hash: hashOf({ ...statement, evidence }),
        corrects: statement.corrects ?? null,
        proposed_by: viewer.person.id,
        proposed_at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: `attribution-${level}-proposed` })
  })
  publishChange(services, incident.id)
}

async function standingDecision(db: Reader, incident: string, id: string): Promise<Decision> {
  const [newest] = await readDecisions(db, incident)
  if (newest?.id !== id) throw new Refusal('attributions.decision-not-found')
  return newest
}

/** Partners hear nothing that the house does not stand by, the public nothing that partners could not hear. */
function requireLevelBefore(statements: readonly Statement[], decision: string, level: Level): void {
  const before = levels[levels.indexOf(level) - 1]
  if (before === undefined) return
  const isThere = statements.some(
    (one) => one.decision === decision && one.level === before && one.state === 'released',
  )
  if (!isThere) throw new Refusal(`attributions.not-yet-${before}`, { field: 'level' })
}

const requireOwnWords = (
  services: Services,
  viewer: Viewer,
  { level, subject, text }: Pick<Statement, 'level' | 'subject' | 'text'>,
): Promise<void> | undefined =>
  level === 'internal'
    ? undefined
    : requireNoQuoteAtHome(services, viewer, { field: 'text', words: [subject, ...text.split('\n')] })

/**
 * A second person releases exactly what they saw. Evidence is asked for once more: what was withdrawn or marked
 * narrower since the proposal holds it back.
 *
 * @throws Refusal `attributions.own-proposal`, `attributions.statement-changed`, `attributions.evidence-changed`
 */
export async function releaseStatement(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { statement: id, seen }: { statement: string; seen: string },
): Promise<void> {
  const incident = await getIncident(services, viewer, incidentId)
  const now = services.clock.now()
  const statement = await findStatement(services, incident.id, id)
  if (statement.state === 'released') return
  await requireReleasable(services, viewer, statement, seen)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const year = new Date(now).getUTCFullYear()
    const done = await tx
      .updateTable('home.attributions_statement')
      .set({
        released_by: viewer.person.id,
        released_at: now,
        ...(statement.level === 'public' && { year, number: await nextNumber(tx, year) }),
      })
      .where('id', '=', id)
      .where('released_by', 'is', null)
      .where('returned_by', 'is', null)
      .executeTakeFirst()
    if (done.numUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: `attribution-${statement.level}-released` })
  })
  publishChange(services, incident.id)
}

async function requireReleasable(services: Services, viewer: Viewer, statement: Statement, seen: string) {
  if (statement.proposedBy === viewer.person.id) throw new Refusal('attributions.own-proposal')
  if (statement.state !== 'proposed') throw new Refusal('attributions.not-proposed')
  if (statement.hash !== seen || hashOf(statement) !== seen) throw new Refusal('attributions.statement-changed')
  const decision = await standingDecision(services.db, statement.incident, statement.decision)
  requireLevelBefore(await readStatements(services.db, statement.incident), decision.id, statement.level)
  if (!(await isStillNamable(services, viewer, statement))) throw new Refusal('attributions.evidence-changed')
  await requireOwnWords(services, viewer, statement)
}

/** Whether every item that a statement names may still be named as it does. */
export async function isStillNamable(
  services: Services,
  viewer: Viewer | 'exit',
  statement: Statement,
): Promise<boolean> {
  const { evidence, level, tlp } = statement
  const states = await readEvidenceStates(
    services,
    viewer,
    evidence.map(({ id }) => id),
  )
  if (changedSince(evidence, states, statement.incident).some(isLost)) return false
  return evidence.every(({ id, tlp: then }) => mayBeNamed(services, { level, tlp }, states.get(id)?.tlp ?? then))
}

/** One series of the house: two who release at once are numbered one after the other. */
async function nextNumber(tx: Tx, year: number): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('attributions-number'))`.execute(tx)
  const last = await tx
    .selectFrom('home.attributions_statement')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('year', '=', year)
    .executeTakeFirst()
  return (last?.number ?? 0) + 1
}

/** @throws Refusal `attributions.statement-not-found` */
export async function findStatement({ db }: Pick<Services, 'db'>, incident: string, id: string): Promise<Statement> {
  const found = (await readStatements(db, incident)).find((one) => one.id === id)
  if (!found) throw new Refusal('attributions.statement-not-found')
  return found
}

/** Gives a proposal back with a reason: it is released no more, and stays on the page. */
export async function returnStatement(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { statement: id, why }: { statement: string; why: string },
): Promise<void> {
  const incident = await getIncident(services, viewer, incidentId)
  const statement = await findStatement(services, incident.id, id)
  if (statement.state !== 'proposed') throw new Refusal('attributions.not-proposed')
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .updateTable('home.attributions_statement')
      .set({ returned_by: viewer.person.id, returned_at: services.clock.now(), returned_why: why })
      .where('id', '=', id)
      .where('released_by', 'is', null)
      .where('returned_by', 'is', null)
      .executeTakeFirst()
    // Somebody released it, or gave it back, in the same moment.
    if (done.numUpdatedRows === 0n) throw new Refusal('attributions.not-proposed')
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'attribution-returned', words: why })
  })
  publishChange(services, incident.id)
}

/** Withdraws what was released: what it said stays readable with its hash, marked as withdrawn and why. */
export async function withdrawStatement(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { statement: id, why }: { statement: string; why: string },
): Promise<void> {
  const incident = await getIncident(services, viewer, incidentId)
  const statement = await findStatement(services, incident.id, id)
  if (statement.state === 'withdrawn') return
  if (statement.state !== 'released') throw new Refusal('attributions.not-released')
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .updateTable('home.attributions_statement')
      .set({ withdrawn_by: viewer.person.id, withdrawn_at: services.clock.now(), withdrawn_why: why })
      .where('id', '=', id)
      .where('withdrawn_by', 'is', null)
      .executeTakeFirst()
    if (done.numUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'attribution-withdrawn', words: why })
  })
  publishChange(services, incident.id)
}
