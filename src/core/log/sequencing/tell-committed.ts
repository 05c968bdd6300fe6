import { storedParts, withLines } from '../../../protocol/index.ts'
import { memberKeysOf } from '../member-keys.ts'
import type { SequencerContext, Written } from './batch.ts'
import { brought } from './payloads.ts'

/** Tells of a batch that is committed and guarded: those who project it here, and those who wait for it elsewhere. */
export function tellCommitted(context: SequencerContext, { head, fresh, payloads = new Map() }: Written): void {
  if (!head || !fresh) return
  const { note, line, state } = head
  const { space, size } = state.admission
  context.committed?.(space, fresh)
  const named = fresh.entries.map(({ act }) => ({ parts: storedParts(act.statement.parts) }))
  context.appended?.({
    space,
    from: fresh.from,
    size,
    checkpoint: line === undefined ? note : withLines(note, [line]),
    entries: fresh.entries.map(({ leaf }) => leaf),
    blobs: brought(named, payloads),
    members: memberKeysOf(state.admission),
  })
  if (line !== undefined) context.cosigned?.(space, [])
}
