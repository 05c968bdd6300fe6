import { sql } from 'kysely'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { mayWriteIn } from '../find-space.ts'
import { titleOf } from '../space-words.ts'
import { loadMembership } from './standing.ts'

/** Admissions that wait for our agreement, for an objection of ours, or for the opener's second step. */
export async function membershipNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const mayAdmit = viewer.may('spaces.open:manage')
  if (!mayAdmit && !viewer.may('spaces.admission-vetoed:send')) return []
  const spaces = await spacesUnderChange(services)
  const needs = await Promise.all(spaces.map((space) => needsOf(services, viewer, space)))
  return needs.flat()
}

/** Only spaces in which somebody asked; most never change their members. */
async function spacesUnderChange(services: Services) {
  const rows = await services.db
    .selectFrom('log.entry')
    .select('space')
    .distinct()
    // Literals: with parameters the index on these two types could not be used.
    .where(sql<boolean>`type in ('space.member-admitted', 'spaces.admission-proposed')`)
    .execute()
  const asked = new Set(rows.map((row) => row.space))
  const listed = await services.ledger.list({ member: services.party })
  return listed.filter((space) => asked.has(space.id) && mayWriteIn(services, space))
}

async function needsOf(
  services: Services,
  viewer: Viewer,
  space: Awaited<ReturnType<typeof spacesUnderChange>>[number],
): Promise<Need[]> {
  const { way, awaited, windows } = await loadMembership(services, viewer, space)
  const here = `/spaces/${space.id}/members`
  const common = { form: 'spaces.need.members', headline: titleOf(space, viewer.person.language), space: space.id }
  const mayAdmit = viewer.may('spaces.open:manage')
  const agreements = awaited
    .filter((one) => mayAdmit && way === 'both' && !one.agreedBy.includes(services.party))
    .map(
      (one): Need => ({
        ...common,
        key: `admission:${one.act.hash}`,
        verb: 'spaces.need.decide',
        from: one.agreedBy[0],
        href: `${here}/agree/${one.act.hash}`,
        waitsFor: 'me',
      }),
    )
  const steps = windows.flatMap((one): Need[] => {
    const isOurs = one.author === services.party
    const mayVeto = one.state === 'open' && !isOurs && viewer.may('spaces.admission-vetoed:send')
    if (!mayVeto && !(one.state === 'free' && isOurs && way === 'window' && mayAdmit)) return []
    return [
      {
        ...common,
        key: `window:${one.proposal}`,
        verb: mayVeto ? 'spaces.need.decide' : 'spaces.need.admit',
        from: mayVeto ? one.author : one.party,
        href: `${here}#window-${one.proposal}`,
        ...(mayVeto && { dueAt: one.endsAt }),
        waitsFor: 'me',
      },
    ]
  })
  return [...agreements, ...steps]
}
