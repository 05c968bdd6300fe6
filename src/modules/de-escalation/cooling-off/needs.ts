import { clocksAbout } from '../../../core/clocks/index.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { titleOf } from '../../spaces/index.ts'
import { listStanding, listUnansweredBreaches, stateOf } from './periods.ts'
import { regime } from './projection.ts'
import type { PeriodRow } from './tables.ts'

const hrefOf = ({ space, hash }: { space: string; hash: string }) => `/spaces/${space}/cooling-off#period-${hash}`

/** Periods that run, proposals to answer or that wait for others, and statements about us that we have not answered. */
export async function coolingOffNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, ledger, party } = services
  const [rows, breaches] = await Promise.all([listStanding(services), listUnansweredBreaches(services, party)])
  if (rows.length === 0 && breaches.length === 0) return []
  const [spaces, agreed, clocks] = await Promise.all([
    ledger.list({ among: [...new Set([...rows, ...breaches].map(({ space }) => space))] }),
    agreedBy(services, rows),
    clocksAbout(
      db,
      rows.map(({ hash }) => hash),
    ),
  ])
  const nows = new Map(
    await Promise.all(
      spaces.map(
        async (space) => [space.id, space.drill ? await ledger.scenarioNow(space) : services.clock.now()] as const,
      ),
    ),
  )
  const titles = new Map(spaces.map((space) => [space.id, titleOf(space, viewer.person.language)]))
  const mayAnswer = viewer.may('de-escalation.cooling-off-agreed:draft')
  const stateNow = (row: PeriodRow) => stateOf(row, nows.get(row.space) ?? services.clock.now())
  const stands = new Set(rows.filter((row) => ['running', 'to-come'].includes(stateNow(row))).map(({ hash }) => hash))
  const needs = rows.flatMap((row): Need[] => {
    const state = stateNow(row)
    // A later end of what is over cannot be agreed any more.
    if (row.prolongs !== null && !stands.has(row.prolongs)) return []
    const need = (verb: string, over: Partial<Need>): Need[] => [
      {
        key: `cooling-off:${row.hash}`,
        verb: `de-escalation.cooling.verb.${verb}`,
        form: `de-escalation.cooling.need.${verb}`,
        from: row.author,
        headline: titles.get(row.space) ?? '',
        href: hrefOf(row),
        dueAt: row.ends_at,
        space: row.space,
        ...over,
      },
    ]
    if (stands.has(row.hash)) {
      if (row.prolongs !== null) return []
      const clock = clocks.get(row.hash)?.find((one) => one.regime === regime && one.cancelledBy === undefined)
      return need('see', { clock, waitsFor: 'nobody', from: undefined })
    }
    if (state !== 'proposed' || !row.sides.includes(party)) return []
    const isOurs = row.author === party || agreed.has(row.hash)
    if (!isOurs && !mayAnswer) return []
    return need(isOurs ? 'wait' : 'answer', { waitsFor: isOurs ? 'them' : 'me' })
  })
  const stated = viewer.may('de-escalation.breach-answered:draft') ? breaches : []
  return [
    ...needs,
    ...stated.map(
      (breach): Need => ({
        key: `breach:${breach.hash}`,
        verb: 'de-escalation.cooling.verb.reply',
        form: 'de-escalation.cooling.need.reply',
        from: breach.author,
        headline: titles.get(breach.space) ?? '',
        href: hrefOf({ space: breach.space, hash: breach.proposal }),
        space: breach.space,
        waitsFor: 'me',
      }),
    ),
  ]
}

/** Of these proposals those to which we agreed. */
async function agreedBy({ db, party }: Services, rows: PeriodRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const said = await db
    .selectFrom('view.de_escalation_agreement')
    .select('proposal')
    .where('party', '=', party)
    .where(
      'proposal',
      'in',
      rows.map(({ hash }) => hash),
    )
    .execute()
  return new Set(said.map(({ proposal }) => proposal))
}
