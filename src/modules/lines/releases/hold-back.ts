import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import { findRelease, listChoices, readEmbargoes } from './releases.ts'
import './tables.ts'

/** `<space> <proposal>`, as forms carry it; empty frees. */
export type Choice = { space: string; release: string } | undefined

export const choiceOf = (typed: string): Choice => {
  const [space, release] = typed.split(' ')
  return space && release ? { space, release } : undefined
}

/**
 * Lets a line or a read-out wait for an agreed time of release, or for one that is proposed; or frees it. An agreed time
 * that has not come holds until all sides move it, or it was broken.
 *
 * @throws Refusal `lines.release-binds`, `lines.release-not-found`
 */
export async function holdBack(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { id, about, until }: { id: string; about: string; until: Choice },
): Promise<boolean> {
  const inside = { ...services, db: tx as Reader } as Services
  const now = (await readEmbargoes(inside, [about])).get(about)
  if (now?.release === until?.release) return false
  if (now?.state === 'agreed' && !now.isBroken) throw new Refusal('lines.release-binds')
  if (until) {
    const [found, choices] = await Promise.all([findRelease(inside, until.space, until.release), listChoices(inside)])
    if (!found || !choices.some(({ hash }) => hash === found.hash))
      throw new Refusal('lines.release-not-found', { field: 'until' })
  }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('home.lines_embargo')
    .values({
      id,
      about,
      space: until?.space ?? null,
      release: until?.release ?? null,
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((there) => there.column('id').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
