import { sql } from 'kysely'
import { limits, splitNote, toBase64url, withLines } from '../../../protocol/index.ts'
import type { Db } from '../../storage/types.ts'
import type { CosigningContext } from './context.ts'

/** A checkpoint as it is published, and the lines on it that found no place. */
export interface Cosigned {
  /** Signed note with at most 16 lines. */
  note: string
  /** Further cosignatures, and all by ML-DSA-44, which alone would fill a note. */
  apart: string[]
}

/** Newest checkpoint with the lines on it: witnesses from outside first, then members by time. */
export async function readCosigned({ db, gate }: CosigningContext, space: string): Promise<Cosigned | undefined> {
  const head = await readHeadWithLines(db, space)
  if (!head) return undefined
  // Another process may have committed it a moment ago: nothing signed leaves before a guard holds it.
  if (head.hosted) await gate.ensure([{ space, size: head.size, root: toBase64url(head.root) }])
  const { short, long } = head
  const places = limits.noteLines - splitNote(head.note).lines.length
  return { note: withLines(head.note, short.slice(0, places)), apart: [...short.slice(places), ...long] }
}

/** Head, note and lines of one moment. */
async function readHeadWithLines(db: Db, space: string) {
  const { rows } = await sql<{
    hosted: boolean
    size: number
    root: Uint8Array
    note: string
    short: string[]
    long: string[]
  }>`
    select s.hosted, s.size, s.root, c.note,
      array(select w.line from log.witness_line w
        where w.space = s.space and w.size = s.size and w.kind <> 'mlDsa44' order by w.name, w.key)
      || array(select m.line from log.cosignature m
        where m.space = s.space and m.size = s.size order by m.time, m.party) as short,
      array(select w.line from log.witness_line w
        where w.space = s.space and w.size = s.size and w.kind = 'mlDsa44' order by w.name, w.key) as long
    from log.space s join log.checkpoint c on c.space = s.space where s.space = ${space}`.execute(db)
  return rows[0]
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
