import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { barTo } from './end-task.ts'
import { powerOf } from './kinds.ts'
import { readTasks, type Task } from './read-tasks.ts'

/** Open tasks that wait for this person, one line each: to assign, to draft, to look at again, to clear, to send. */
export async function homeTaskNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents.tasks:draft') && !Object.values(powerOf).some((power) => viewer.may(power))) return []
  const tasks = await readTasks(services, viewer, { open: true })
  return tasks.flatMap((task): Need[] => {
    const verb = verbOf(task, viewer)
    if (verb === undefined) return []
    return [
      {
        key: `home-tasks:${task.id}`,
        verb: `home-tasks.need.${verb}`,
        form: `home-tasks.kind.${task.kind}`,
        headline: task.title,
        href: `/home-tasks/${task.id}`,
        waitsFor: 'me',
        ...(task.clock && { dueAt: task.clock.dueAt, clock: task.clock }),
      },
    ]
  })
}

function verbOf(task: Task, viewer: Viewer): string | undefined {
  const isMine = task.assigned === viewer.person.id
  const mayDraft = viewer.may('incidents.tasks:draft')
  if (isMine && task.drawn.some(({ isFlagged }) => isFlagged)) return 'flagged'
  if (isMine && task.nextStage === undefined) return 'answer'
  if (isMine && (task.texts.length === 0 || isSentBack(task))) return 'write'
  if (barTo(viewer, task) === undefined) return 'clear'
  if (task.assigned === undefined && mayDraft) return 'assign'
  // What is late is the matter of whoever leads, too.
  return task.clockState === 'overdue' && viewer.may(powerOf.head) ? 'overdue' : undefined
}

/** Somebody sent back exactly what stands. */
export const isSentBack = ({ steps, as }: Task): boolean =>
  steps.some(({ kind, facts }) => kind === 'sent-back' && facts.as === as)
