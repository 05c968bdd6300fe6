import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { Refusal } from '../http/refusal.ts'
import type { DatedData, DatedFile, DatedHead } from './types.ts'

interface Kept {
  /** Size and time of change of the file that was read; empty for the shipped one. */
  stamp: string
  data: DatedData<DatedHead>
}

/** What was read, by folder and path: a page asks for it many times, the file changes once a year. */
const kept = new Map<string, Kept>()

/**
 * The rules of a file: the house's own in `rules/` of its data folder where there is one, else the shipped ones. A file
 * that changed is read again at once.
 *
 * @throws Refusal `dated-data.faulty`, naming file, place and mistake. A faulty file never counts for the shipped one.
 */
export function readDated<T extends DatedHead>(
  { settings }: { settings: { dataDir?: string } },
  file: DatedFile<T>,
): DatedData<T> {
  const folder = typeof settings.dataDir === 'string' ? settings.dataDir : undefined
  const place = folder === undefined ? undefined : join(folder, 'rules', file.path)
  const stamp = place === undefined ? '' : stampOf(place)
  const key = `${stamp === '' ? '' : place}\n${file.path}`
  const before = kept.get(key)
  if (before?.stamp === stamp) return before.data as DatedData<T>
  const raw = stamp === '' ? file.shipped : parse(readFileSync(place as string, 'utf8'), file.path)
  const data = { content: check(file, raw), own: stamp !== '', path: file.path }
  kept.set(key, { stamp, data })
  return data
}

/** Reads all of them once, so that a node does not start on a file with a mistake. */
export function checkDated(services: { settings: { dataDir?: string } }, files: readonly DatedFile<DatedHead>[]): void {
  for (const file of files) readDated(services, file)
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.size} ${found.mtimeMs}` : ''
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const at = Number(/position (\d+)/.exec(String(error))?.[1] ?? Number.NaN)
    const before = text.slice(0, Number.isNaN(at) ? text.length : at).split('\n')
    throw faulty(path, `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`, 'this is no JSON')
  }
}

const mostFaults = 5

function check<T extends DatedHead>(file: DatedFile<T>, raw: unknown): T {
  const read = file.schema.safeParse(raw)
  if (read.success) return read.data
  const [first] = read.error.issues
  const more = read.error.issues.slice(1, mostFaults).map((issue) => `${placeOf(issue)}: ${issue.message}`)
  throw faulty(file.path, first ? placeOf(first) : '', [first?.message ?? '', ...more].join('; '))
}

/** `measures[3].needs[0]`. */
const placeOf = ({ path }: z.core.$ZodIssue): string =>
  path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`)).join('')

/** What is wrong in a file of rules, and where. */
export function faulty(file: string, place: string, what: string): Refusal {
  const refusal = new Refusal('dated-data.faulty', { file: `rules/${file}`, place, what })
  // At start nobody fills the sentence of the catalogue: the log has to name the place by itself.
  refusal.message = `rules/${file}, at ${place}: ${what}`
  return refusal
}
