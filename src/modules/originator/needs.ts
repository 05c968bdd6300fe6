import { openClocks } from '../../core/clocks/index.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { openRequests, type Request } from './consents.ts'
import { consentRegime } from './projection.ts'

/** Requests for our consent, and ours that wait for another's. */
export async function originatorNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const [toUs, ofOurs, clocks] = await Promise.all([
    viewer.may('originator.consent-given:draft') ? openRequests(db, { originator: party }) : [],
    openRequests(db, { author: party }),
    openClocks(db, { regime: consentRegime }),
  ])
  const clockOf = new Map(clocks.map((clock) => [clock.about, clock]))
  const need = (row: Request, waitsFor: 'me' | 'them'): Need => ({
    key: `originator:${row.request}:${waitsFor}`,
    verb: waitsFor === 'me' ? 'originator.action.answer' : 'originator.action.look',
    form: 'originator.form.requested',
    from: waitsFor === 'me' ? row.author : row.originator,
    headline: services.nameOf(waitsFor === 'me' ? row.author : row.originator, viewer.person.language),
    href: actHref(row.space, row.request),
    space: row.space,
    dueAt: clockOf.get(row.request)?.dueAt,
    clock: clockOf.get(row.request),
    waitsFor,
  })
  return [...toUs.map((row) => need(row, 'me')), ...ofOurs.map((row) => need(row, 'them'))]
}
