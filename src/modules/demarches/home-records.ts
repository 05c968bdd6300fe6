import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { listDemarches } from './demarche.ts'

/** Démarches below this person's ceiling, with what was noted of them, as a search finds them. */
export async function demarcheRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('demarches:read')) return []
  return (await listDemarches(services, viewer)).map((one) => ({
    href: `/demarches/${one.id}`,
    form: 'demarches.form',
    title: one.subject,
    text: {
      subject: one.subject,
      said: [one.objective, ...one.talkingPoints, ...one.capitals],
      notes: one.notes.flatMap(({ byWhom, toWhom = '', words = '' }) => [byWhom, toWhom, words]),
    },
    marking: { tlp: one.tlp },
    at: one.notes.at(-1)?.notedAt ?? one.instructedAt,
  }))
}
