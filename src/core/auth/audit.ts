import type { Db, Reader, Tx } from '../storage/types.ts'

export interface AuditEntry {
  at: number
  /** Nobody for what the node did by itself. */
  person?: string
  /** Message key part, e.g. `signed-in`, `power-given`. */
  what: string
  /** Identifier of the person, office, draft or peer it concerns. */
  about?: string
  facts?: Record<string, string | number>
}

/** Adds one line to the record of who did what at home. Lines are never changed or removed. */
export async function audit(tx: Tx | Db, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('home.audit')
    .values({
      at: entry.at,
      person: entry.person ?? null,
      what: entry.what,
      about: entry.about ?? null,
      facts: JSON.stringify(entry.facts ?? {}),
    })
    .execute()
}

/** Lines of the record, newest first; `before` is the number of the last line already seen. */
export async function listAudit(
  db: Reader,
  { before, limit = 100 }: { before?: number; limit?: number } = {},
): Promise<(AuditEntry & { number: number })[]> {
  let query = db.selectFrom('home.audit').selectAll().orderBy('number', 'desc').limit(Math.min(limit, 500))
  if (before !== undefined) query = query.where('number', '<', before)
  const rows = await query.execute()
  return rows.map((row) => ({
    number: row.number,
    at: row.at,
    person: row.person ?? undefined,
    what: row.what,
    about: row.about ?? undefined,
    facts: row.facts,
  }))
}
