import pg from 'pg'

/** How many statements this process sends to PostgreSQL while something is done; nothing else may ask meanwhile. */
export async function countQueries(work: () => Promise<unknown>): Promise<number> {
  const { query } = pg.Client.prototype
  let count = 0
  pg.Client.prototype.query = function counted(this: pg.Client, ...given: Parameters<typeof query>) {
    count += 1
    return query.apply(this, given)
  } as typeof query
  try {
    await work()
  } finally {
    pg.Client.prototype.query = query
  }
  return count
}
