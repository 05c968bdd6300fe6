import {
  type AdmissionState,
  cosignerAt,
  inclusionPath,
  type Json,
  keyCommitment,
  leafHash,
  type MemberSnapshot,
  type Part,
  readLeaf,
  type SigningKey,
  type SpaceKind,
  spaceKinds,
  type Statement,
  toBase64url,
} from '../../../src/protocol/index.ts'
import {
  foundRegister,
  keyFrom,
  openTestSpace,
  snapshotOf,
  type TestLog,
  type TestParty,
  testParty,
} from '../build-log.ts'
import type { Chance } from './chance.ts'
import { carryingBody, policyBody } from './levels-by-chance.ts'

/** A party, its register so far, and the keys it has used, the newest last. */
export interface Actor {
  owner: TestParty
  register: TestLog
  keys: SigningKey[]
  next: SigningKey
  recovery: SigningKey[]
}

/** Logs as some parties might have left them. */
export interface World {
  actors: Actor[]
  spaces: { log: TestLog; host: SigningKey; cosigners: TestParty[] }[]
}

const names = ['aurelia.example', 'borovia.example', 'calenia.example', 'dravia.example', 'mosc.example'] as const
const owners = names.map(testParty)
const anyHash = toBase64url(leafHash(new Uint8Array(3)))
const actKey = (key: SigningKey) => ({ kid: key.kid, key: key.publicKey })

/** Registers and spaces grown by chance; every entry is admissible, not every one takes effect. */
export function growWorld(chance: Chance): World {
  const actors = chance
    .shuffled(owners)
    .slice(0, 2 + chance.below(3))
    .map(foundActor)
  const spaces: World['spaces'] = []
  for (let number = 0; number <= chance.below(3); number += 1) {
    for (const actor of actors) growRegister(chance, actor)
    spaces.push(growSpace(chance, actors, `space ${number} ${chance.below(1e9)}`))
  }
  for (const { owner, register } of actors) spaces.push({ log: register, host: owner.host, cosigners: [] })
  return { actors, spaces }
}

function foundActor(owner: TestParty): Actor {
  return { owner, register: foundRegister(owner), keys: [owner.act], next: owner.next, recovery: owner.recovery }
}

/** The key a party signs with now. */
export function newest(actor: Actor): SigningKey {
  return actor.keys.at(-1) as SigningKey
}

const clear = { marking: { tlp: 'CLEAR' } } as const

function growRegister(chance: Chance, actor: Actor): void {
  const { owner, register } = actor
  for (let steps = chance.below(3); steps > 0; steps -= 1) {
    const later = keyFrom(`${owner.party} ${register.size}`)
    const kind = chance.below(6)
    if (kind === 0) {
      rotate(actor, later)
    } else if (kind === 1 && actor.recovery[0]) {
      const [by] = actor.recovery
      const body = { by: actKey(by), act: actKey(later), next: keyCommitment(keyFrom(`${later.kid} next`).publicKey) }
      add(register, owner, 'register.recovered', body, { key: by, ...clear })
      actor.recovery = actor.recovery.slice(1)
      actor.keys.push(later)
      actor.next = keyFrom(`${later.kid} next`)
    } else if (kind === 2) {
      // A revocation of an old key changes nothing; after one of the present key another has to follow.
      const kid = (chance.once(2) ? newest(actor) : (actor.keys[0] as SigningKey)).kid
      const by = chance.once(2) ? actor.next : newest(actor)
      const body = { kid, ...(by === actor.next ? { by: actKey(by) } : {}) }
      add(register, owner, 'register.revoked', body, { key: by, ...clear })
      if (kid === newest(actor).kid) rotate(actor, later)
    } else {
      add(register, owner, 'register.anchored', { act: anyHash }, { key: newest(actor), ...clear })
    }
  }
}

function rotate(actor: Actor, later: SigningKey): void {
  const { owner, register, next } = actor
  // Every other rotation brings another cosigner key too.
  const cosigner = keyFrom(`${owner.party} cosigner ${register.size}`)
  const renewed = register.size % 2 === 1
  const body = {
    act: actKey(next),
    next: keyCommitment(later.publicKey),
    ...(renewed ? { cosigner: cosigner.publicKey } : {}),
  }
  add(register, owner, 'register.rotated', body, { key: next, ...clear })
  actor.keys.push(next)
  actor.next = later
  if (renewed) actor.owner = { ...owner, cosigner }
}

/** Adds where admissible; growth by chance may propose what is not. */
function add(
  ...[log, author, type, body, more]: [TestLog, TestParty, string, Json, (Partial<Statement> & { key?: SigningKey })?]
): boolean {
  try {
    log.add(author, type, body, more)
    return true
  } catch {
    return false
  }
}

