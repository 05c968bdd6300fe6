import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { titleOf } from '../space-words.ts'
import { hostChanged } from './host-changed-act.ts'
import { loadOrdering } from './standing.ts'

/** Offers to order a space that wait for our word, and acts of ours that a left record had. */
export async function orderingNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const [left, offered] = await Promise.all([leftNeeds(services, viewer), offerNeeds(services, viewer)])
  return [...left, ...offered]
}

async function leftNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('spaces.left:release')) return []
  const waiting = new Set((await services.tenders.waiting()).map(({ hash }) => hash))
  const left = (await services.ledger.orphans()).filter(
    ({ again, statement, hash }) => !again && statement.author === services.party && !waiting.has(hash),
  )
  const spaces = await Promise.all([...new Set(left.map((one) => one.space))].map((one) => services.ledger.find(one)))
  return spaces.flatMap((space): Need[] =>
    space
      ? [
          {
            key: `left:${space.id}`,
            verb: 'spaces.need.say-again',
            form: 'spaces.left.title',
            headline: titleOf(space, viewer.person.language),
            href: `/spaces/${space.id}#left`,
            space: space.id,
            waitsFor: 'me',
          },
        ]
      : [],
  )
}

/** Looked for only where a party says so: tendered, or on the record since the present host orders it. */
async function offerNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may(`${hostChanged}:draft`)) return []
  const recorded = await services.db
    .selectFrom('view.without_effect')
    .select('space')
    .distinct()
    .where('reason', '=', 'awaits-agreement')
    .execute()
  const tendered = (await services.tenders.waiting()).filter(({ statement }) => statement.type === hostChanged)
  const needs: Need[] = []
  for (const id of new Set([...recorded, ...tendered].map((one) => one.space))) {
    const space = await services.ledger.find(id)
    if (!space) continue
    const { offers, ours } = await loadOrdering(services, viewer, space)
    const offer = offers.find((one) => one.isOffered)
    if (!offer || ours !== undefined) continue
    needs.push({
      key: `ordering:${space.id}:${offer.party}`,
      verb: 'spaces.need.agree-host',
      form: 'spaces.ordering.form',
      from: offer.party,
      headline: titleOf(space, viewer.person.language),
      href: `/spaces/${space.id}/host`,
      space: space.id,
      waitsFor: 'me',
    })
  }
  return needs
}
