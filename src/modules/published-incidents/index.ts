import type { Module } from '../../core/module/types.ts'
import { readBatch, readingTask } from './import-batch.ts'
import { publishedIncidentsTables } from './migrations/0001-published-incidents.ts'
import { publishedIncidentsFigures } from './migrations/0002-figures.ts'
import { publishedIncidentRoutes } from './routes.tsx'

export { type Batch, getBatch, listBatches, listProblems } from './batches.ts'
export { beginBatch, readBatch } from './import-batch.ts'
export { keepBatch, previewOf, removeBatch } from './keep-batch.ts'
export { type PublishedAttribution, publishedBehind } from './published-behind.ts'
export { type OthersCriteria, type RecordedResponse, type WhatOthersDid, whatOthersDid } from './what-others-did.ts'

/** What data sets have published about incidents: home records for comparison, with no way to an act. */
export const publishedIncidents: Module = {
  name: 'published-incidents',
  migrations: [publishedIncidentsTables, publishedIncidentsFigures],
  routes: publishedIncidentRoutes,
  tasks: {
    [readingTask]: (services, payload) => readBatch(services, (payload as { batch: string }).batch),
  },
}
