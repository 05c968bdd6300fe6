import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { listTransfers } from './transfer.ts'

/** Packages for archives that wait for a second person, before whoever may be it. */
export async function transferNeeds({ db }: Pick<Services, 'db'>, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('register.transfer:release')) return []
  const waiting = await listTransfers(db, 'proposed')
  return waiting
    .filter(({ proposedBy }) => proposedBy.id !== viewer.person.id)
    .map(({ id, archive, code }) => ({
      key: `transfer:${id}`,
      verb: 'channels.transfer.need',
      form: 'channels.transfer.form',
      headline: `${code} · ${archive}`,
      href: `/register/transfers/${id}`,
      waitsFor: 'me',
    }))
}
