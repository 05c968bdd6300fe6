import type { Services } from '../../core/module/types.ts'

/** What this process has told already; the notice itself is kept once per key and person. */
const told = new WeakMap<Services, Set<string>>()

/** Tells whoever looks after peers that a pinned peer changed its keys since it was compared. */
export async function tellKeyChanges(services: Services): Promise<void> {
  const seen = told.get(services) ?? new Set<string>()
  told.set(services, seen)
  for (const { party, keyEvents = [], pinnedAt } of await services.peers.list()) {
    if (pinnedAt === undefined) continue
    for (const { index, kind, time } of keyEvents) {
      const key = `peer-keys:${party}:${index}`
      if (time < pinnedAt || seen.has(key)) continue
      await tell(services, { key, party, kind, index })
      seen.add(key)
    }
  }
}

async function tell(
  { db, people, notices }: Services,
  { key, party, kind, index }: { key: string; party: string; kind: string; index: number },
): Promise<void> {
  const readers = await people.holding('peers:manage')
  await db.transaction().execute(async (tx) => {
    for (const person of readers) {
      await notices.send(tx, {
        key: `${key}:${person}`,
        person,
        message: `administration.keys.notice.${kind}`,
        facts: { party, index },
        link: `/peers/${party}`,
        urgency: kind === 'rotated' ? 'normal' : 'page',
      })
    }
  })
}
