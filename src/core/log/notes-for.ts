import { sql } from 'kysely'
import { ProtocolError, toBase64url } from '../../protocol/index.ts'
import type { Db } from '../storage/types.ts'
import { hostLineOnly } from './contradiction.ts'
import type { Gate } from './gate.ts'

/** More spaces than these are not told of in one round. */
const maxNotes = 2_000

interface Row {
  space: string
  hosted: boolean
  size: number
  root: Buffer
  note: string
  newest: boolean
}

/** A note that the disk spoilt is told to nobody; the scrub finds it. */
function readable(note: string): string[] {
  try {
    return [hostLineOnly(note)]
  } catch (error) {
    if (error instanceof ProtocolError) return []
    throw error
  }
}

/**
 * Notes that a peer may know of: newest checkpoints of spaces it is in and of
 * registers, what was heard ahead of us, and both halves of contradictions.
 */
export async function readNotesFor({ db, gate }: { db: Db; gate: Gate }, party: string): Promise<string[]> {
  const { rows } = await sql<Row>`
    with shared as (
      select s.space, s.hosted, s.size, s.root from log.space s
      where s.kind = 'register'
        or exists (select from view.member m where m.space = s.space and m.party = ${party} and m.until is null)
    )
    select s.*, c.note, true as newest from shared s join log.checkpoint c on c.space = s.space
    union all
    select s.*, h.note, false from shared s join log.heard h on h.space = s.space
    union all
    select s.*, x.note, false from shared s
      join log.conflict k on k.space = s.space and k.kind = 'two-histories' and k.role = 'host'
      cross join lateral (values (k.held), (k.came)) as x(note)
    limit ${maxNotes}`.execute(db)
  // Another process may have committed a moment ago: nothing signed leaves before a guard holds it.
  const own = rows.filter((row) => row.hosted && row.newest)
  if (own.length > 0) await gate.ensure(own.map(({ space, size, root }) => ({ space, size, root: toBase64url(root) })))
  return rows.flatMap(({ note }) => readable(note))
}
