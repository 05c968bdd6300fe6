import { signCheckpoint } from '../../../protocol/index.ts'
import type { Reader } from '../../storage/types.ts'
import { ownLineAlong } from '../cosigning/index.ts'
import { hostKeyOf } from '../signers.ts'
import type { SpaceState } from '../space-state.ts'
import { type Appending, appendEntries } from '../tree.ts'
import type { SequencerContext, Written } from './batch.ts'
import type { Run } from './run.ts'

/** Writes what the run admitted under a signed root; nothing if the space does not stand where it should. */
export async function appendRun(
  context: SequencerContext,
  db: Reader,
  run: Run,
  { before, ...only }: Pick<Appending, 'after' | 'along'> & { before?: SpaceState } = {},
): Promise<Written['head']> {
  const { admission, entries, nodes, tree } = run
  const { space, size, time, host } = admission
  const root = tree.root()
  const note = signCheckpoint({ origin: host.origin, size, root }, hostKeyOf(context.identity, host))
  const own = ownLineAlong(context, before, { admission, note })
  const head = { size, root, time, host, note, lines: own ? [own] : [] }
  const isStored = await appendEntries(db, space, { entries, nodes, head, ...only })
  if (!isStored) return undefined
  const state = { admission, tree, roots: run.roots, cosigned: own !== undefined }
  return { note, state, ...(own ? { line: own.line } : {}) }
}
