import pg from 'pg'

interface Ear {
  hear(message: string): void
  gap?(): void
}

const firstRetryMs = 100
const longestRetryMs = 5_000

/** LISTEN on one connection for all channels, made at the first use and made anew when it breaks. */
export function createListener(newClient: () => pg.Client) {
  const ears = new Map<string, Set<Ear>>()
  let client: Promise<pg.Client> | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  async function connect(): Promise<pg.Client> {
    const fresh = newClient()
    fresh.on('notification', ({ channel, payload }) => {
      for (const ear of ears.get(channel) ?? []) ear.hear(payload ?? '')
    })
    fresh.on('error', () => lost(fresh))
    fresh.on('end', () => lost(fresh))
    await fresh.connect()
    for (const channel of ears.keys()) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
    current = fresh
    return fresh
  }

  let current: pg.Client | undefined

  function lost(broken: pg.Client): void {
    if (closed || current !== broken) return
    current = undefined
    client = undefined
    reconnect(firstRetryMs)
  }

  function reconnect(waitMs: number): void {
    retry = setTimeout(async () => {
      try {
        client = connect()
        await client
        for (const set of ears.values()) for (const ear of set) ear.gap?.()
      } catch {
        client = undefined
        if (!closed) reconnect(Math.min(waitMs * 2, longestRetryMs))
      }
    }, waitMs)
    retry.unref()
  }

  async function listen(channel: string, hear: Ear['hear'], gap?: Ear['gap']): Promise<() => Promise<void>> {
    const ear: Ear = { hear, gap }
    const isNew = !ears.has(channel)
    const set = ears.get(channel) ?? new Set()
    ears.set(channel, set.add(ear))
    const known = client
    client ??= connect()
    await client
    if (known && isNew) await (await client).query(`listen ${pg.escapeIdentifier(channel)}`)
    return async () => {
      set.delete(ear)
      if (set.size > 0 || ears.get(channel) !== set) return
      ears.delete(channel)
      await current?.query(`unlisten ${pg.escapeIdentifier(channel)}`)
    }
  }

  async function close(): Promise<void> {
    closed = true
    clearTimeout(retry)
    ears.clear()
    const last = await client?.catch(() => undefined)
    await last?.end()
  }

  return { listen, close }
}
