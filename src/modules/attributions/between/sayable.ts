import { isDeepStrictEqual } from 'node:util'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import { paragraphsOf } from '../../../core/module/fields.ts'
import type { Json, Marking, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { type Incident, listIncidents, publishChange, writeEntry } from '../../incidents/index.ts'
import { type Decision, toDecision } from '../decide/decisions.ts'
import { isStillNamable, type Statement, toStatement } from '../release/statements.ts'
import type { StatedBody, StatedText } from './acts.ts'
import { nameItems } from './named-items.ts'
import '../tables.ts'

/** Words for partners that two persons released, on the decision that stands. */
export interface Sayable {
  statement: Statement
  decision: Decision
}

/** What of the incidents linked to a space can be said in it, for a person who may know of them. */
export async function listSayable(
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
): Promise<(Sayable & { incident: Incident })[]> {
  const incidents = (
    await listIncidents(services, viewer, { space: space.id, drill: space.drill !== undefined })
  ).filter(({ state }) => state !== 'closed')
  if (incidents.length === 0) return []
  const ids = incidents.map(({ id }) => id)
  const [rows, decided] = await Promise.all([
    services.db
      .selectFrom('home.attributions_statement')
      .selectAll()
      .where('incident', 'in', ids)
      .where('level', '=', 'partners')
      .where('released_by', 'is not', null)
      .where('withdrawn_by', 'is', null)
      .orderBy('released_at', 'desc')
      .execute(),
    services.db
      .selectFrom('home.attributions_decision')
      .selectAll()
      .distinctOn('incident')
      .where('incident', 'in', ids)
      .orderBy('incident')
      .orderBy('number', 'desc')
      .execute(),
  ])
  const standing = new Map(decided.map((row) => [row.id, toDecision(row)]))
  return rows.flatMap((row) => {
    const [decision, incident] = [standing.get(row.decision), incidents.find(({ id }) => id === row.incident)]
    return decision && incident ? [{ statement: toStatement(row), decision, incident }] : []
  })
}

/** Notes at home which words went into a draft; nothing leaves by it. */
export async function noteSaid(
  services: Services,
  viewer: Viewer,
  { draft, space, incident, statement }: { draft: string; space: string; incident: string; statement: string },
): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    const row = { incident, statement, space, by_person: viewer.person.id, at: services.clock.now() }
    const known = await tx
      .selectFrom('home.attributions_said')
      .select('act_id')
      .where('act_id', '=', draft)
      .executeTakeFirst()
    await tx
      .insertInto('home.attributions_said')
      .values({ act_id: draft, ...row })
      .onConflict((conflict) => conflict.column('act_id').doUpdateSet(row))
      .execute()
    if (!known) await writeEntry(services, viewer, tx, { incident, kind: 'attribution-drafted' })
  })
  publishChange(services, incident)
}

interface LeavingDraft {
  id: string
  body: Json
  text?: Json | undefined
  marking?: Marking
}

/**
 * Whether a draft may still go out as it is: its words are those released for partners on the decision that stands, no
 * item is named that was withdrawn, closed or marked narrower, and its marking is no wider than theirs. Asked of every
 * draft of a statement, however it came about: there is no other way for anything at home into one.
 *
 * @throws Refusal `attributions.not-from-home`, `attributions.overturned`, `attributions.evidence-changed`,
 *   `attributions.other-words`, `attributions.marked-wider`
 */
export async function requireSayable(services: Services, draft: LeavingDraft): Promise<void> {
  const { statement, isStanding, decision } = await behindDraft(services, draft.id)
  if (!isStanding || statement.state !== 'released') throw new Refusal('attributions.overturned')
  if (!isSaidBy(draft, { statement, decision })) throw new Refusal('attributions.other-words')
  if (draft.marking && tlpRank(draft.marking.tlp) < tlpRank(statement.tlp))
    throw new Refusal('attributions.marked-wider')
  if (!(await isStillNamable(services, 'exit', statement))) throw new Refusal('attributions.evidence-changed')
}

async function behindDraft({ db }: Services, draft: string) {
  const row = await db
    .selectFrom('home.attributions_said as said')
    .innerJoin('home.attributions_statement as s', 's.id', 'said.statement')
    .selectAll('s')
    .where('said.act_id', '=', draft)
    .executeTakeFirst()
  if (!row) throw new Refusal('attributions.not-from-home')
  const [newest] = await db
    .selectFrom('home.attributions_decision')
    .selectAll()
    .where('incident', '=', row.incident)
    .orderBy('number', 'desc')
    .limit(1)
    .execute()
  if (!newest) throw new Refusal('attributions.overturned')
  return { statement: toStatement(row), decision: toDecision(newest), isStanding: newest.id === row.decision }
}

function isSaidBy({ id, body, text }: LeavingDraft, { statement, decision }: Sayable): boolean {
  const said = { ...(body as unknown as StatedBody), ...(text as unknown as StatedText) }
  const { named, words } = nameItems(id, statement.evidence)
  const structure = body as unknown as StatedBody
  return (
    said.subject === statement.subject &&
    isDeepStrictEqual(said.paragraphs, paragraphsOf(statement.text)) &&
    isDeepStrictEqual(structure.evidence, named) &&
    isDeepStrictEqual(said.evidence, words) &&
    structure.choice === decision.choice &&
    structure.language === statement.language &&
    (structure.assessment === undefined || isDeepStrictEqual(structure.assessment, likelihoodOf(decision)))
  )
}

/** Likelihood and confidence of the assessment a decision rests on, as an act says them. */
export function likelihoodOf({ basis: { assessment } }: Decision): StatedBody['assessment'] {
  if (!assessment) return undefined
  const { scheme, word, confidence } = assessment
  return { scheme, word, confidence }
}
