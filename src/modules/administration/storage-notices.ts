import type { Need, Services, Viewer } from '../../core/module/types.ts'
import '../../core/scrub/tables.ts'
import { titleOf } from '../spaces/index.ts'

interface DamagedSpace {
  space: string
  /** ms. */
  foundAt: number
}

/** Spaces whose stored bytes are wrong and could not be put right so far. */
async function listDamaged({ db }: Pick<Services, 'db'>): Promise<DamagedSpace[]> {
  const rows = await db
    .selectFrom('home.scrub_fault')
    .select(({ fn }) => ['space', fn.min('found_at').as('foundAt')])
    .where('mended_at', 'is', null)
    .groupBy('space')
    .execute()
  return rows.map(({ space, foundAt }) => ({ space, foundAt: Number(foundAt) }))
}

/** What was put right by itself within a moment needs nobody at night. */
const patienceMs = 60_000

/** What this process has told already; the notice itself is kept once per damage and person. */
const told = new WeakMap<Services, Set<string>>()

/** Tells whoever looks after what is stored that a space is damaged and nobody could give the right bytes. */
export async function tellDamage(services: Services): Promise<void> {
  const seen = told.get(services) ?? new Set<string>()
  told.set(services, seen)
  for (const { space, foundAt } of await listDamaged(services)) {
    const key = `storage:${space}:${foundAt}`
    if (seen.has(key) || services.clock.now() < foundAt + patienceMs) continue
    const readers = await services.people.holding('storage:manage')
    await services.db.transaction().execute(async (tx) => {
      for (const person of readers)
        await services.notices.send(tx, {
          key: `${key}:${person}`,
          person,
          message: 'administration.storage.notice',
          link: '/storage#damaged',
          urgency: 'page',
        })
    })
    seen.add(key)
  }
}

export async function damageNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('storage:manage')) return []
  const damaged = await listDamaged(services)
  return Promise.all(
    damaged.map(async ({ space, foundAt }) => {
      const facts = await services.ledger.find(space).catch(() => undefined)
      return {
        key: `administration:storage:${space}`,
        verb: 'administration.storage.see',
        form: 'administration.storage.title',
        headline: facts ? titleOf(facts, viewer.person.language) : space,
        href: `/storage#damaged-${space}`,
        dueAt: foundAt,
        waitsFor: 'me' as const,
      }
    }),
  )
}
