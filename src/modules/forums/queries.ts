import type { Reader } from '../../core/storage/types.ts'
import './tables.ts'

export interface DraftState {
  space: string
  hash: string
  item: string
  author: string
  cleanAt?: number
  brackets: { bracket: string; options: number; resolvedOption?: number; resolvedBy?: string }[]
  sponsors: string[]
}

/** Drafts with their brackets and sponsors, three queries however many there are. */
export async function listDrafts(
  db: Reader,
  filter: { hashes?: string[]; spaces?: string[] },
): Promise<Map<string, DraftState>> {
  let query = db.selectFrom('view.forums_draft').selectAll()
  if (filter.hashes) query = query.where('hash', 'in', filter.hashes)
  if (filter.spaces) query = query.where('space', 'in', filter.spaces)
  if (filter.hashes?.length === 0 || filter.spaces?.length === 0) return new Map()
  const drafts = await query.orderBy('space').orderBy('idx').limit(1_000).execute()
  if (drafts.length === 0) return new Map()
  const hashes = drafts.map((row) => row.hash)
  const [brackets, sponsors] = await Promise.all([
    db.selectFrom('view.forums_bracket').selectAll().where('draft', 'in', hashes).orderBy('bracket').execute(),
    db.selectFrom('view.forums_sponsor').selectAll().where('draft', 'in', hashes).orderBy('party').execute(),
  ])
  return new Map(
    drafts.map((row) => [
      row.hash,
      {
        space: row.space,
        hash: row.hash,
        item: row.item,
        author: row.author,
        cleanAt: row.clean_at ?? undefined,
        brackets: brackets
          .filter((one) => one.draft === row.hash)
          .map((one) => ({
            bracket: one.bracket,
            options: one.options,
            resolvedOption: one.resolved_option ?? undefined,
            resolvedBy: one.resolved_by ?? undefined,
          })),
        sponsors: sponsors.filter((one) => one.draft === row.hash).map((one) => one.party),
      },
    ]),
  )
}

export interface SeekingState {
  space: string
  hash: string
  proposal: string
  draft: string
  until: number
  declaredBy?: string
  objections: string[]
}

export async function listSeekings(
  db: Reader,
  filter: { hashes?: string[]; proposals?: string[] },
): Promise<SeekingState[]> {
  if (filter.hashes?.length === 0 || filter.proposals?.length === 0) return []
  let query = db.selectFrom('view.forums_seeking').selectAll()
  if (filter.hashes) query = query.where('hash', 'in', filter.hashes)
  if (filter.proposals) query = query.where('proposal', 'in', filter.proposals)
  const rows = await query.orderBy('idx').execute()
  if (rows.length === 0) return []
  const objections = await db
    .selectFrom('view.forums_objection')
    .select(['sought', 'party'])
    .where(
      'sought',
      'in',
      rows.map((row) => row.hash),
    )
    .execute()
  return rows.map((row) => ({
    space: row.space,
    hash: row.hash,
    proposal: row.proposal,
    draft: row.draft,
    until: row.until,
    declaredBy: row.declared_by ?? undefined,
    objections: objections.filter((one) => one.sought === row.hash).map((one) => one.party),
  }))
}

export function listItems(db: Reader, spaces: string[]) {
  if (spaces.length === 0) return Promise.resolve([])
  return db
    .selectFrom('view.forums_item')
    .selectAll()
    .where('space', 'in', spaces)
    .orderBy('space')
    .orderBy('idx')
    .limit(1_000)
    .execute()
}

export function listStatements(db: Reader, spaces: string[]) {
  if (spaces.length === 0) return Promise.resolve([])
  return db
    .selectFrom('view.forums_statement')
    .selectAll()
    .where('space', 'in', spaces)
    .orderBy('space')
    .orderBy('idx')
    .limit(1_000)
    .execute()
}

export async function listResolutions(db: Reader, hashes: string[]) {
  if (hashes.length === 0) return []
  return db.selectFrom('view.forums_resolution').selectAll().where('hash', 'in', hashes).execute()
}

/** Calls for consensus of a forum that the chair has not declared on. */
export function listOpenSeekings(db: Reader, space: string) {
  return db
    .selectFrom('view.forums_seeking')
    .select(['hash', 'until'])
    .where('space', '=', space)
    .where('declared_by', 'is', null)
    .orderBy('idx')
    .execute()
}
