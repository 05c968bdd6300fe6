import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { createTranslator, formatDateTime, formatDuration } from '../../../text/index.ts'
import { listHandOvers } from './hand-over.ts'
import { gapsIn } from './on-duty.ts'
import { keepsRota, readRota } from './shifts.ts'

/** How far ahead whoever keeps the rota is told of hours without anybody, ms. */
export const aheadMs = 7 * 24 * 60 * 60 * 1_000

/** A duty offered to this person; for whoever keeps the rota, the first hours on which nobody is on duty. */
export async function rotaNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const now = services.clock.now()
  const t = createTranslator(viewer.person.language)
  const waiting = await listHandOvers(services, { waiting: true, limit: 50 })
  const offered = waiting
    .filter((one) => one.to_person === viewer.person.id)
    .map(
      (one): Need => ({
        key: `rota-hand-over:${one.id}`,
        verb: 'directory.rota.hand-over.take',
        form: 'directory.rota.hand-over.form',
        headline: t('directory.rota.hand-over.from', { name: one.from_name }),
        href: `/directory/rota/hand-overs/${one.id}`,
        dueAt: now,
        waitsFor: 'me',
      }),
    )
  if (!viewer.may('directory.rota:manage') || !(await keepsRota(services))) return offered
  const [gap] = gapsIn(await readRota(services, now, now + aheadMs), { from: now, until: now + aheadMs })
  if (!gap) return offered
  const { language, zone } = viewer.person
  return [
    ...offered,
    {
      key: 'rota-gap',
      verb: 'directory.rota.gap.fill',
      form: 'directory.rota.title',
      headline: t('directory.rota.gap.first', {
        from: formatDateTime(gap.from, zone, language, { weekday: true }),
        duration: formatDuration(gap.until - gap.from, language),
      }),
      href: '/directory/rota#gaps',
      dueAt: gap.from,
      waitsFor: 'me',
    },
  ]
}
