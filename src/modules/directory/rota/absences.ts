import { InvalidInput } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import '../tables.ts'

export interface NewAbsence {
  id: string
  person: string
  deputy?: string
  fromAt: number
  untilAt: number
}

/**
 * Notes that somebody is not there from one moment to another, and tells who stands in. The same id again changes
 * nothing.
 *
 * @throws {@link InvalidInput} at the field that is wrong
 */
export async function noteAbsence(
  services: Pick<Services, 'db' | 'clock' | 'people' | 'notices'>,
  by: Viewer['person'],
  absence: NewAbsence,
): Promise<void> {
  const { db, clock, people, notices } = services
  const person = await people.find(absence.person)
  if (!person) throw InvalidInput.at('person', 'directory.rota.invalid.no-such-person')
  if (absence.deputy === absence.person) throw InvalidInput.at('deputy', 'directory.rota.invalid.own-deputy')
  if (absence.deputy !== undefined && !(await people.find(absence.deputy)))
    throw InvalidInput.at('deputy', 'directory.rota.invalid.no-such-person')
  if (absence.untilAt <= absence.fromAt) throw InvalidInput.at('until', 'directory.rota.invalid.ends-before')
  if (absence.untilAt <= clock.now()) throw InvalidInput.at('until', 'directory.rota.invalid.over')
  await db.transaction().execute(async (tx) => {
    const noted = await tx
      .insertInto('home.directory_absence')
      .values({
        id: absence.id,
        person: absence.person,
        deputy: absence.deputy ?? null,
        from_at: absence.fromAt,
        until_at: absence.untilAt,
        noted_by: by.id,
        noted_at: clock.now(),
        ended_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!noted || absence.deputy === undefined || absence.deputy === by.id) return
    await notices.send(tx, {
      key: `rota-deputy:${absence.id}`,
      person: absence.deputy,
      message: 'directory.rota.notice.deputy',
      facts: { name: person.name },
      link: '/directory/rota',
      urgency: 'normal',
    })
  })
}

/** Whoever was absent is back. */
export async function endAbsence(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  id: string,
  only?: { person: string },
): Promise<void> {
  let ended = db
    .updateTable('home.directory_absence')
    .set({ ended_at: clock.now() })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
  if (only) ended = ended.where('person', '=', only.person)
  await ended.execute()
}
