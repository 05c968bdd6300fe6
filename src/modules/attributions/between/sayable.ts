import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import { paragraphsOf } from '../../../core/module/fields.ts'
import type { Json, Marking, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import {
  type Incident,
  incidentsNamed,
  inOpenSight,
  listIncidents,
  publishChange,
  writeEntry,
} from '../../incidents/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { type Decision, toDecision } from '../decide/decisions.ts'
import { drillNames, isBulletin } from '../publish/bulletin.ts'
import { isStillNamable, type Statement, toStatement } from '../release/statements.ts'
import type { StatedBody, StatedText } from './acts.ts'
import { nameItems } from './named-items.ts'
import '../tables.ts'

/** Words that two persons released for partners or for everybody, on the decision that stands. */
export interface Sayable {
  statement: Statement
  decision: Decision
}

/** Whose words can be said in a space: in a bulletin those for everybody, elsewhere those for partners. */
export const levelIn = (services: Pick<Services, 'party'>, space: SpaceFacts): 'public' | 'partners' =>
  isBulletin(services, space) ? 'public' : 'partners'

type SayableIncident = Pick<Incident, 'id' | 'codeName'>

/** What can be said in a space, for a person who may know of its incidents. */
export async function listSayable(
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
): Promise<(Sayable & { incident: SayableIncident })[]> {
  const level = levelIn(services, space)
  const incidents =
    level === 'public' ? await incidentsToPublish(services, viewer, space) : await openOf(services, viewer, space)
  if (incidents.length === 0) return []
  const ids = incidents.map(({ id }) => id)
  const [rows, decided] = await Promise.all([
    services.db
      .selectFrom('home.attributions_statement as statement')
      .selectAll()
      .where('incident', 'in', ids)
      .where('level', '=', level)
      .where('released_by', 'is not', null)
      .where('withdrawn_by', 'is', null)
      .$if(level === 'public', (query) => query.where(isUnsaid))
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

const openOf = async (services: Services, viewer: Viewer, space: SpaceFacts): Promise<SayableIncident[]> =>
  (await listIncidents(services, viewer, { space: space.id, drill: space.drill !== undefined })).filter(
    ({ state }) => state !== 'closed',
  )

/** The words of the row `statement` stand on no record yet. */
const isUnsaid = sql<boolean>`not exists (select from home.attributions_said said
  join view.attributions_stated stated on stated.act_id = said.act_id where said.statement = statement.id)`

/** Incidents of which something was released for everybody and not said to them yet. */
async function incidentsToPublish(services: Services, viewer: Viewer, space: SpaceFacts): Promise<SayableIncident[]> {
  const rows = await services.db
    .selectFrom('home.attributions_statement as statement')
    .select('incident')
    .distinct()
    .where(inOpenSight(services, viewer))
    .where('level', '=', 'public')
    .where('released_by', 'is not', null)
    .where('withdrawn_by', 'is', null)
    .where(isUnsaid)
    .execute()
  const named = await incidentsNamed(
    services,
    viewer,
    rows.map(({ incident }) => incident),
  )
  const ofKind = [...named].filter(([, { drill }]) => drill === (space.drill !== undefined))
  const drills = space.drill && (await drillNames(services, viewer, [...named.keys()]))
  return ofKind
    .filter(([id]) => drills === undefined || drills.get(id) === space.drill?.name)
    .map(([id, { codeName }]) => ({ id, codeName }))
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

/** A discarded draft says nothing: the words it was written from can be taken up again. */
export async function forgetSaid(tx: Tx, draft: string): Promise<void> {
  await tx.deleteFrom('home.attributions_said').where('act_id', '=', draft).execute()
}

interface LeavingDraft {
  id: string
  body: Json
  text?: Json | undefined
  marking?: Marking
}

/**
 * Whether a draft may still go out as it is: its words are those released for whoever reads the space, on the decision
 * that stands, no item is named that was withdrawn, closed or marked narrower, and its marking is no wider than theirs.
 * Asked of every draft of a statement, however it came about: there is no other way for anything at home into one.
 *
 * @throws Refusal `attributions.not-from-home`, `attributions.overturned`, `attributions.evidence-changed`,
 *   `attributions.other-words`, `attributions.marked-wider`
 */
export async function requireSayable(services: Services, draft: LeavingDraft, space: SpaceFacts): Promise<void> {
  const { statement, isStanding, decision } = await behindDraft(services, draft.id)
  if (!isStanding || statement.state !== 'released') throw new Refusal('attributions.overturned')
  const level = levelIn(services, space)
  if (statement.level !== level || !isSaidBy(draft, { statement, decision }))
    throw new Refusal('attributions.other-words')
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

/** To everybody nothing is said beside the words released for them: nor is anybody named, or how likely it is. */
export const isInItsWords = (accused: string | undefined, { level, subject, text }: Statement): boolean =>
  level !== 'public' || accused === undefined || `${subject}\n${text}`.includes(accused)

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
    structure.number === statement.reference &&
    isInItsWords(said.accused, statement) &&
    (structure.assessment === undefined || isDeepStrictEqual(structure.assessment, likelihoodOf(decision, statement)))
  )
}

/** Likelihood and confidence of the assessment a decision rests on, as an act says them to partners. */
export function likelihoodOf(
  { basis: { assessment } }: Decision,
  { level }: Pick<Statement, 'level'>,
): StatedBody['assessment'] {
  if (!assessment || level === 'public') return undefined
  const { scheme, word, confidence } = assessment
  return { scheme, word, confidence }
}
