import { sql } from 'kysely'
import {
  hostAt,
  type Json,
  openBlob,
  ProtocolError,
  readCheckpoint,
  readLeaf,
  toBase64url,
} from '../../protocol/index.ts'
import { DamagedLog, listGoneParts, loadAdmission, loadTree, parsePart } from '../log/index.ts'
import { type Blobs, type Db, meansAway, meansDiskFull, type Tx } from '../storage/index.ts'
import { chunkSize, compareStored, isWhole, readStored, type StoredEntry } from './read-stored.ts'
import { type EarlierEntries, Recomputation, type Recomputed } from './recompute.ts'
import type { Fault } from './types.ts'

export interface Checked {
  faults: Fault[]
  /** Entry to go on from; 0 when the space was read to its end. */
  next: number
}

/**
 * Reads one stretch of a space back and computes everything again from its bytes: leaves, signatures and rules,
 * roots, nodes, parts, payloads; at its end also head and checkpoint. One snapshot, so that appending goes on.
 */
export async function checkStretch(
  { db, blobs }: { db: Db; blobs: Blobs },
  space: string,
  from: number,
): Promise<Checked> {
  try {
    return await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tx) => readBack({ tx, blobs, space }, from))
  } catch (error) {
    if (meansAway(error) || meansDiskFull(error)) throw error
    return { faults: [faultOf(space, error)], next: 0 }
  }
}

interface Reading {
  tx: Tx
  blobs: Blobs
  space: string
}

function faultOf(space: string, error: unknown): Fault {
  const detail = error instanceof Error ? error.message : String(error)
  return { space, what: error instanceof ProtocolError || error instanceof DamagedLog ? 'entry' : 'unreadable', detail }
}

async function readBack(reading: Reading, from: number): Promise<Checked> {
  const { tx, space } = reading
  const head = await tx.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
  if (!head || (head.size === 0 && from === 0)) return { faults: [], next: 0 }
  const stored = await readStored(tx, space, from, from + chunkSize)
  const gap = stored.findIndex((row, at) => row.idx !== from + at)
  if (gap >= 0) return { faults: [lost(space, from + gap)], next: 0 }
  const run = await startAt(reading, from)
  const faults: Fault[] = []
  const computed: Recomputed[] = []
  const earlier = await earlierThan(tx, space, stored)
  for (const { leaf, idx } of stored) {
    try {
      computed.push(await run.add(leaf, (commitment) => readBody(reading, commitment), earlier))
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return { faults: [{ space, what: 'entry', index: idx, detail: `entry ${idx}: ${error.message}` }], next: 0 }
    }
  }
  faults.push(...(await compareStored(tx, space, stored, computed)))
  faults.push(...(await wrongPayloads(reading, stored, head.hosted)))
  const next = from + stored.length
  if (next < head.size && stored.length === chunkSize) return { faults, next }
  if (next !== head.size) faults.push(lost(space, Math.min(next, head.size)))
  else faults.push(...(await wrongHead(reading, head, run)))
  return { faults, next: 0 }
}

const lost = (space: string, index: number): Fault => ({
  space,
  what: 'entry',
  index,
  detail: `entry ${index} is missing, or stands beyond the end`,
})

async function startAt({ tx, blobs, space }: Reading, from: number): Promise<Recomputation> {
  if (from === 0) return new Recomputation(space)
  const tree = await loadTree(tx, space, from)
  const last = await tx
    .selectFrom('log.entry')
    .select(['root', 'time'])
    .where('space', '=', space)
    .where('idx', '=', from - 1)
    .executeTakeFirstOrThrow()
  if (Buffer.compare(last.root, tree.root()) !== 0) throw new DamagedLog(`the root at size ${from}`)
  const admission = await loadAdmission(tx, blobs, { space, size: from })
  return new Recomputation(space, { admission: { ...admission, root: toBase64url(last.root), time: last.time }, tree })
}

/** Roots and acts that the statements of this stretch name. */
async function earlierThan(tx: Tx, space: string, stored: readonly StoredEntry[]): Promise<EarlierEntries> {
  const statements = stored.flatMap(({ leaf }) => {
    try {
      return [readLeaf(leaf).act.statement]
    } catch {
      // Said where its entry is read.
      return []
    }
  })
  const { rows } = await sql<{ idx: number; root: Buffer; act_hash: string }>`
    select idx, root, act_hash from log.entry where space = ${space}
      and idx = any(${statements.map(({ seen }) => seen.size - 1)}::bigint[])
    union
    select idx, root, act_hash from log.entry where space = ${space}
      and act_hash = any(${statements.flatMap(({ after = [] }) => after)}::text[])`.execute(tx)
  const roots = new Map(rows.map((row) => [row.idx + 1, toBase64url(row.root)]))
  const acts = new Set(rows.map((row) => row.act_hash))
  return { rootAt: (size) => roots.get(size), has: (hash) => acts.has(hash) }
}

async function readBody({ tx, blobs }: Reading, commitment: string): Promise<Json> {
  const blob = await blobs.find(tx, commitment)
  if (!blob) throw new DamagedLog(`the body ${commitment} is not stored`)
  return parsePart(openBlob(blob, commitment))
}

/** Payloads that are not what their act committed to. A host also answers for those that are gone. */
async function wrongPayloads({ tx, blobs, space }: Reading, stored: readonly StoredEntry[], hosted: boolean) {
  const faults: Fault[] = []
  const gone = await listGoneParts(tx, space)
  for (const { idx, parts } of stored)
    for (const part of parts) {
      const { hash } = part
      if (gone.has(hash) || (part.plain != null && gone.has(part.plain))) continue
      const blob = await blobs.find(tx, hash)
      const mustBeHere = hosted && part.plain == null && part.role !== 'keys'
      if (!blob && !mustBeHere && !(await blobs.has(tx, [hash])).has(hash)) continue
      if (blob && isWhole(blob, part)) continue
      faults.push({ space, what: 'payload', index: idx, detail: `payload ${hash} of entry ${idx}` })
    }
  return faults
}

async function wrongHead(
  { tx, space }: Reading,
  head: { size: number; root: Buffer; time: number; host: string; origin: string; host_key: string },
  { admission, tree }: Recomputation,
): Promise<Fault[]> {
  const fault = (detail: string): Fault[] => [{ space, what: 'head', detail }]
  if (!admission) return fault('no entries')
  if (Buffer.compare(head.root, tree.root()) !== 0) return fault(`the root at size ${head.size}`)
  const host = hostAt(admission, head.size)
  const isHost = head.host === host.party && head.origin === host.origin && head.host_key === host.key
  if (!isHost || head.time !== admission.time) return fault('host or time of the space')
  const row = await tx.selectFrom('log.checkpoint').selectAll().where('space', '=', space).executeTakeFirst()
  try {
    const note = readCheckpoint(row?.note ?? '', host.origin, host.key)
    const fits = note.size === head.size && row?.size === head.size && Buffer.compare(note.root, head.root) === 0
    return fits ? [] : fault('the checkpoint is of another tree')
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return fault(`the checkpoint: ${error.message}`)
  }
}
