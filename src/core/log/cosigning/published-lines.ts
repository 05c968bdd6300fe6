import { limits, splitNote, toBase64url, withLines } from '../../../protocol/index.ts'
import type { Db } from '../../storage/types.ts'
import { type CosigningContext, readHead } from './context.ts'

/** A checkpoint as it is published, and the lines on it that found no place. */
export interface Cosigned {
  /** Signed note with at most 16 lines. */
  note: string
  /** Further cosignatures, and all by ML-DSA-44, which alone would fill a note. */
  apart: string[]
}

/** Newest checkpoint with the lines on it: witnesses from outside first, then members by time. */
export async function readCosigned({ db, gate }: CosigningContext, space: string): Promise<Cosigned | undefined> {
  const head = await readHead(db, space)
  if (!head) return undefined
  // Another process may have committed it a moment ago: nothing signed leaves before a guard holds it.
  if (head.hosted) await gate.ensure([{ space, size: head.size, root: toBase64url(head.root) }])
  const at = { space, size: head.size }
  const [members, outside] = await Promise.all([membersLines(db, at), outsideLines(db, at)])
  const short = [...outside.filter(({ kind }) => kind !== 'mlDsa44'), ...members].map(({ line }) => line)
  const long = outside.filter(({ kind }) => kind === 'mlDsa44').map(({ line }) => line)
  const places = limits.noteLines - splitNote(head.note).lines.length
  return { note: withLines(head.note, short.slice(0, places)), apart: [...short.slice(places), ...long] }
}

async function membersLines(db: Db, { space, size }: { space: string; size: number }) {
  return db
    .selectFrom('log.cosignature')
    .select('line')
    .where('space', '=', space)
    .where('size', '=', size)
    .orderBy('time')
    .orderBy('party')
    .execute()
}

async function outsideLines(db: Db, { space, size }: { space: string; size: number }) {
  return db
    .selectFrom('log.witness_line')
    .select(['line', 'kind'])
    .where('space', '=', space)
    .where('size', '=', size)
    .orderBy('name')
    .orderBy('key')
    .execute()
}

/** Each party's first cosignature that covers an entry. Times in ms. */
export async function readFinality(db: Db, space: string, index: number): Promise<{ party: string; at: number }[]> {
  const rows = await db
    .selectFrom('log.cosignature')
    .select(['party', (q) => q.fn.min('time').as('at')])
    .where('space', '=', space)
    .where('size', '>', index)
    .groupBy('party')
    .orderBy('at')
    .orderBy('party')
    .execute()
  return rows.map(({ party, at }) => ({ party, at: Number(at) }))
}
