export { createScrub, type Scrub, type ScrubPace } from './create-scrub.ts'
export { readBundle } from './find-target.ts'
export { migrations } from './migrations.ts'
export type { Fault, ScrubReport, Sources, StoredChecks, StoredSpace } from './types.ts'
