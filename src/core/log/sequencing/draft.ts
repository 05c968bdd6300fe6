import { storedParts } from '../../../protocol/index.ts'
import { factsOfNewActs, lookUpActs } from '../look-up-acts.ts'
import { needsMemoryOnly, rememberRoots, type SpaceState } from '../space-state.ts'
import { appendRun } from './append-run.ts'
import type { Decided, Read, SequencerContext, Written } from './batch.ts'
import { actsOf } from './handed.ts'
import { type BatchFacts, brought, broughtBlobs, lookUpPayloads } from './payloads.ts'
import { freshOf, Run } from './run.ts'

/** A batch decided in memory: on what the space is there, or will be once the batch before is committed. */
export interface Draft {
  /** What it was decided on. */
  base: SpaceState
  run: Run
  facts: BatchFacts
  decided: Decided[]
  /** The entries before were not asked: an act that is there already shows when it is appended. */
  isUnasked: boolean
}

/** What is handed in, decided on what memory holds; undefined where memory does not hold the space as its host. */
export async function draftOf(
  context: SequencerContext,
  space: string,
  read: readonly Read[],
): Promise<Draft | undefined> {
  const base = context.states.recall(space)
  if (!base || !isOurs(context, base) || context.gate.isShut(space)) return undefined
  const isUnasked = read.every((one) => isInMemory(one, base.admission.size, base.roots))
  const [acts, payloads] = await Promise.all([
    isUnasked ? factsOfNewActs(base.roots) : lookUpActs(context.db, space, actsOf(read)),
    lookUpPayloads(context, context.db, read),
  ])
  rememberRoots(base, isUnasked ? [] : acts.roots)
  const facts = { ...acts, ...payloads }
  const run = new Run(context, base, facts, { isSealed: false })
  return { base, run, facts, decided: read.map((one) => run.decide(one)), isUnasked }
}

/** A batch without acts yet, on the state that the batch before leaves. */
export function beginDraft(context: SequencerContext, base: SpaceState): Draft {
  const facts: BatchFacts = {
    ...factsOfNewActs(base.roots),
    contents: new Map(),
    stored: new Set(),
    brought: new Map(),
    payloads: new Map(),
  }
  return { base, run: new Run(context, base, facts, { isSealed: false }), facts, decided: [], isUnasked: true }
}

/** Decides further acts if that needs nothing from the database; false, and nothing is decided, if it does. */
export function takeIn({ run, facts, decided }: Draft, read: readonly Read[]): boolean {
  if (run.lastAct || !read.every((one) => isInMemory(one, run.admission.size, facts.roots))) return false
  const came = broughtBlobs(read)
  const parts = storedParts(actsOf(read).flatMap((act) => act.statement.parts))
  if (parts.some(({ hash }) => !came.brought.has(hash) && !facts.stored.has(hash))) return false
  for (const [hash, blob] of came.brought) {
    facts.brought.set(hash, blob)
    facts.payloads.set(hash, blob)
    facts.contents.set(hash, came.contents.get(hash) as Uint8Array)
    facts.stored.add(hash)
  }
  for (const one of read) decided.push(run.decide(one))
  return true
}

/** What the space is when the draft is on record; undefined for one that has to take the long way. */
export function stateAfter({ run }: Draft): SpaceState | undefined {
  // What ends our hosting is decided under the lock of the space.
  if (run.lastAct || run.entries.length === 0) return undefined
  return { admission: run.admission, tree: run.tree, roots: run.roots }
}

/**
 * The usual case in one trip to the database: the space is what the draft was decided on, it is not sealed, and
 * something is admitted.
 * The statement that appends makes sure of it; otherwise nothing happened and the long way is taken.
 */
export async function appendDraft(
  context: SequencerContext,
  space: string,
  { base, run, facts, decided, isUnasked }: Draft,
): Promise<Written | undefined> {
  if (!isOurs(context, base) || context.gate.isShut(space)) return undefined
  const along = context.blobs.inserting(brought(run.entries, facts.brought))
  if (along === 'too-large') return undefined
  try {
    const head = await appendRun(context, context.db, run, { before: base, after: base.admission, along })
    return head && { decided, head, fresh: freshOf(base, run, facts), payloads: facts.payloads }
  } catch (error) {
    // An act or its id is there already: the long way finds out which.
    if (isUnasked && (error as { code?: unknown }).code === uniqueViolation) return undefined
    throw error
  }
}

const uniqueViolation = '23505'

const isOurs = ({ identity }: SequencerContext, { admission }: SpaceState) => admission.host.party === identity.party

/** Does admission ask about no entry but those whose roots memory holds? */
function isInMemory(one: Read, size: number, roots: ReadonlyMap<number, string>): boolean {
  return !('act' in one) || needsMemoryOnly(one.act, size, roots)
}