/** A member as its register shows it now. */
export function memberOf(actor: Actor, role: MemberSnapshot['role'] = 'member'): Json {
  return { ...snapshotOf(actor.owner, actor.register, role), act: actKey(newest(actor)) } as unknown as Json
}

/** The founding and all key events of a register, proved in its newest checkpoint. */
export function chainOf({ owner, register }: Actor): { checkpoint: string; entries: Json[] } {
  const entries = register.entries.flatMap((bytes, index) => {
    const { act } = readLeaf(bytes)
    const body = act.statement.parts.find(({ role }) => role === 'body') as Part
    const blob = register.blobs.get(body.hash)
    if (act.statement.type === 'register.anchored' || !blob) return []
    const path = inclusionPath(index, register.size, register.nodeAt).map(toBase64url)
    return [{ index, leaf: toBase64url(bytes), path, body: toBase64url(blob) }]
  })
  return { checkpoint: register.checkpoint(owner.host), entries }
}

function growSpace(chance: Chance, actors: Actor[], name: string): World['spaces'][number] {
  const kind = chance.of(spaceKinds.filter((one) => one !== 'register')) as SpaceKind
  const founders = actors.slice(0, 1 + chance.below(actors.length))
  const log = openTestSpace(
    name,
    kind,
    founders.map((actor, at) => ({
      owner: { ...actor.owner, act: newest(actor) },
      register: actor.register,
      role: at === 0 ? 'member' : chance.of(['member', 'member', 'chair', 'observer'] as const),
    })),
    chance.once(3) ? { drill: { name: 'Exercise Meridian' } } : {},
  )
  const grower = new SpaceGrower(chance, actors, log)
  const long = chance.once(60) ? 260 : 0
  for (let steps = chance.below(14) + long; steps > 0; steps -= 1) grower.step()
  const state = log.state as NonNullable<TestLog['state']>
  const host = owners.find(({ party }) => party === state.host.party) as TestParty
  const cosigners = chance.some(actors.map(({ owner }) => owner).filter((owner) => cosignsNow(state, owner)))
  return { log, host: host.host, cosigners }
}

/** Does the space know the cosigner key that the party uses now? */
function cosignsNow(state: AdmissionState, { party, cosigner }: TestParty): boolean {
  const member = state.members.get(party)
  return member !== undefined && cosignerAt(member, state.size) === cosigner.publicKey
}

type More = Partial<Statement> & { key?: SigningKey }

class SpaceGrower {
  readonly #chance: Chance
  readonly #actors: Actor[]
  readonly #log: TestLog

  constructor(chance: Chance, actors: Actor[], log: TestLog) {
    this.#chance = chance
    this.#actors = actors
    this.#log = log
  }

  step(): void {
    const author = this.#chance.of(this.#actors)
    const steps = [
      this.#say,
      this.#say,
      this.#say,
      this.#admit,
      this.#leave,
      this.#bringKeys,
      this.#handOver,
      this.#erase,
      this.#govern,
      this.#setPolicy,
      this.#carry,
      this.#malformed,
    ]
    this.#chance.of(steps).call(this, author)
  }

  #add(author: Actor, type: string, body: Json, more: More = {}): boolean {
    const key = this.#chance.once(8) ? this.#chance.of(author.keys) : newest(author)
    return add(this.#log, author.owner, type, body, { key, ...this.#lag(), ...more })
  }

