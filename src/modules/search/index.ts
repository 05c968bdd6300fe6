import type { Module } from '../../core/module/types.ts'
import { feedIndex, isIndexBehind } from '../../core/search/index.ts'
import { searchRecords } from './migrations/0001-views-and-assignments.ts'
import { assignedNeeds } from './needs.ts'
import { recordRoutes } from './record-routes.tsx'
import { searchRoutes } from './routes.tsx'

export { listViews, type SavedView } from './saved-views.ts'

const feedTask = 'search.feed'
/** A run leaves room for other jobs; the next tick sees that there is more. */
const longestRunMs = 5_000
/** Ticks follow each act; several of them are read together. */
const restMs = 1_000
/** By database, on this process's own monotonic clock. */
const lookedAt = new WeakMap<object, number>()

/** One question over what every module’s acts say. */
export const search: Module = {
  name: 'search',
  migrations: [searchRecords],
  routes: () => [...searchRoutes(), ...recordRoutes()],
  needsOnDevices: true,
  needs: assignedNeeds,
  actActions: ({ act }) => [
    { label: 'search.assign.link', method: 'GET', href: `/spaces/${act.space}/acts/${act.hash}/assign` },
  ],
  tasks: {
    async [feedTask](services) {
      const end = performance.now() + longestRunMs
      await feedIndex(services, () => performance.now() > end)
    },
  },
  async tick({ db, jobs }) {
    const now = performance.now()
    if (now - (lookedAt.get(db) ?? Number.NEGATIVE_INFINITY) < restMs) return
    lookedAt.set(db, now)
    if (!(await isIndexBehind(db))) return
    await db.transaction().execute((tx) => jobs.enqueue(tx, feedTask, {}, { key: feedTask }))
  },
  navigation: [{ href: '/search', label: 'search.navigation', permission: 'signed-in', order: 15 }],
}
