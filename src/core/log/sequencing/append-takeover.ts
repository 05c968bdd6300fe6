import { backersOf, type Envelope } from '../../../protocol/index.ts'
import type { Tx } from '../../storage/types.ts'
import { parsePart, type Position, type SpaceState } from '../space-state.ts'
import { appendRun } from './append-run.ts'
import type { Read, SequencerContext, Written } from './batch.ts'
import { readHanded } from './handed.ts'
import { type BatchFacts, lookUp } from './payloads.ts'
import { freshOf, Run } from './run.ts'

/** What `takeOver` puts on record: the acts that make this node the host, under its own first checkpoint. */
export async function appendTakeover(
  context: SequencerContext,
  tx: Tx,
  row: Position & { sealed: boolean },
  envelopes: readonly Envelope[],
): Promise<Written | { refused: string; detail: string }> {
  const state = await context.states.at(tx, row)
  const read = envelopes.map((envelope) => readHanded({ envelope }))
  const facts = await lookUp(context, tx, row.space, read)
  if (!isOurWish(context, state, read, facts)) return { refused: 'host-not-agreed', detail: context.identity.party }
  const run = new Run(context, state, facts, { isSealed: row.sealed, takesOver: true })
  const decided = read.map((one) => run.decide(one))
  const bad = decided.find((one) => one.state === 'refused')
  if (bad) return { refused: bad.rule, detail: bad.detail }
  if (run.admission.host.party !== context.identity.party) return { refused: 'awaits-agreement', detail: row.space }
  await tx.updateTable('log.space').set({ hosted: true }).where('space', '=', row.space).execute()
  const head = await appendRun(context, tx, run)
  return { decided, ...(head ? { head, fresh: freshOf(state, run, facts) } : {}) }
}

/** Nobody is made a host that did not offer it: our own act says the same, on the record or among these. */
function isOurWish(
  { identity }: SequencerContext,
  { admission }: SpaceState,
  read: Read[],
  facts: BatchFacts,
): boolean {
  return read.every((one) => {
    if (!('act' in one)) return false
    const { author, type, parts } = one.act.statement
    const content = facts.contents.get(parts.find((part) => part.role === 'body')?.hash ?? '')
    if (author === identity.party || !content) return author === identity.party
    if (backersOf(admission, type, parsePart(content)).includes(identity.party)) return true
    return read.some((other) => 'act' in other && other.act.statement.author === identity.party)
  })
}