  /** Often an author has not seen the newest entries. */
  #lag(): More {
    const size = this.#log.size - (this.#chance.once(2) ? 0 : this.#chance.below(this.#log.size))
    return { seen: { size, root: this.#log.roots[size] as string }, at: this.#log.time - this.#chance.below(1e6) }
  }

  #say(author: Actor): void {
    const text = this.#log.part('text', { paragraphs: [`Note ${this.#log.size}`, 'مذكرة شفوية'] })
    const file = this.#log.part('attachment', new Uint8Array(this.#chance.below(300)).fill(this.#log.size))
    const earlier = this.#log.entries.map((bytes) => readLeaf(bytes).act.hash)
    const act = this.#chance.of(earlier)
    const enc = { alg: 'A256GCM-1MiB', hash: anyHash, size: 1 + this.#chance.below(99), keys: anyHash }
    this.#add(
      author,
      this.#chance.of(['channels.note-sent', 'forums.item-opened', 'unknown.thing-done']),
      { n: 1 },
      {
        parts: [
          ...(this.#chance.once(2) ? [this.#chance.once(5) ? { ...text, enc } : text] : []),
          ...(this.#chance.once(3) ? [file] : []),
        ],
        ...(this.#chance.once(3) ? { after: [act] } : {}),
        ...(this.#chance.once(3)
          ? { refs: [{ act, ...(this.#chance.once(2) ? { space: this.#log.space } : {}) }] }
          : {}),
        marking: this.#chance.of<Statement['marking']>([
          { tlp: 'AMBER' },
          { tlp: 'RED', pap: 'RED', class: 'SECRET', caveats: ['ORCON', 'سري'] },
          { tlp: 'AMBER+STRICT', audience: ['aurelia.example'] },
        ]),
      },
    )
  }

  #admit(author: Actor): void {
    const actor = this.#chance.of(this.#actors)
    const member = memberOf(actor, this.#chance.of(['member', 'chair', 'observer'] as const))
    this.#add(author, 'space.member-admitted', { member })
    // Between two parties it takes both.
    if (this.#chance.once(2)) for (const other of this.#actors) this.#add(other, 'space.member-admitted', { member })
  }

  #leave(author: Actor): void {
    const party = this.#chance.once(2) ? author.owner.party : this.#chance.of(names)
    this.#add(author, 'space.member-left', { party, ...(this.#chance.once(2) ? { reason: 'withdrawn' } : {}) })
  }

  #bringKeys(author: Actor): void {
    const actor = this.#chance.of(this.#actors)
    const register = chainOf(actor)
    if (this.#chance.once(5)) register.entries.pop()
    if (register.entries.length > 1) this.#add(author, 'space.keys-changed', { party: actor.owner.party, register })
  }

  #handOver(author: Actor): void {
    if (this.#chance.once(2)) return
    const { owner } = this.#chance.of(this.#actors)
    const host = { party: owner.party, origin: `${owner.party}/spaces/${this.#log.space}`, key: owner.host.publicKey }
    this.#add(author, 'space.host-changed', { host })
    if (this.#chance.once(2)) for (const other of this.#actors) this.#add(other, 'space.host-changed', { host })
  }

  #erase(author: Actor): void {
    const acts = this.#log.entries.map((bytes) => readLeaf(bytes).act)
    const own = acts.filter(({ statement }) => statement.author === author.owner.party && statement.parts.length > 1)
    const target = this.#chance.once(5) ? this.#chance.of(acts) : own.at(-1)
    if (!target) return
    const parts = target.statement.parts
      .filter(({ role }) => role !== 'body' || this.#chance.once(6))
      .map(({ hash }) => hash)
    this.#add(author, 'space.payload-erased', { act: target.hash, parts: parts.length > 0 ? parts : [anyHash] })
  }

  #govern(author: Actor): void {
    const [type, body] = this.#chance.of<[string, Json]>([
      ['space.tender-recorded', { act: anyHash, author: author.owner.party, tendered: this.#log.time }],
      ['space.closed', {}],
      ['drill.clock-set', { scenario: 1, rate: 60 }],
      ['clock.lapsed', { clock: 'x' }],
      ['register.anchored', { act: anyHash }],
      ['register.rotated', { act: actKey(author.next), next: anyHash }],
    ])
    this.#add(author, type, body)
  }

  #setPolicy(author: Actor): void {
    const body = policyBody(
      this.#chance,
      this.#actors.map(({ owner }) => owner),
    )
    this.#add(author, 'spaces.policy-set', body)
    if (this.#chance.once(2)) for (const other of this.#actors) this.#add(other, 'spaces.policy-set', body)
  }

  #carry(author: Actor): void {
    const host = owners.find(({ party }) => party === this.#log.state?.host.party) as TestParty
    const parties = this.#actors.map(({ owner }) => owner)
    const body = carryingBody(this.#chance, this.#log, host, parties)
    this.#add(author, this.#chance.of(['forums.decision-declared', 'unknown.thing-done']), body)
  }

  #malformed(author: Actor): void {
    const member = memberOf(author) as Record<string, Json>
    const [type, body] = this.#chance.of<[string, Json]>([
      ['space.member-admitted', { member: { ...member, extra: 1 } }],
      ['space.member-admitted', { member: { ...member, act: { ...actKey(author.owner.act), kid: anyHash } } }],
      ['space.member-left', { party: 'Not a domain' }],
      ['space.member-left', { party: 'nobody.example' }],
      ['space.keys-changed', { party: author.owner.party }],
      [
        'space.host-changed',
        { host: { party: 'aurelia.example', origin: 'elsewhere', key: author.owner.host.publicKey } },
      ],
      ['space.payload-erased', { act: anyHash, parts: [] }],
      ['space.payload-erased', null],
    ])
    this.#add(author, type, body)
  }
}
