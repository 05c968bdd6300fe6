import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { deskPower, listReports } from './reports.ts'

/** Reports by mail that nobody has decided on; what programs sent waits on its list only. */
export async function mailInNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may(deskPower)) return []
  const waiting = await listReports(services, viewer, 'waiting', { limit: 10 })
  return waiting.map(({ id, number, subject }) => ({
    key: `mail-in.report:${id}`,
    verb: 'mail-in.need.decide',
    form: 'mail-in.need.form',
    headline: subject === '' ? `R-${number}` : subject,
    href: `/reports-received/${id}`,
    waitsFor: 'me',
  }))
}
