import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type AdmissionState,
  type AdmittedMember,
  inclusionPath,
  type Json,
  keyAt,
  keyCommitment,
  leafHash,
  openBlob,
  parseCanonical,
  ProtocolError,
  readLeaf,
  signAct,
  type SigningKey,
  toBase64url,
} from '../../src/protocol/index.ts'
import { readRegister } from '../../src/core/identity/index.ts'
import { readRegisterChain } from '../../src/protocol/register-chain.ts'
import { foundRegister, keyFrom, type TestLog, testParty } from './build-log.ts'

/** Names of keys. The oracle below knows names and positions, and nothing of bytes. */
const act = 'act'
const next = 'next'
const sheets = ['recovery 1', 'recovery 2']
const fresh = Array.from({ length: 6 }, (_, at) => `key ${at}`)
const names = [act, next, ...sheets, ...fresh]

interface Attempt {
  type: 'register.rotated' | 'register.revoked' | 'register.recovered' | 'register.anchored'
  /** Whose key signs it. */
  signer: string
  /** The key the body shows as the one that signs; absent in some revocations. */
  by?: string
  /** The key the event begins, or ends. */
  key: string
  /** The key committed to for the next rotation. */
  next: string
  /** A bit of the signature is turned. */
  forged: boolean
}

/**
 * What a register is, told in names: written from docs/protocol/admission.md
 * alone, and sharing nothing with the code that is tested.
 */
class Oracle {
  alive = new Set([act])
  ever = new Set([act])
  next = next
  recovery = new Set(sheets)
  /** Who counts at each position. */
  history: Set<string>[] = []

  judge(attempt: Attempt): string {
    const { type, signer, by, forged } = attempt
    const committed: Record<Attempt['type'], string[]> = {
      'register.rotated': [this.next],
      'register.revoked': [this.next, ...this.recovery],
      'register.recovered': [...this.recovery],
      'register.anchored': [],
    }
    const isShown = by === signer && committed[type].includes(signer)
    if (!this.alive.has(signer) && !isShown) return this.ever.has(signer) ? 'key-ended' : 'unknown-key'
    return forged ? 'signature' : 'admissible'
  }

  /** Applies an admissible one; false when it changes nothing. */
  take({ type, signer, by, key, next: coming }: Attempt): boolean {
    if (type === 'register.rotated') {
      if (by !== signer || signer !== this.next) return false
      this.begin(signer, coming)
      return true
    }
    if (type === 'register.revoked') return this.alive.delete(key)
    if (type === 'register.recovered') {
      if (by !== signer || !this.recovery.delete(signer)) return false
      this.begin(key, coming)
      return true
    }
    return false
  }

  begin(key: string, coming: string): void {
    this.alive = new Set([key])
    this.ever.add(key)
    this.next = coming
  }
}

const owner = testParty('aurelia.example')
const keys = new Map<string, SigningKey>([
  [act, owner.act],
  [next, owner.next],
  ...sheets.map((name, at): [string, SigningKey] => [name, owner.recovery[at] as SigningKey]),
  ...fresh.map((name): [string, SigningKey] => [name, keyFrom(name)]),
])
const keyOf = (name: string) => keys.get(name) as SigningKey
const shown = (name: string) => ({ kid: keyOf(name).kid, key: keyOf(name).publicKey })

function bodyOf({ type, by, key, next: coming }: Attempt): Json {
  const commitment = keyCommitment(keyOf(coming).publicKey)
  if (type === 'register.rotated') return { act: shown(by ?? key), next: commitment }
  if (type === 'register.revoked')
    return { kid: keyOf(key).kid, ...(by === undefined ? {} : { by: shown(by) }), reason: 'theft' }
  if (type === 'register.recovered') return { by: shown(by ?? key), act: shown(key), next: commitment }
  return { act: toBase64url(new Uint8Array(32)) }
}

