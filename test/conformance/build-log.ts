import {
  admit,
  advance,
  type AdmissionState,
  appendNodes,
  canonicalBytes,
  changesState,
  cosignCheckpoint,
  emptyRoot,
  hostAt,
  inclusionPath,
  type Json,
  keyCommitment,
  type Leaf,
  leafBytes,
  leafHash,
  type MemberSnapshot,
  newBlob,
  type NodeAt,
  openSpace,
  type Part,
  readLeaf,
  rootFrom,
  sha256,
  signAct,
  signCheckpoint,
  type SigningKey,
  signingKey,
  type SpaceKind,
  type Statement,
  toBase64url,
  withLines,
} from '../../src/protocol/index.ts'

/** Keys of a made-up party, each derived from its name so that a failing test can be run again. */
export interface TestParty {
  party: string
  act: SigningKey
  next: SigningKey
  recovery: SigningKey[]
  node: SigningKey
  host: SigningKey
  cosigner: SigningKey
}

/** A key that depends only on `seed`. */
export function keyFrom(seed: string): SigningKey {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), sha256(Buffer.from(seed))])
  return signingKey(toBase64url(pkcs8))
}

export function testParty(party: string): TestParty {
  const key = (use: string) => keyFrom(`${party} ${use}`)
  return {
    party,
    act: key('act'),
    next: key('next'),
    recovery: [key('recovery 1'), key('recovery 2')],
    node: key('node'),
    host: key('host'),
    cosigner: key('cosigner'),
  }
}

/** Ids and salts that depend only on a name. */
export function idFrom(name: string): string {
  return Buffer.from(sha256(Buffer.from(name)))
    .toString('hex')
    .slice(0, 32)
}

/** One log as its host holds it, with blobs and the admission state after every entry. */
export class TestLog {
  readonly space: string
  readonly entries: Uint8Array[] = []
  readonly blobs = new Map<string, Uint8Array>()
  readonly roots: string[] = [toBase64url(emptyRoot)]
  readonly nodes = new Map<string, Uint8Array>()
  state: AdmissionState | undefined
  time = 1_800_000_000_000

  constructor(name: string) {
    this.space = idFrom(name)
  }

  readonly nodeAt = ({ level, index }: NodeAt): Uint8Array => {
    const hash = this.nodes.get(`${level}/${index}`)
    if (!hash) throw new Error(`node ${level}/${index} is not in this tree`)
    return hash
  }

  get size(): number {
    return this.entries.length
  }

  /** A part with a salt derived from the content, its blob kept. */
  part(role: string, content: Json | Uint8Array): Part {
    const bytes = content instanceof Uint8Array ? content : canonicalBytes(content)
    const salt = sha256(Buffer.concat([Buffer.from(`${this.space} ${this.size} ${role}`), bytes]))
    const { commitment, blob, size } = newBlob(bytes, salt)
    this.blobs.set(commitment, blob)
    const media = content instanceof Uint8Array ? 'application/octet-stream' : 'application/json'
    return { role, hash: commitment, size, media }
  }

  statement(author: TestParty, type: string, body: Json, more: Partial<Statement> = {}): Statement {
    return {
      v: 1,
      space: this.space,
      type,
      id: idFrom(`${this.space} ${this.size} ${type}`),
      author: author.party,
      office: 'desk',
      seen: { size: this.size, root: this.roots[this.size] as string },
      at: this.time,
      marking: { tlp: 'AMBER' },
      ...more,
      parts: [this.part('body', body), ...(more.parts ?? [])],
    }
  }

  /** Signs and appends; throws when the act is not admissible. Returns its index. */
  add(author: TestParty, type: string, body: Json, more: Partial<Statement> & { key?: SigningKey } = {}): number {
    const { key = author.act, ...statement } = more
    return this.append(signAct(this.statement(author, type, body, statement), key).envelope, body)
  }

