import type { NoteKey } from '../../../protocol/index.ts'
import type { ClockSource } from '../../config/types.ts'
import type { Identity } from '../../identity/types.ts'
import type { Db } from '../../storage/types.ts'
import type { Gate } from '../gate.ts'
import type { SpaceStates } from '../space-state.ts'

export interface CosigningContext {
  db: Db
  clock: ClockSource
  identity: Identity
  states: SpaceStates
  gate: Gate
  /** Whose lines count beside the members': see {@link LedgerOptions.outsiders}. */
  outsiders?(space: string): Promise<readonly NoteKey[]>
  /** Lines of a space were stored: whose, unless they came with its newest entries. */
  cosigned?(space: string, by: readonly string[]): void
}

/** A space with its newest checkpoint as its host signed it, and the line of `party` on it. */
export async function readHead(db: Db, space: string, party: string) {
  return db
    .selectFrom('log.space as s')
    .innerJoin('log.checkpoint as c', 'c.space', 's.space')
    .leftJoin('log.cosignature as l', (join) =>
      join.onRef('l.space', '=', 's.space').onRef('l.size', '=', 's.size').on('l.party', '=', party),
    )
    .selectAll('s')
    .select(['c.note', 'l.line'])
    .where('s.space', '=', space)
    .executeTakeFirst()
}
