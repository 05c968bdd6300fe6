import { sql } from 'kysely'
import type { Services } from '../../core/module/types.ts'
import { endings } from './kinds.ts'
import { taskClock } from './task-clock.ts'
import { readTerms } from './terms.ts'
import './tables.ts'

/** How long before the end whoever drafts it is told. */
const aheadMs = 48 * 3_600_000

/**
 * Tells whoever drafts a task that its day is near, and whoever opened it too once it is past. Each rung is taken once;
 * what is sent says nothing of the task.
 */
export async function remind(services: Services): Promise<void> {
  const { db, clock, party, notices } = services
  const now = clock.now()
  const { content: rules } = readTerms(services)
  for (const row of await openTasks(db)) {
    const timed = { id: row.id, receivedOn: row.received_on, zone: row.zone, term: row.term ?? undefined }
    const extension = row.extension ?? undefined
    const due = taskClock(
      { ...timed, dueOn: row.due_on ?? undefined, extension, ended: undefined },
      rules,
      party,
    )?.dueAt
    if (due === undefined || due - aheadMs > now) continue
    const isLate = due < now
    const people = [...new Set([row.assigned ?? row.by_person, ...(isLate ? [row.by_person] : [])])]
    // An extension begins the climb anew.
    const rung = `${isLate ? 'late' : 'near'}:${due}`
    if (row.rungs.includes(rung)) continue
    await db.transaction().execute(async (tx) => {
      const first = await tx
        .insertInto('home.home_tasks_rung')
        .values({ task: row.id, rung, at: now })
        .onConflict((there) => there.doNothing())
        .returning('task')
        .executeTakeFirst()
      if (!first) return
      for (const person of people)
        await notices.send(tx, {
          key: `home-task:${row.id}:${rung}:${person}`,
          person,
          message: 'home-tasks.notice.due',
          facts: { late: isLate ? 'yes' : 'no' },
          link: `/home-tasks/${row.id}`,
          urgency: isLate ? 'page' : 'normal',
        })
    })
  }
}

function openTasks(db: Services['db']) {
  return db
    .selectFrom('home.home_tasks_task as task')
    .select(['id', 'received_on', 'zone', 'term', 'due_on', 'by_person'])
    .select([
      sql<string | null>`(select s.facts ->> 'person' from home.home_tasks_step s
        where s.task = task.id and s.kind = 'assigned' order by s.ordinal desc limit 1)`.as('assigned'),
      sql<{ dueOn?: string } | null>`(select s.facts from home.home_tasks_step s
        where s.task = task.id and s.kind = 'extended' limit 1)`.as('extension'),
      sql<string[]>`array(select r.rung from home.home_tasks_rung r where r.task = task.id)`.as('rungs'),
    ])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('home.home_tasks_step as ended')
            .select('ended.id')
            .whereRef('ended.task', '=', 'task.id')
            .where('ended.kind', 'in', [...endings]),
        ),
      ),
    )
    .execute()
}
