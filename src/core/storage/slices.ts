import { type RawBuilder, sql } from 'kysely'
import { integers } from './lists.ts'

/**
 * Many byte strings as one `bytea[]`: they travel as they are in one parameter and
 * are cut apart by the server. An array parameter would write every byte as text.
 */
export function slices(pieces: readonly Uint8Array[]): RawBuilder<Uint8Array[]> {
  let end = 1
  const starts = pieces.map((piece) => {
    const start = end
    end += piece.length
    return start
  })
  return sql`(select coalesce(array_agg(substring(${Buffer.concat(pieces)}::bytea from start::int for length::int) order by place), '{}')
    from unnest(${integers(starts)}, ${integers(pieces.map((piece) => piece.length))}) with ordinality as s(start, length, place))`
}
