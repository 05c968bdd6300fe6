import {
  type Act,
  admit,
  advance,
  hostAt,
  leafHash,
  limits,
  openBlob,
  peekCheckpoint,
  ProtocolError,
  readCheckpoint,
  readLeaf,
  storedParts,
  toBase64url,
} from '../../protocol/index.ts'
import { type CosigningContext, memberLinesOn, ownLineAlong } from './cosigning/index.ts'
import { factsOfNewActs, rememberAct } from './look-up-acts.ts'
import type { Fresh } from './projecting/engine.ts'
import type { ReplicaContext } from './replica.ts'
import { needsBody, needsMemoryOnly, type SpaceState } from './space-state.ts'
import { appendEntries, entryOf, type NewEntry, type NewNodes } from './tree.ts'
import type { Delivery, Ingested } from './types.ts'

/** More come in chunks, the long way. */
const most = 16

type Judged = NewEntry & { act: Act }

interface Run {
  state: SpaceState
  entries: Judged[]
  nodes: NewNodes[number][]
}

/**
 * Stores the usual delivery in one trip to the database: a few acts that change no membership, with their payloads,
 * right after what memory holds of the space. The statement that stores makes sure of that place. Undefined when
 * anything is otherwise; nothing happened then, and the long way says what it is.
 */
export async function ingestAtOnce(
  context: ReplicaContext & Pick<CosigningContext, 'gate' | 'cosigned'>,
  space: string,
  delivery: Delivery,
): Promise<{ answer: Ingested; fresh: Fresh } | undefined> {
  const before = context.states.recall(space)
  const { blobs, checkpoint } = delivery
  const along = blobs && context.blobs.inserting(blobs)
  if (!before || !blobs || along === 'too-large') return undefined
  const run = judgeAll(context, before, delivery)
  const contents = run && bodiesOf(run.entries, blobs)
  if (!run || !contents) return undefined
  const { admission, tree } = run.state
  const { size, root, time } = admission
  const own = hasAll(run.entries, blobs) ? ownLineAlong(context, before, { admission, note: checkpoint }) : undefined
  const lines = memberLinesOn(admission, checkpoint).filter(({ party }) => party !== context.identity.party)
  const head = { size, root: tree.root(), time, host: hostAt(admission, size), note: checkpoint }
  const isStored = await store(context, space, {
    ...run,
    head: { ...head, lines: own ? [own, ...lines] : lines },
    after: { size: before.admission.size, root: before.admission.root, as: 'member' },
    along,
  })
  if (!isStored) return undefined
  context.states.keep({ ...run.state, cosigned: own !== undefined })
  context.cosigned?.(space, [])
  const cosigned = lines.map(({ party }) => party)
  return {
    answer: { state: 'stored', size, root, stored: run.entries.length, cosigned },
    fresh: { from: before.admission.size, entries: run.entries, contents },
  }
}

/** What the entries come to, if all may stand and hash to what the host signed. */
function judgeAll({ identity }: ReplicaContext, before: SpaceState, delivery: Delivery): Run | undefined {
  const leaves = Array.isArray(delivery.entries) ? (delivery.entries as Uint8Array[]) : []
  const { size: have, host } = before.admission
  const isNext = delivery.from === have && leaves.length > 0 && leaves.length <= most
  if (!isNext || host.party === identity.party) return undefined
  try {
    const claimed = peekCheckpoint(delivery.checkpoint)
    if (claimed.size !== have + leaves.length) return undefined
    const run: Run = { state: { ...before, tree: before.tree.edge() }, entries: [], nodes: [] }
    const facts = factsOfNewActs(before.roots)
    for (const leaf of leaves) if (!judge(run, leaf, facts)) return undefined
    const { admission, tree } = run.state
    const signer = hostAt(admission, claimed.size)
    readCheckpoint(delivery.checkpoint, signer.origin, signer.key)
    return Buffer.compare(claimed.root, tree.root()) === 0 ? run : undefined
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

function judge(run: Run, leaf: Uint8Array, facts: ReturnType<typeof factsOfNewActs>): boolean {
  const { admission, tree } = run.state
  const {
    act,
    leaf: { time },
  } = readLeaf(leaf)
  const index = admission.size
  if (needsBody(index, act.statement.type) || !needsMemoryOnly(act, index, facts.roots)) return false
  if (admit(admission, { time, act }, facts.of(act)).verdict !== 'admissible') return false
  const hash = leafHash(leaf)
  run.nodes.push(...tree.append(hash))
  const root = tree.root()
  const rootText = toBase64url(root)
  run.state.admission = advance(admission, act, time, rootText, undefined)
  rememberAct(facts, act, { index, time, root: rootText })
  run.entries.push({ ...entryOf(act, index, time), act, leaf, leafHash: hash, root, governance: false })
  return true
}

/** Bodies of all entries, to be projected without being read again. */
function bodiesOf(entries: readonly Judged[], blobs: ReadonlyMap<string, Uint8Array>) {
  const contents = new Map<string, Uint8Array>()
  for (const { act } of entries) {
    const body = act.statement.parts.find(({ role }) => role === 'body')?.hash
    const blob = body === undefined ? undefined : blobs.get(body)
    if (body === undefined || !blob) return undefined
    contents.set(body, openBlob(blob, body))
  }
  return contents
}

/** All that our line would vouch for. */
function hasAll(entries: readonly Judged[], blobs: ReadonlyMap<string, Uint8Array>): boolean {
  const parts = entries.flatMap(({ act }) => storedParts(act.statement.parts))
  return parts.every(({ hash, size }) => size > limits.body || blobs.has(hash))
}

/** False if the space stands elsewhere, or one of these acts is there already. */
async function store(
  { db }: ReplicaContext,
  space: string,
  appending: Parameters<typeof appendEntries>[2],
): Promise<boolean> {
  try {
    return await appendEntries(db, space, appending)
  } catch (error) {
    if ((error as { code?: unknown }).code === uniqueViolation) return false
    throw error
  }
}

const uniqueViolation = '23505'
