import type { Reader } from '../../../core/storage/types.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { CorrectionsText } from '../acts.ts'
import type { NoteRow } from '../queries.ts'
import '../tables.ts'

/** Notes that a side can still return (its addressee) or correct, replace and withdraw (its sender), newest first. */
export function listChangeable(
  db: Reader,
  { space, party, side }: { space: string; party: string; side: 'sender' | 'addressee' },
): Promise<NoteRow[]> {
  return db
    .selectFrom('view.channels_note')
    .selectAll()
    .where('space', '=', space)
    .where(side === 'sender' ? 'author' : 'addressee', '=', party)
    .where('ended', 'is', null)
    .$if(side === 'addressee', (query) => query.where('answered_by', 'is', null))
    .orderBy('idx', 'desc')
    .limit(100)
    .execute()
}

/** Corrections of a note, oldest first, with their words as far as this reader may see them. */
export interface Correction {
  hash: string
  at: number
  corrections?: CorrectionsText['corrections']
}

/** Note → its corrections. */
export async function listCorrections(
  services: Services,
  viewer: Viewer,
  notes: string[],
): Promise<Map<string, Correction[]>> {
  if (notes.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('view.channels_correction')
    .selectAll()
    .where('note', 'in', notes)
    .orderBy('idx')
    .execute()
  const contents = await revealedContents<unknown, CorrectionsText>(
    services,
    viewer,
    rows.map((row) => row.hash),
  )
  const dressed = rows.map(({ note, hash, at }) => ({
    note,
    hash,
    at,
    corrections: contents.get(hash)?.text?.corrections,
  }))
  return Map.groupBy(dressed, (one) => one.note)
}

/** Numbers of notes, to name them where they are linked. */
export async function listNumbers(db: Reader, hashes: string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('view.channels_note')
    .select(['hash', 'number'])
    .where('hash', 'in', hashes)
    .execute()
  return new Map(rows.map((row) => [row.hash, row.number]))
}
