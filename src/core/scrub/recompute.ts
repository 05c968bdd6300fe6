import {
  type AdmissionState,
  admit,
  advance,
  type Json,
  leafHash,
  type NodeAt,
  openSpace,
  ProtocolError,
  readLeaf,
  type Rule,
  toBase64url,
} from '../../protocol/index.ts'
import { emptyTree, entryOf, type NewEntry, needsBody, type Tree } from '../log/index.ts'

export type RecomputedNode = NodeAt & { hash: Uint8Array }

/** What earlier entries say about an act. */
export interface EarlierEntries {
  rootAt(size: number): string | undefined
  has(actHash: string): boolean
}

/** Everything that is stored beside a leaf, computed again from its bytes alone. */
export interface Recomputed {
  entry: NewEntry
  nodes: RecomputedNode[]
}

/** Runs a log through the rules of admission as a replica does, entry by entry. */
export class Recomputation {
  readonly space: string
  tree: Tree
  admission: AdmissionState | undefined

  constructor(space: string, from?: { admission: AdmissionState; tree: Tree }) {
    this.space = space
    this.admission = from?.admission
    this.tree = from?.tree ?? emptyTree()
  }

  /** @throws {@link ProtocolError} where the bytes are no entry that could stand here */
  async add(
    leaf: Uint8Array,
    body: (commitment: string) => Promise<Json>,
    earlier: EarlierEntries,
  ): Promise<Recomputed> {
    const index = this.tree.size
    const {
      act,
      leaf: { time },
    } = readLeaf(leaf)
    const { statement } = act
    const governance = needsBody(index, statement.type)
    const commitment = statement.parts.find((part) => part.role === 'body')?.hash
    const content = governance && commitment !== undefined ? await body(commitment) : undefined
    if (index === 0) {
      if (statement.space !== this.space) throw new ProtocolError('wrong-space', statement.space)
      this.admission = openSpace(leaf, content ?? null)
    } else this.#admit(act, time, content, earlier)
    const hash = leafHash(leaf)
    const nodes = this.tree.append(hash)
    const root = this.tree.root()
    if (index > 0) this.admission = advance(this.admission as AdmissionState, act, time, toBase64url(root), content)
    return { entry: { ...entryOf(act, index, time), leaf, leafHash: hash, root, governance }, nodes }
  }

  #admit(
    act: ReturnType<typeof readLeaf>['act'],
    time: number,
    body: Json | undefined,
    { rootAt, has }: EarlierEntries,
  ): void {
    const { seen, after = [] } = act.statement
    const facts = { rootAtSeen: rootAt(seen.size), afterMissing: after.filter((hash) => !has(hash)), body }
    const verdict = admit(this.admission as AdmissionState, { time, act }, facts)
    if (verdict.verdict !== 'admissible') throw new ProtocolError(verdict.rule as Rule, verdict.detail)
  }
}
