export { answered, once, readingOnce } from './asked-once.ts'
export { type BackedFiles, type BackupReport, backup, type RestoreReport, restore, testRestore } from './backup.ts'
export { blobMigrations, createBlobs } from './blobs.ts'
export { removeEmbeddedPostgres } from './embedded-postgres.ts'
export { integers, texts } from './lists.ts'
export { migrate } from './migrate.ts'
export { type Database, type DatabasePlace, openDatabase } from './open-database.ts'
export { sliced } from './slices.ts'
export {
  adoptStaged,
  appendStaged,
  beginStaged,
  copyStaged,
  digestStaged,
  findStaged,
  forgetStaged,
  readStaged,
  type Staged,
  wholeStaged,
} from './staged-blobs.ts'
export {
  diskFull,
  meansAway,
  meansDiskFull,
  meansReadOnly,
  meansUnreadable,
  noteByTheWay,
  StorageTrouble,
  type StorageTroubleCode,
} from './trouble.ts'
export type { Blobs, Db, Migration, Reader, Tx } from './types.ts'
