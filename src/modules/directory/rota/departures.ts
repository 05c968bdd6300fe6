import type { Services } from '../../../core/module/types.ts'
import { listOnDuty } from './shifts.ts'
import '../tables.ts'

/**
 * Ends duties of people who left the house, and tells whoever keeps the rota: by a page where nobody else is on duty
 * now. Each duty is ended, and told of, once.
 */
export async function endDutiesOfWhoLeft(
  services: Pick<Services, 'db' | 'clock' | 'people' | 'notices'>,
): Promise<void> {
  const { db, clock, people, notices } = services
  const now = clock.now()
  const open = await db
    .selectFrom('home.directory_shift')
    .select(['id', 'person', 'person_name', 'from_at'])
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', now)]))
    .limit(2_000)
    .execute()
  if (open.length === 0) return
  const here = new Set((await people.list()).map((person) => person.id))
  for (const shift of open.filter(({ person }) => !here.has(person))) {
    const isMidDuty = shift.from_at <= now
    const isLast = isMidDuty && (await listOnDuty(services, now)).length === 0
    const keepers = await people.holding('directory.rota:manage')
    await db.transaction().execute(async (tx) => {
      const ended = await tx
        .updateTable('home.directory_shift')
        // One that had not begun never was: it ends as it would have begun.
        .set({ ended_at: isMidDuty ? now : shift.from_at, ended_why: 'left' })
        .where('id', '=', shift.id)
        .where('ended_at', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (!ended) return
      for (const person of keepers)
        await notices.send(tx, {
          key: `rota-left:${shift.id}:${person}`,
          person,
          message: isLast ? 'directory.rota.notice.left-nobody' : 'directory.rota.notice.left',
          facts: { name: shift.person_name ?? '–', now: isMidDuty ? 'yes' : 'no' },
          link: '/directory/rota',
          urgency: isLast ? 'page' : 'normal',
        })
    })
  }
}