const anyKey = fc.constantFrom(...names)
const wild = fc.record({
  type: fc.constantFrom('register.rotated', 'register.revoked', 'register.recovered', 'register.anchored'),
  signer: anyKey,
  by: anyKey,
  key: anyKey,
  next: anyKey,
  isShown: fc.boolean(),
  forged: fc.integer({ min: 0, max: 7 }).map((one) => one === 0),
  /** Most attempts are made by who may, so that long histories come about. */
  honest: fc.integer({ min: 0, max: 3 }).map((one) => one > 0),
})
type Wild = typeof wild extends fc.Arbitrary<infer T> ? T : never

/** The attempt that is made of it where the register stands now. */
function attemptOf({ honest, isShown, ...given }: Wild, { alive, next: coming, recovery }: Oracle): Attempt {
  const { type, forged } = given
  const [first] = [...alive]
  // By a key that counts, and yet not the one that was committed to.
  if (!honest && type === 'register.rotated' && isShown) return { ...given, signer: first ?? given.signer } as Attempt
  if (!honest) return { ...given, by: isShown || type !== 'register.revoked' ? given.by : undefined } as Attempt
  if (type === 'register.rotated') return { ...given, signer: coming, by: coming } as Attempt
  if (type === 'register.recovered') {
    const sheet = [...recovery].find((name) => name === given.by) ?? [...recovery][0] ?? given.by
    return { ...given, signer: sheet, by: sheet } as Attempt
  }
  if (type === 'register.anchored') return { ...given, signer: first ?? given.signer, forged } as Attempt
  const by = isShown ? coming : undefined
  return {
    ...given,
    signer: by ?? first ?? coming,
    by: by ?? (first ? undefined : coming),
    key: first ?? given.key,
  } as Attempt
}

function append(log: TestLog, attempt: Attempt): string {
  const body = bodyOf(attempt)
  const statement = log.statement(owner, attempt.type, body, { marking: { tlp: 'CLEAR' } })
  const { envelope } = signAct(statement, keyOf(attempt.signer))
  const signature = Buffer.from(envelope.signature, 'base64url')
  if (attempt.forged) signature[1] = (signature[1] as number) ^ 1
  const given = { ...envelope, signature: signature.toString('base64url') }
  try {
    log.append(given, body)
    return 'admissible'
  } catch (error) {
    // The builder names the rule by which it was refused.
    return (error as Error).message.split(':')[0] as string
  }
}

interface Taken {
  index: number
  attempt: Attempt
  effective: boolean
}

function play(given: readonly Wild[]) {
  const log = foundRegister(owner)
  const oracle = new Oracle()
  oracle.history.push(new Set(oracle.alive))
  const taken: Taken[] = []
  const refused: string[] = []
  for (const one of given) {
    const attempt = attemptOf(one, oracle)
    const expected = oracle.judge(attempt)
    const index = log.size
    const verdict = append(log, attempt)
    assert.equal(verdict, expected, `entry ${index}: ${JSON.stringify(attempt)}`)
    if (verdict !== 'admissible') {
      refused.push(verdict)
      continue
    }
    taken.push({ index, attempt, effective: oracle.take(attempt) })
    oracle.history.push(new Set(oracle.alive))
  }
  return { log, oracle, taken, refused }
}

const histories = fc.array(wild, { minLength: 1, maxLength: 12 })

