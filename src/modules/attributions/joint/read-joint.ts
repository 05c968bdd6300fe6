import type { Selectable } from 'kysely'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { LoggedAct, Publication, Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { Reader } from '../../../core/storage/types.ts'
import type { JointWords, TextProposedBody } from './acts.ts'
import { jointTypes } from './projection.ts'
import '../tables.ts'

type Row<T extends keyof Tables> = Selectable<Tables[T]>

/** A joint text with who signed it, who gave it out, and what is said of its embargo. */
export interface JointState {
  row: Row<'view.attributions_joint'>
  /** Signatures, in the order in which they were given; those withdrawn are among them. */
  signatures: Row<'view.attributions_signature'>[]
  published: Row<'view.attributions_published'>[]
  breaks: Row<'view.attributions_break'>[]
}

/** Parties whose signature stands: nobody counts twice. */
export const signatories = ({ signatures }: Pick<JointState, 'signatures'>): string[] =>
  signatures.filter((one) => one.withdrawn_by === null).map(({ party }) => party)

/** One party alone says nothing jointly. */
export const isJoint = (state: Pick<JointState, 'signatures'>): boolean => signatories(state).length >= 2

export const isUnderEmbargo = ({ row }: { row: Pick<JointState['row'], 'embargo'> }, now: number): boolean =>
  row.embargo !== null && now < row.embargo

/** Joint texts of spaces or by hash, four queries however many there are. */
export async function listJoint(
  db: Reader,
  filter: { hashes?: readonly string[]; spaces?: readonly string[] },
): Promise<JointState[]> {
  const { hashes, spaces } = filter
  if (hashes?.length === 0 || spaces?.length === 0) return []
  const rows = await db
    .selectFrom('view.attributions_joint')
    .selectAll()
    .$if(hashes !== undefined, (query) => query.where('hash', 'in', [...(hashes ?? [])]))
    .$if(spaces !== undefined, (query) => query.where('space', 'in', [...(spaces ?? [])]))
    .orderBy('at', 'desc')
    .orderBy('idx', 'desc')
    .limit(500)
    .execute()
  if (rows.length === 0) return []
  const all = rows.map(({ hash }) => hash)
  const [signatures, published, breaks] = await Promise.all([
    db
      .selectFrom('view.attributions_signature')
      .selectAll()
      .where('proposal', 'in', all)
      .orderBy('signed_at')
      .orderBy('party')
      .execute(),
    db.selectFrom('view.attributions_published').selectAll().where('proposal', 'in', all).orderBy('idx').execute(),
    db.selectFrom('view.attributions_break').selectAll().where('proposal', 'in', all).orderBy('idx').execute(),
  ])
  return rows.map((row) => {
    const isOf = (one: { space: string; proposal: string }) => one.space === row.space && one.proposal === row.hash
    return {
      row,
      signatures: signatures.filter(isOf),
      published: published.filter(isOf),
      breaks: breaks.filter(isOf),
    }
  })
}

export interface Joint extends JointState {
  text?: JointWords
  /** The clock of its space. */
  now: number
}

/** Joint texts of spaces, each with the words this person may read; none of which they may read nothing. */
export async function readJoint(services: Services, viewer: Viewer, spaces: readonly string[]): Promise<Joint[]> {
  const states = await listJoint(services.db, { spaces })
  const contents = await revealedContents<TextProposedBody, JointWords>(
    services,
    viewer,
    states.map(({ row }) => row.hash),
  )
  const nows = new Map(
    await Promise.all(
      [...new Set(states.map(({ row }) => row.space))].map(
        async (space) => [space, await services.ledger.scenarioNow(space)] as const,
      ),
    ),
  )
  return states.flatMap((state) => {
    const content = contents.get(state.row.hash)
    if (!content) return []
    return [{ ...state, now: nows.get(state.row.space) ?? 0, ...(content.text && { text: content.text }) }]
  })
}

/**
 * What of these acts nobody may give out yet, and what its author agreed to have given out. A text is held while its own
 * embargo runs or that of a text in whose favour it was given up; whatever else is said about joint texts in a space is
 * held while any embargo runs there. Signing a text agrees to its publication by those who signed it.
 */
export async function publicationOf(services: Services, acts: readonly LoggedAct[]): Promise<Publication> {
  const named = acts.filter(({ statement }) => jointTypes.has(statement.type))
  if (named.length === 0) return { held: [], open: [] }
  const spaces = [...new Set(named.map(({ space }) => space))]
  const states = await listJoint(services.db, { spaces })
  const held = new Set<string>()
  const running = new Set<string>()
  for (const space of spaces) {
    const now = await services.ledger.scenarioNow(space)
    const here = states.filter(({ row }) => row.space === space)
    const byHash = new Map(here.map((one) => [one.row.hash, one]))
    const isHeld = (state: JointState): boolean => {
      const next = state.row.superseded_by === null ? undefined : byHash.get(state.row.superseded_by)
      return isUnderEmbargo(state, now) || (next !== undefined && isHeld(next))
    }
    for (const one of here.filter(isHeld)) held.add(one.row.hash)
    if (here.some(isHeld)) running.add(space)
  }
  const known = new Set(states.map(({ row }) => row.hash))
  const isShut = ({ hash, space, statement }: LoggedAct) =>
    statement.type === 'attributions.text-proposed' && known.has(hash) ? held.has(hash) : running.has(space)
  const open = states.filter(
    (one) =>
      !held.has(one.row.hash) &&
      one.row.superseded_by === null &&
      isJoint(one) &&
      signatories(one).includes(one.row.author),
  )
  return { held: named.filter(isShut).map(({ hash }) => hash), open: open.map(({ row }) => row.hash) }
}
