import {
  fromBase64url,
  peekCheckpoint,
  readCosignatures,
  type Replay,
  replayLog,
  readLeaf,
  toBase64url,
  openBlob,
  parseCanonical,
} from '../../src/protocol/index.ts'
import { createBlobs } from '../../src/core/storage/index.ts'
import { readEvidence, verifyEvidence } from '../../src/protocol/evidence/index.ts'
import { GoVerifier, withoutGo } from '../conformance/dossiers/go-verifier.ts'
import type { StageNode } from '../adversaries/scene.ts'
import type { Seen } from './virtual-wire.ts'

/** What was said on the wire about one space, as a bystander hears it. */
export class Bystander {
  /** Host-signed roots by size. */
  readonly roots = new Map<number, Set<string>>()
  readonly lines: { size: number; line: string }[] = []
  #space: string

  constructor(space: string) {
    this.#space = space
  }

  hear({ path, headers, body }: Seen): void {
    const header = headers['chancery-checkpoint']
    if (header) this.#note(Buffer.from(header, 'base64url').toString('utf8'))
    if (!path.includes(this.#space) || body.length === 0) return
    const text = Buffer.from(body).toString('utf8')
    if (path.endsWith('/checkpoint')) this.#note(text)
    else if (text.startsWith('{')) this.#json(path, text)
  }

  #json(path: string, text: string): void {
    // A payload may begin like JSON.
    const value = saidIn(text)
    if (!value) return
    for (const note of [
      value.checkpoint,
      value.newest?.checkpoint,
      ...(value.answers ?? []).map((one) => one.receipt?.checkpoint),
    ]) {
      if (note) this.#note(note)
    }
    if (path.endsWith('/cosignatures') && value.lines) {
      for (const line of value.lines) this.lines.push({ size: value.size ?? 0, line })
    }
  }

  #note(note: string): void {
    try {
      const { origin, size, root } = peekCheckpoint(note)
      if (!origin.endsWith(this.#space)) return
      this.roots.set(size, (this.roots.get(size) ?? new Set()).add(toBase64url(root)))
    } catch {
      // Nobody's note.
    }
  }
}

function saidIn(text: string): Said | undefined {
  try {
    return JSON.parse(text) as Said
  } catch {
    return undefined
  }
}

interface Said {
  checkpoint?: string
  newest?: { checkpoint?: string }
  answers?: { receipt?: { checkpoint: string } }[]
  size?: number
  lines?: string[]
}

/** What an author meant to say once. */
export interface Intent {
  /** Party. */
  from: string
  id: string
}

/**
 * Invariants of a network in which everybody is honest, at its end. Gives the
 * first that is broken, in words.
 */
export async function findBroken(
  house: { nodes: readonly StageNode[] },
  {
    host,
    space,
    intents,
    bystander,
  }: { host: StageNode; space: string; intents: readonly Intent[]; bystander: Bystander },
): Promise<string | undefined> {
  const entries = await host.now.ledger.entries(space, 0, 4_096)
  const blobs = createBlobs()
  const bodies = new Map<string, Uint8Array>()
  for (const leaf of entries) {
    for (const { hash } of readLeaf(leaf).act.statement.parts) {
      const blob = await blobs.find(host.now.database.db, hash)
      if (!blob) return `payload ${hash} is not at the host`
      bodies.set(hash, blob)
    }
  }
  // I4, I5, I6: signatures under the key at that position, order against `seen`, time.
  const { rootAt, entries: acts } = replayLog(entries, (act) => {
    const part = act.statement.parts.find(({ role }) => role === 'body')
    return part && parseCanonical(openBlob(bodies.get(part.hash) as Uint8Array, part.hash))
  })
  // I1: everything the host ever signed for is this one history.
  for (const [size, said] of bystander.roots) {
    for (const root of said) if (rootAt(size) !== root) return `I1: the host signed another root at size ${size}`
  }
  // I7: whoever cosigned, cosigned this history.
  for (const { size, line } of bystander.lines) {
    const broken = await wrongLine(house, { host, space, size, line, rootAt })
    if (broken) return broken
  }
  for (const node of house.nodes) {
    const { ledger, database } = node.now
    const conflicts = await ledger.conflicts(space)
    if (conflicts.length > 0) return `${node.name} accuses ${conflicts[0]?.accused}: ${conflicts[0]?.detail}`
    // I3: replicas have the same history, and all of it.
    const own = await ledger.entries(space, 0, 4_096)
    if (own.length !== entries.length) return `I3: ${node.name} has ${own.length} of ${entries.length} entries`
    if (own.some((leaf, at) => Buffer.compare(leaf, entries[at] as Uint8Array) !== 0))
      return `I3: ${node.name} has another history`
    if ((await ledger.missingParts(space)).length > 0) return `${node.name} lacks payloads`
    // I2: every receipt ever given still holds.
    const rows = await database.db.selectFrom('home.outbox').selectAll().where('space', '=', space).execute()
    for (const row of rows) {
      if (row.state === 'queued') return `${node.name} still waits with an act`
      if (row.state === 'refused') return `${node.name}: an honest act was refused by ${row.rule} ${row.detail}`
      const { size, root } = peekCheckpoint(row.receipt?.checkpoint ?? '')
      if (rootAt(size) !== toBase64url(root) || acts[row.entry ?? -1]?.act.hash !== row.hash)
        return `I2: a receipt of ${node.name} no longer holds`
    }
    // I8: whoever is said to hold an entry has cosigned a checkpoint that covers it; and at rest everybody has.
    const held = await ledger.finality(space, entries.length - 1)
    if (node === host && held.length !== house.nodes.length)
      return `I8: ${host.name} knows only of ${held.map(({ party }) => party).join(' and ')} that they hold the newest entry`
  }
  // Nothing is lost, nothing said twice.
  for (const { from, id } of intents) {
    const count = acts.filter(({ act }) => act.statement.id === id && act.statement.author === from).length
    if (count !== 1) return `an act of ${from} stands ${count} times on record`
  }
  // A member that carried what the host did not take says so by an act of its own.
  const said = acts.filter(({ act }, at) => at > 0 && act.statement.type !== 'space.tender-recorded')
  if (said.length !== intents.length) return `${said.length} acts on record, ${intents.length} were meant`
  return undefined
}

/** Key hash, time, Ed25519 signature. */
const cosignatureBytes = 4 + 8 + 64

async function wrongLine(
  house: { nodes: readonly StageNode[] },
  {
    host,
    space,
    size,
    line,
    rootAt,
  }: { host: StageNode; space: string; size: number; line: string; rootAt: Replay['rootAt'] },
): Promise<string | undefined> {
  const [, party, said = ''] = /^— ([^ ]+) (\S+)/.exec(line) ?? []
  // Lines by ML-DSA-44 change no verdict.
  if (Buffer.from(said, 'base64').length !== cosignatureBytes) return undefined
  const node = house.nodes.find((one) => one.party === party)
  const root = rootAt(size)
  if (!node || !root) return `I7: a cosignature of ${party} over size ${size}`
  const head = await host.now.ledger.head(space)
  const body = `${head?.origin}\n${size}\n${Buffer.from(fromBase64url(root)).toString('base64')}\n`
  const good = readCosignatures(`${body}\n${line}`, [
    { name: node.party, publicKey: node.now.identity.keys.cosigner.publicKey },
  ])
  return good.length === 1 ? undefined : `I7: ${party} cosigned another history at size ${size}`
}

export interface Detected {
  by: string
  kind: string
  accused: string
  /** Bytes of the evidence file. */
  evidence: Uint8Array | undefined
}

/** What honest nodes hold against anybody. */
export async function listDetected(nodes: readonly StageNode[], space: string): Promise<Detected[]> {
  const found = await Promise.all(
    nodes.map(async ({ name, now }) => {
      const conflicts = await now.ledger.conflicts(space)
      return Promise.all(
        conflicts.map(async ({ kind, accused, file }) => ({
          by: name,
          kind,
          accused,
          evidence: file === undefined ? undefined : await now.ledger.evidence(file),
        })),
      )
    }),
  )
  return found.flat()
}

/** Of acts that members keep and the host went on without: what they attest against it. */
export async function listAttested(nodes: readonly StageNode[], space: string): Promise<Detected[]> {
  const found: Detected[] = []
  for (const { name, now } of nodes) {
    const { tenders } = now.federation ?? {}
    for (const { hash } of (await tenders?.list(space)) ?? []) {
      const evidence = await tenders?.evidence(hash)
      if (!evidence) continue
      const { kind, accused } = readEvidence(evidence)
      found.push({ by: name, kind, accused: accused.party, evidence })
    }
  }
  return found
}

let go: GoVerifier | undefined

/** Verifiers of evidence files, each on its own: `proven`, `attested`, or what else they say. */
export const verifiers: readonly { name: string; judge(evidence: Uint8Array): Promise<string> | string }[] = [
  { name: 'chancery verify', judge: (evidence) => verifyEvidence(evidence).verdict },
  ...(withoutGo()
    ? []
    : [
        {
          name: 'the Go verifier',
          async judge(evidence: Uint8Array) {
            go ??= new GoVerifier()
            return ((await go.judge('e', evidence)) as { verdict: string }).verdict
          },
        },
      ]),
]
