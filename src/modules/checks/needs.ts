import { openClocks } from '../../core/clocks/index.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { listChallengesTo, listResults, listRounds } from './queries.ts'

/** Checks that wait for our answer, and rounds of ours that are over and not published. */
export async function checkNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const [asked, over] = await Promise.all([
    viewer.may('channels.check-answered:send') ? challengeNeeds(services) : [],
    viewer.may('checks.results-published:send') ? roundNeeds(services) : [],
  ])
  return [...asked, ...over]
}

async function challengeNeeds({ db, party }: Services): Promise<Need[]> {
  const open = await listChallengesTo(db, party, { open: true })
  if (open.length === 0) return []
  const clocks = await openClocks(db, { duty: party })
  // One line per round: what was asked again is answered with the same button.
  const newest = new Map(open.toReversed().map((row) => [`${row.space} ${row.round}`, row]))
  return [...newest.values()].map((row) => {
    const clock = clocks.find(({ about }) => about === row.hash)
    return {
      key: `challenge:${row.hash}`,
      verb: 'channels.action.answer-check',
      form: 'checks.challenge.form',
      from: row.author,
      headline: '',
      href: actHref(row.space, row.hash),
      space: row.space,
      dueAt: clock?.dueAt,
      clock,
      waitsFor: 'me' as const,
    }
  })
}

async function roundNeeds(services: Services): Promise<Need[]> {
  const rounds = await listRounds(services.db)
  const published = new Set(
    (
      await listResults(
        services.db,
        rounds.map(({ id }) => id),
      )
    ).map(({ round }) => round),
  )
  const needs = await Promise.all(
    rounds
      .filter(({ id }) => !published.has(id))
      .map(async (round): Promise<Need[]> => {
        const network = await services.ledger.find(round.network)
        if (!network || (await services.ledger.scenarioNow(network)) < round.closes_at) return []
        return [
          {
            key: `results:${round.id}`,
            verb: 'checks.action.publish',
            form: 'checks.campaign.form',
            headline: '',
            href: `/checks/rounds/${round.id}`,
            space: network.id,
            waitsFor: 'me',
          },
        ]
      }),
  )
  return needs.flat()
}
