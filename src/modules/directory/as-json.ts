import { sql } from 'kysely'

/** As a value for a column of the type jsonb. */
export function json<T>(value: T): T {
  return sql`${JSON.stringify(value)}::jsonb` as unknown as T
}
