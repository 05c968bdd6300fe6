import { type RawBuilder, sql } from 'kysely'

/**
 * Many texts as one `text[]`, written at once: the driver would look at every character of each.
 *
 * @throws if one holds a quote or a backslash; names, ids and hashes do not
 */
export function texts(values: readonly (string | null)[]): RawBuilder<string[]> {
  if (/["\\]/.test(values.join(''))) throw new Error('a list of names, ids or hashes holds a quote or a backslash')
  return sql`${`{${values.map((value) => (value === null ? 'null' : `"${value}"`)).join(',')}}`}::text[]`
}

/** Many integers as one `bigint[]`. */
export function integers(values: readonly number[]): RawBuilder<number[]> {
  return sql`${`{${values.join(',')}}`}::bigint[]`
}
