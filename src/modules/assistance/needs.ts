import { clocksAbout, openClocks } from '../../core/clocks/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { listOpen, type OpenRequest } from './list-open.ts'
import { clocks } from './projection.ts'

interface Wanted {
  verb: string
  power: string
  waitsFor: 'me' | 'them'
}

/** What a request in this state asks of whom. */
function wantedOf({ state, extension, mine, untaken }: OpenRequest): Wanted | undefined {
  const me = (verb: string, power: string): Wanted => ({ verb, power, waitsFor: 'me' })
  if (mine) {
    if (untaken) return me('take-terms', 'assistance.terms-taken:send')
    if (state === 'refused' || state === 'executed') return me('request-closed', 'assistance.request-closed:draft')
    return { verb: 'see', power: 'assistance:read', waitsFor: 'them' }
  }
  if (extension !== null) return me('extension-answered', 'assistance.extension-answered:draft')
  if (state === 'received') return me('answer', 'assistance.request-accepted:draft')
  if (state === 'accepted' || state === 'partly') return me('request-executed', 'assistance.request-executed:draft')
  return state === 'postponed' ? me('answer', 'assistance.request-accepted:draft') : undefined
}

/** Requests of others that wait for our word or deed, ours that wait for theirs, and what was asked by voice alone. */
export async function assistanceNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const [open, running] = await Promise.all([listOpen(services), openClocks(db, {})])
  const about = await clocksAbout(
    db,
    open.map(({ hash }) => hash),
  )
  const requests = open.flatMap((row): Need[] => {
    const wanted = wantedOf(row)
    if (!wanted || !viewer.may(wanted.power as never)) return []
    const clock = about.get(row.hash)?.find((one) => one.metBy === undefined && one.cancelledBy === undefined)
    return [
      {
        key: `assistance:${wanted.verb}:${row.hash}`,
        verb: `assistance.action.${wanted.verb}`,
        form: `requests.kind.${row.kind}`,
        from: row.mine ? row.addressee : row.author,
        headline: '',
        subjectOf: row.hash,
        href: `/assistance/${row.hash}`,
        space: row.space,
        waitsFor: wanted.waitsFor,
        ...(clock && { clock, dueAt: clock.dueAt }),
      },
    ]
  })
  const unwritten = running.filter((one) => one.regime === clocks.confirmInWriting && one.duty === party)
  if (!viewer.may('channels.note-sent:draft')) return requests
  return [
    ...requests,
    ...unwritten.map(
      (clock): Need => ({
        key: `assistance:write:${clock.about}`,
        verb: 'assistance.action.write',
        form: 'assistance.form.request-spoken',
        headline: '',
        subjectOf: clock.about,
        href: '/assistance#spoken',
        space: clock.space,
        waitsFor: 'me',
        clock,
        dueAt: clock.dueAt,
      }),
    ),
  ]
}
