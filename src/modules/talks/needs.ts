import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { confirmationsOf, listMeetings, startOf, stateOf } from './meetings.ts'

/** Talks to which we are asked and have named no time, and those of ours that wait for the others. */
export async function talksNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { party } = services
  const open = (await listMeetings(services, { since: services.clock.now() })).filter(
    (row) => stateOf(row) === 'proposed',
  )
  const needs = await Promise.all(
    open.map(async (row): Promise<Need[]> => {
      const isAsked = row.with_parties.includes(party)
      if (!isAsked && row.author !== party) return []
      if (isAsked && !viewer.may('talks.time-confirmed:send')) return []
      const hasSaid = (await confirmationsOf(services, row)).some((one) => one.party === party)
      return [
        {
          key: `talks:${row.hash}`,
          verb: 'talks.action.choose',
          form: 'talks.form',
          from: row.author,
          headline: '',
          subjectOf: row.hash,
          href: `/spaces/${row.space}/talks/${row.hash}`,
          dueAt: startOf(row),
          space: row.space,
          waitsFor: isAsked && !hasSaid ? 'me' : 'them',
        },
      ]
    }),
  )
  return needs.flat()
}