  append(envelope: Leaf['envelope'], body: Json): number {
    this.time += 1000
    const bytes = leafBytes({ v: 1, time: this.time, envelope })
    const before = this.state
    if (before) {
      const { act } = readLeaf(bytes)
      const rootAtSeen = this.roots[act.statement.seen.size]
      const verdict = admit(before, { time: this.time, act }, { afterMissing: [], rootAtSeen, body })
      if (verdict.verdict !== 'admissible') throw new Error(`${verdict.rule}: ${verdict.detail}`)
    }
    this.push(bytes)
    this.state = before
      ? advance(
          before,
          readLeaf(bytes).act,
          this.time,
          this.root,
          changesState(readLeaf(bytes).act.statement.type) ? body : undefined,
        )
      : openSpace(bytes, body)
    return this.size - 1
  }

  /** Appends bytes without asking whether they may stand there. */
  push(bytes: Uint8Array): void {
    for (const node of appendNodes(this.size, leafHash(bytes), this.nodeAt)) {
      this.nodes.set(`${node.level}/${node.index}`, node.hash)
    }
    this.entries.push(bytes)
    this.roots.push(toBase64url(rootFrom(this.size, this.nodeAt)))
  }

  get root(): string {
    return this.roots[this.size] as string
  }

  checkpoint(host: SigningKey, cosigners: TestParty[] = []): string {
    if (!this.state) throw new Error('not opened')
    const note = signCheckpoint(
      { origin: hostAt(this.state, this.size).origin, size: this.size, root: rootFrom(this.size, this.nodeAt) },
      host,
    )
    const seconds = Math.ceil(this.time / 1000) + 1
    return withLines(
      note,
      cosigners.map(({ party, cosigner }) => cosignCheckpoint(note, { name: party, key: cosigner }, seconds)),
    )
  }
}

/** The register of a party with its founding entry. */
export function foundRegister(owner: TestParty): TestLog {
  const log = new TestLog(`register of ${owner.party}`)
  log.add(
    owner,
    'register.founded',
    {
      party: owner.party,
      names: { en: owner.party },
      act: { kid: owner.act.kid, key: owner.act.publicKey },
      nodes: [owner.node.publicKey],
      cosigner: owner.cosigner.publicKey,
      sealing: '',
      host: owner.host.publicKey,
      next: keyCommitment(owner.next.publicKey),
      recovery: owner.recovery.map((key) => keyCommitment(key.publicKey)),
    },
    { marking: { tlp: 'CLEAR' } },
  )
  return log
}

export function snapshotOf(
  owner: TestParty,
  register: TestLog,
  role: MemberSnapshot['role'] = 'member',
): MemberSnapshot {
  return {
    party: owner.party,
    role,
    register: {
      first: toBase64url(leafHash(register.entries[0] as Uint8Array)),
      checkpoint: register.checkpoint(owner.host),
      proof: inclusionPath(0, register.size, register.nodeAt).map(toBase64url),
    },
    act: { kid: owner.act.kid, key: owner.act.publicKey },
    node: owner.node.publicKey,
    cosigner: owner.cosigner.publicKey,
    sealing: '',
  }
}

/** A space opened by the first member, who also hosts it. */
export function openTestSpace(
  name: string,
  kind: SpaceKind,
  members: { owner: TestParty; register: TestLog; role?: MemberSnapshot['role'] }[],
  more: { drill?: { name: string } } = {},
): TestLog {
  const log = new TestLog(name)
  const opener = members[0]?.owner
  if (!opener) throw new Error('a space needs a member')
  log.add(opener, 'space.opened', {
    kind,
    rules: 1,
    title: { en: name },
    purpose: 'Made for a test.',
    host: { party: opener.party, origin: `${opener.party}/spaces/${log.space}`, key: opener.host.publicKey },
    members: members.map(({ owner, register, role }) => snapshotOf(owner, register, role)) as unknown as Json,
    ...more,
  })
  return log
}
