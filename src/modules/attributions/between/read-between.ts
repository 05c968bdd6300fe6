import type { Selectable } from 'kysely'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { Reader } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { Choice } from '../vocabulary.ts'
import type { StatedBody, StatedText } from './acts.ts'
import '../tables.ts'

/** Whose it is, where it stands and whether it does; what it says comes through the gate. */
export type StatedRow = Omit<Selectable<Tables['view.attributions_stated']>, 'choice' | 'basis' | 'kind' | 'act_id'>
export const statedColumns = [
  'space',
  'hash',
  'idx',
  'author',
  'at',
  'replaced_by',
  'replaced_at',
  'withdrawn_by',
  'withdrawn_at',
] as const
export type AnswerRow = Selectable<Tables['view.attributions_answer']>
export type ContestRow = Selectable<Tables['view.attributions_contest']>

/** What became of a statement between parties. */
export interface StatedState {
  row: StatedRow
  /** The newest answer of each party. */
  answers: AnswerRow[]
  contests: ContestRow[]
}

/** An attribution that a party put on the record of a space, as this person may read it. */
export interface Between extends StatedState {
  tlp: Tlp
  /** Undefined where the gate withheld it. */
  body?: StatedBody
  text?: StatedText
}

/** Answers and contests of statements, by statement: two queries however many there are. */
export async function statesOf(db: Reader, rows: readonly StatedRow[]): Promise<Map<string, StatedState>> {
  if (rows.length === 0) return new Map()
  const hashes = rows.map(({ hash }) => hash)
  const [answers, contests] = await Promise.all([
    db
      .selectFrom('view.attributions_answer')
      .selectAll()
      .distinctOn(['space', 'statement', 'author'])
      .where('statement', 'in', hashes)
      .orderBy('space')
      .orderBy('statement')
      .orderBy('author')
      .orderBy('idx', 'desc')
      .execute(),
    db
      .selectFrom('view.attributions_contest')
      .selectAll()
      .where('statement', 'in', hashes)
      .orderBy('space')
      .orderBy('idx')
      .execute(),
  ])
  return new Map(
    rows.map((row) => {
      const isOf = (one: { space: string; statement: string }) => one.space === row.space && one.statement === row.hash
      return [row.hash, { row, answers: answers.filter(isOf), contests: contests.filter(isOf) }]
    }),
  )
}

/** The same with the answers and contests that this person may read, and no other. */
async function statesFor(services: Services, viewer: Viewer, rows: readonly StatedRow[]) {
  const states = await statesOf(services.db, rows)
  const said = [...states.values()].flatMap(({ answers, contests }) => [...answers, ...contests])
  const shown = await revealedContents(
    services,
    viewer,
    said.map(({ hash }) => hash),
  )
  const isShown = ({ hash }: { hash: string }) => shown.has(hash)
  return new Map(
    [...states].map(([hash, { row, answers, contests }]): [string, StatedState] => [
      hash,
      { row, answers: answers.filter(isShown), contests: contests.filter(isShown) },
    ]),
  )
}

/** Statements by act hash, for pages that show such acts to this person. */
export async function findStates(
  services: Services,
  viewer: Viewer,
  hashes: readonly string[],
): Promise<Map<string, StatedState>> {
  const rows = await findRows(services.db, hashes)
  return statesFor(services, viewer, rows)
}

export async function findStated(db: Reader, hash: string): Promise<StatedRow | undefined> {
  return (await findRows(db, [hash]))[0]
}

async function findRows(db: Reader, hashes: readonly string[]): Promise<StatedRow[]> {
  if (hashes.length === 0) return []
  return db
    .selectFrom('view.attributions_stated')
    .select(statedColumns)
    .where('hash', 'in', [...hashes])
    .execute()
}

/**
 * What parties stated in the spaces of an incident, the newest first. Words of ours stand with the incident they were
 * said about, and what others said with each incident the space belongs to. The caller was given the incident and its
 * spaces; the words come through the gate of this person.
 */
export async function readBetween(
  services: Services,
  viewer: Viewer,
  { incident, spaces }: { incident: string; spaces: readonly string[] },
): Promise<Between[]> {
  if (spaces.length === 0) return []
  const rows = await services.db
    .selectFrom('view.attributions_stated as s')
    .select(statedColumns.map((one) => `s.${one}` as const))
    .leftJoin('home.attributions_said as said', (join) =>
      join.onRef('said.act_id', '=', 's.act_id').on('s.author', '=', services.party),
    )
    .where('s.space', 'in', [...spaces])
    .where((eb) => eb.or([eb('said.incident', 'is', null), eb('said.incident', '=', incident)]))
    .orderBy('s.at', 'desc')
    .orderBy('s.idx', 'desc')
    .execute()
  const hashes = rows.map(({ hash }) => hash)
  const [states, contents, acts] = await Promise.all([
    statesFor(services, viewer, rows),
    revealedContents<StatedBody, StatedText>(services, viewer, hashes),
    hashes.length === 0 ? [] : services.ledger.findActs(hashes),
  ])
  const markings = new Map(acts.map(({ hash, statement }) => [hash, statement.marking.tlp]))
  return rows.flatMap((row) => {
    const state = states.get(row.hash)
    const tlp = markings.get(row.hash)
    if (!state || tlp === undefined) return []
    const { body, text } = contents.get(row.hash) ?? {}
    return [{ ...state, tlp, ...(body && { body }), ...(text && { text }) }]
  })
}

export interface OwnStanding {
  hash: string
  index: number
  choice: Choice
}

/** Statements of ours that stand in a space. */
export async function listOwnStanding({ db, party }: Services, space: string): Promise<OwnStanding[]> {
  const rows = await db
    .selectFrom('view.attributions_stated')
    .select(['hash', 'idx as index', 'choice'])
    .where('space', '=', space)
    .where('author', '=', party)
    .where('withdrawn_by', 'is', null)
    .where('replaced_by', 'is', null)
    .orderBy('idx', 'desc')
    .execute()
  return rows
}
