import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { readTasks } from './read-tasks.ts'

const mostFound = 300

/** Tasks this person may read, as a search finds them; never who asked for access. */
export async function homeTaskRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents.tasks:read')) return []
  return (await readTasks(services, viewer, { limit: mostFound })).map((task) => ({
    href: `/home-tasks/${task.id}`,
    form: `home-tasks.kind.${task.kind}`,
    title: task.title,
    text: {
      reference: task.reference,
      title: task.title,
      asked: task.asked,
      about: Object.values(task.about),
      texts: task.texts.map(({ words }) => words),
      parts: task.parts.map(({ title, words }) => [title, words]),
    },
    marking: { tlp: task.marking },
    at: Math.max(task.openedAt, ...[...task.texts, ...task.parts, ...task.steps].map(({ at }) => at)),
  }))
}