test('a register admits exactly what its commitments and positions allow, and every key counts exactly where it should', () => {
  const met = new Map<string, number>()
  const count = (what: string) => met.set(what, (met.get(what) ?? 0) + 1)
  fc.assert(
    fc.property(histories, (given) => {
      const { log, oracle, taken, refused } = play(given)
      for (const rule of refused) count(rule)
      for (const { attempt, effective } of taken) count(`${attempt.type} ${effective}`)
      const state = log.state as AdmissionState
      const member = state.members.get(owner.party)
      assert.ok(member)
      // A change counts from its own index on, and is never judged by a date.
      for (const [position, alive] of oracle.history.entries())
        for (const name of names)
          assert.equal(counts(member, keyOf(name), position), alive.has(name), `${name} at ${position}`)
      const register = readRegister(entriesOf(log))
      assert.deepEqual(
        register.actKeys.flatMap(({ kid, until }) => (until === undefined ? [kid] : [])).sort(),
        [...oracle.alive].map((name) => keyOf(name).kid).sort(),
      )
      assert.equal(register.next, keyCommitment(keyOf(oracle.next).publicKey))
      assert.deepEqual(
        [...register.recovery].sort(),
        [...oracle.recovery].map((name) => keyCommitment(keyOf(name).publicKey)).sort(),
      )
      assert.deepEqual(
        register.events.map(({ index }) => index),
        taken.filter(({ effective }) => effective).map(({ index }) => index),
      )
    }),
    // One seed: how often each thing comes about must not depend on the day.
    { numRuns: 300, seed: 20_261_122 },
  )
  // Otherwise the property would say nothing about what never came about.
  for (const what of [
    ...['key-ended', 'unknown-key', 'signature', 'register.anchored false'],
    ...['rotated', 'revoked', 'recovered'].flatMap((kind) => [`register.${kind} true`, `register.${kind} false`]),
  ])
    assert.ok((met.get(what) ?? 0) > 10, `${what}: ${met.get(what) ?? 0} times`)
})

test('of the entries of a register only its events in their order are believed as a chain, up to any of them', () => {
  const met = { believed: 0, refused: 0 }
  const choices = fc.array(fc.nat(11), { maxLength: 8 })
  fc.assert(
    fc.property(histories, choices, fc.constantFrom('as taken', 'all events', 'any'), (given, chosen, how) => {
      const { log, taken } = play(given)
      const events = taken.filter(({ effective }) => effective)
      const picked =
        how === 'all events'
          ? events
          : how === 'as taken'
            ? taken.filter((_, at) => chosen.includes(at))
            : chosen.flatMap((at) => taken[at] ?? [])
      const expected = isChain(picked)
      let keysFound: string[] | undefined
      try {
        keysFound = readChain(log, picked)
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
      }
      assert.equal(keysFound !== undefined, expected !== undefined, JSON.stringify(picked))
      assert.deepEqual(keysFound?.sort(), expected?.sort())
      met[expected ? 'believed' : 'refused'] += 1
    }),
    { numRuns: 400 },
  )
  assert.ok(met.believed > 50 && met.refused > 50, JSON.stringify(met))
})

function counts(member: AdmittedMember, { kid, publicKey }: SigningKey, position: number): boolean {
  try {
    return keyAt(member, kid, position) === publicKey
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}

/** Keys that count after these, told in names; undefined where they are no chain. */
function isChain(picked: readonly Taken[]): string[] | undefined {
  const oracle = new Oracle()
  let before = 0
  for (const { index, attempt } of picked) {
    if (index <= before || oracle.judge(attempt) !== 'admissible' || !oracle.take(attempt)) return undefined
    before = index
  }
  return [...oracle.alive].map((name) => keyOf(name).kid)
}

function readChain(log: TestLog, picked: readonly Taken[]): string[] {
  const entries = [0, ...picked.map(({ index }) => index)].map((index) => {
    const leaf = log.entries[index] as Uint8Array
    const part = readLeaf(leaf).act.statement.parts[0]
    return {
      index,
      leaf: toBase64url(leaf),
      path: inclusionPath(index, log.size, log.nodeAt).map(toBase64url),
      body: toBase64url(log.blobs.get(part?.hash ?? '') as Uint8Array),
    }
  })
  const first = toBase64url(leafHash(log.entries[0] as Uint8Array))
  const { keys: spans } = readRegisterChain(owner.party, first, { checkpoint: log.checkpoint(owner.host), entries })
  return spans.flatMap(({ kid, until }) => (until === undefined ? [kid] : []))
}

function entriesOf(log: TestLog) {
  return log.entries.map((leaf, index) => {
    const { hash } = readLeaf(leaf).act.statement.parts[0] as { hash: string }
    return { index, leaf, body: parseCanonical(openBlob(log.blobs.get(hash) as Uint8Array, hash)) }
  })
}
