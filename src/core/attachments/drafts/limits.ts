import { limits } from '../../../protocol/index.ts'

/** Limits a person meets. Bytes, files, ms. */
export const attachmentLimits = {
  file: limits.attachment,
  /** Of one piece of an upload. */
  piece: 4 * 1024 * 1024,
  /** Of all files of one draft together, so that every member can fetch them. */
  draft: 400 * 1024 * 1024,
  files: 20,
  /** What one person may have waiting in drafts. */
  person: 1024 * 1024 * 1024,
  /** Of all files kept with one record at home. */
  record: 4 * 1024 * 1024 * 1024,
  /** An upload that nobody went on with, a file of a draft that was never saved. */
  keptMs: 48 * 3_600_000,
  /** Files of a saved draft that nobody touched. */
  draftKeptMs: 30 * 24 * 3_600_000,
  title: 200,
} as const

export const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)
