import { migrations as auth } from '../core/auth/index.ts'
import { migrations as clocks } from '../core/clocks/index.ts'
import { migrations as federation } from '../core/federation/index.ts'
import { migrations as keys } from '../core/keys/index.ts'
import { jobMigrations } from '../core/jobs/index.ts'
import { migrations as log } from '../core/log/index.ts'
import type { Module } from '../core/module/types.ts'
import { migrations as notify } from '../core/notify/index.ts'
import { migrations as offline } from '../core/offline/index.ts'
import { migrations as paging } from '../core/paging/index.ts'
import { migrations as offRecord } from '../core/off-record/index.ts'
import { migrations as release } from '../core/release/index.ts'
import { migrations as witnessing } from '../core/witnessing/index.ts'
import { migrations as scrub } from '../core/scrub/index.ts'
import { migrations as search } from '../core/search/index.ts'
import { blobMigrations, type Migration } from '../core/storage/index.ts'

/** Every schema step of a node in order: the rooms below first, then the modules. */
export function allMigrations(modules: readonly Module[]): Migration[] {
  return [
    ...blobMigrations,
    ...jobMigrations,
    ...log,
    ...scrub,
    ...federation,
    ...witnessing,
    ...auth,
    ...keys,
    ...offRecord,
    ...notify,
    ...paging,
    ...offline,
    ...release,
    ...clocks,
    ...search,
    ...modules.flatMap((module) => module.migrations ?? []),
  ]
}
