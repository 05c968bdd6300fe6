import {
  type Act,
  admit,
  advance,
  backersOf,
  type Json,
  leafBytes,
  leafHash,
  maxAuthorAheadMs,
  outcomeOf,
  parseCanonical,
  ProtocolError,
  storedParts,
  toBase64url,
} from '../../../protocol/index.ts'
import { rememberAct } from '../look-up-acts.ts'
import type { Fresh } from '../projecting/engine.ts'
import { sealingFault } from '../sealing-fault.ts'
import { needsBody, type SpaceState } from '../space-state.ts'
import { entryOf, type NewEntry, type NewNodes } from '../tree.ts'
import type { Decided, Read, SequencerContext } from './batch.ts'
import type { BatchFacts } from './payloads.ts'

/** Decides one batch in order; what is admitted changes what the next is judged by. */
export class Run {
  readonly entries: (NewEntry & { act: Act })[] = []
  readonly nodes: NewNodes[number][] = []
  readonly tree: SpaceState['tree']
  readonly roots: SpaceState['roots']
  admission: SpaceState['admission']
  #context: SequencerContext
  #facts: BatchFacts
  #isSealed: boolean
  #takesOver: boolean
  /** The act by which another party orders the space: it is that party's first entry, and nothing follows it here. */
  lastAct: { act: Act; to: string } | undefined

  constructor(
    context: SequencerContext,
    state: SpaceState,
    facts: BatchFacts,
    { isSealed, takesOver = false }: { isSealed: boolean; takesOver?: boolean },
  ) {
    this.#isSealed = isSealed
    this.#context = context
    this.#takesOver = takesOver
    this.#facts = facts
    this.tree = state.tree.edge()
    this.roots = state.roots
    this.admission = state.admission
  }

  decide(read: Read): Decided {
    if ('broken' in read) return { state: 'refused', ...read.broken }
    const known = this.#facts.byHash.get(read.hash)
    if (known) return { state: 'on-record', ...known, repeated: true }
    if (this.lastAct) return { state: 'unavailable', reason: 'handed-over' }
    try {
      return this.#append(read.act)
    } catch (error) {
      if (error instanceof ProtocolError) return { state: 'refused', rule: error.rule, detail: error.detail }
      if (error instanceof HostRefusal) return { state: 'refused', rule: error.rule, detail: error.message }
      throw error
    }
  }

  #append(act: Act): Decided {
    const { statement } = act
    const { admission } = this
    const now = this.#context.clock.now()
    if (statement.at > now + maxAuthorAheadMs) throw new HostRefusal('author-time-ahead', `${statement.at} at ${now}`)
    const body = this.#checkParts(act)
    const time = Math.max(admission.time, now)
    const verdict = admit(admission, { time, act }, { ...this.#facts.of(act), body })
    if (verdict.verdict !== 'admissible') return { state: 'refused', rule: verdict.rule, detail: verdict.detail }
    const to = this.#handsTo(act, body ?? null)
    if (to !== undefined) {
      this.lastAct = { act, to }
      return { state: 'unavailable', reason: 'handed-over' }
    }
    const leaf = leafBytes({ v: 1, time, envelope: act.envelope })
    const hash = leafHash(leaf)
    this.nodes.push(...this.tree.append(hash))
    const root = this.tree.root()
    const newRoot = toBase64url(root)
    const index = admission.size
    const governance = needsBody(index, statement.type)
    this.admission = advance(admission, act, time, newRoot, governance ? body : undefined)
    this.entries.push({ ...entryOf(act, index, time), act, leaf, leafHash: hash, root, governance })
    rememberAct(this.#facts, act, { index, time, root: newRoot })
    return { state: 'on-record', index, time, repeated: false }
  }

  /** The party that this act makes the host in our place; it must have offered that itself, on the record. */
  #handsTo(act: Act, body: Json): string | undefined {
    if (this.#takesOver || act.statement.type !== 'space.host-changed') return undefined
    const { state: next, withoutEffect } = outcomeOf(this.admission, act, body)
    const { party } = next.host
    if (withoutEffect !== undefined || party === this.#context.identity.party) return undefined
    if (!backersOf(this.admission, act.statement.type, body).includes(party))
      throw new HostRefusal('host-not-agreed', party)
    return party
  }

  /** A host puts nothing on record whose payload it could not hand on. Gives the body of a governance act. */
  #checkParts({ statement }: Act): Json | undefined {
    const { contents, stored } = this.#facts
    for (const { hash } of storedParts(statement.parts)) {
      if (!stored.has(hash)) throw new HostRefusal('part-missing', hash)
    }
    for (const part of statement.parts) {
      const content = contents.get(part.hash)
      if (content && content.length !== part.size) throw new ProtocolError('blob-size', part.hash)
    }
    const body = statement.parts.find((part) => part.role === 'body')
    if (!body) throw new HostRefusal('body-part-missing', statement.type)
    const unfit = sealingFault({ statement, isSealedSpace: this.#isSealed, members: this.admission }, contents)
    if (unfit) throw new HostRefusal(...unfit)
    if (body.enc) return undefined
    const content = contents.get(body.hash)
    if (!content) throw new HostRefusal('body-too-long', `${body.size} bytes`)
    return parseCanonical(content)
  }
}

/** A rule that binds hosts before they append, not what replicas judge afterwards. */
class HostRefusal extends Error {
  readonly rule: string

  constructor(rule: string, detail: string) {
    super(detail)
    this.rule = rule
  }
}

export function freshOf(before: SpaceState, run: Run, facts: BatchFacts): Fresh {
  return { from: before.admission.size, entries: run.entries, contents: facts.contents }
}
