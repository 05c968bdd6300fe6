import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { generateEd25519 } from './keys.ts'
import { cosignerKey, noteKey } from './notes.ts'
import {
  defaultPolicy,
  defaultThreshold,
  enoughOf,
  formatPolicy,
  meetsPolicy,
  missingFor,
  parsePolicy,
  type Policy,
  PolicyError,
  policyReach,
} from './policy.ts'

const keys = Array.from({ length: 8 }, () => generateEd25519().publicKey)
const vkeys = keys.map((key, n) => cosignerKey(`w${n}.example`, key))
const log = noteKey('host.example/spaces/x', generateEd25519().publicKey)

/** Policies of up to eight witnesses under random trees of groups, each name in one group at most. */
const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    count: fc.integer({ min: 1, max: 8 }),
    cuts: fc.array(fc.record({ take: fc.integer({ min: 1, max: 4 }), of: fc.nat(7) }), { maxLength: 5 }),
  })
  .map(({ count, cuts }) => {
    const names = vkeys.slice(0, count).map((_, n) => `w${n}`)
    const free = [...names]
    const groups = cuts.flatMap(({ take, of }, n) => {
      const members = free.splice(0, take)
      if (members.length === 0) return []
      free.push(`g${n}`)
      return [`group g${n} ${(of % members.length) + 1} ${members.join(' ')}`]
    })
    const lines = [`log ${log}`, ...names.map((name, n) => `witness ${name} ${vkeys[n]}`), ...groups]
    return parsePolicy([...lines, `quorum ${free.at(-1)}`, ''].join('\n'))
  })

/** The definition of the specification, word by word. */
function isWitnessed(policy: Policy, name: string, cosigned: ReadonlySet<string>): boolean {
  const group = policy.groups.find((one) => one.name === name)
  if (!group) return cosigned.has(name)
  return group.members.filter((member) => isWitnessed(policy, member, cosigned)).length >= group.threshold
}

function subsets(names: readonly string[]): Set<string>[] {
  return Array.from({ length: 2 ** names.length }, (_, bits) => new Set(names.filter((__, n) => (bits >> n) & 1)))
}

test('a policy is met exactly where its groups, read from the inside out, are', () => {
  fc.assert(
    fc.property(anyPolicy, (policy) => {
      const names = policy.witnesses.map(({ name }) => name)
      for (const cosigned of subsets(names)) {
        assert.equal(meetsPolicy(policy, cosigned), isWitnessed(policy, policy.quorum, cosigned))
      }
    }),
    { numRuns: 60 },
  )
})

test('what is said to be missing meets the policy, and nothing smaller does', () => {
  fc.assert(
    fc.property(anyPolicy, fc.integer({ min: 0, max: 255 }), (policy, bits) => {
      const names = policy.witnesses.map(({ name }) => name)
      const cosigned = new Set(names.filter((_, n) => (bits >> n) & 1))
      const missing = missingFor(policy, cosigned)
      assert.ok(missing.every((name) => !cosigned.has(name)))
      assert.ok(meetsPolicy(policy, new Set([...cosigned, ...missing])))
      const others = names.filter((name) => !cosigned.has(name))
      for (const less of subsets(others)) {
        if (less.size < missing.length) assert.ok(!meetsPolicy(policy, new Set([...cosigned, ...less])))
      }
    }),
    { numRuns: 60 },
  )
})

test('of those who cosigned, the fewest that are enough are chosen', () => {
  fc.assert(
    fc.property(anyPolicy, fc.integer({ min: 0, max: 255 }), (policy, bits) => {
      const names = policy.witnesses.map(({ name }) => name)
      const cosigned = new Set(names.filter((_, n) => (bits >> n) & 1))
      const enough = enoughOf(policy, cosigned)
      assert.equal(enough !== undefined, meetsPolicy(policy, cosigned))
      if (!enough) return
      assert.ok(enough.every((name) => cosigned.has(name)))
      assert.ok(meetsPolicy(policy, new Set(enough)))
      for (const less of subsets([...cosigned])) {
        if (less.size < enough.length) assert.ok(!meetsPolicy(policy, less))
      }
    }),
    { numRuns: 60 },
  )
})

test('a log is witnessed up to the largest size that a quorum reached, and never less as witnesses go on', () => {
  fc.assert(
    fc.property(anyPolicy, fc.array(fc.nat(20), { minLength: 8, maxLength: 8 }), fc.nat(7), (policy, sizes, who) => {
      const sizeOf = (given: readonly number[]) => (name: string) => given[Number(name.slice(1))] ?? 0
      const reach = policyReach(policy, sizeOf(sizes))
      const there = (size: number) =>
        new Set(policy.witnesses.map(({ name }) => name).filter((name) => sizeOf(sizes)(name) >= size))
      assert.ok(meetsPolicy(policy, there(reach)))
      assert.ok(!meetsPolicy(policy, there(reach + 1)))
      const later = sizes.with(who, (sizes[who] ?? 0) + 3)
      assert.ok(policyReach(policy, sizeOf(later)) >= reach)
    }),
  )
})

test('a policy written out and read again is the same policy', () => {
  fc.assert(fc.property(anyPolicy, (policy) => assert.deepEqual(parsePolicy(formatPolicy(policy)), policy)))
})

test('spaces, tabs, comments and empty lines mean nothing; names may be of any script', () => {
  const text = `\t# who watches\n\n  witness\tМиру ${vkeys[0]}   https://w0.example/witness \nquorum Миру`
  const policy = parsePolicy(text)
  assert.deepEqual(policy.witnesses[0]?.url, 'https://w0.example/witness')
  assert.equal(meetsPolicy(policy, new Set(['Миру'])), true)
  assert.equal(meetsPolicy(parsePolicy('quorum none\n'), new Set()), true)
})

test('a policy that says nothing definite is refused with its line', () => {
  const [a, b] = vkeys as [string, string]
  const two = `witness A ${a}\nwitness B ${b}\n`
  const cases: [string, string, number][] = [
    ['', 'no-quorum', 1],
    [`${two}group G all A B\n`, 'no-quorum', 4],
    ['quorum none\nquorum none\n', 'quorum-twice', 2],
    ['witnesses A\n', 'unknown-word', 1],
    ['constructor A\n', 'unknown-word', 1],
    ['witness A\nquorum A\n', 'not-complete', 1],
    [`witness A ${a} https://x.example more\n`, 'not-complete', 1],
    [`witness none ${a}\n`, 'name-reserved', 1],
    [`witness A ${a}\nwitness A ${b}\n`, 'name-twice', 2],
    [`witness A ${a}\nwitness B ${a}\n`, 'key-twice', 2],
    [`witness A ${log}\n`, 'not-a-witness-key', 1],
    [`log ${a}\n`, 'not-a-log-key', 1],
    [`log ${log}\nlog ${log}\n`, 'key-twice', 2],
    [`witness A ${a.replace(/\+[0-9a-f]{8}\+/, '+00000000+')}\n`, 'bad-key', 1],
    ['witness A not-a-key\n', 'bad-key', 1],
    [`${two}group G 3 A B\n`, 'bad-threshold', 3],
    [`${two}group G 0 A B\n`, 'bad-threshold', 3],
    [`${two}group G 01 A B\n`, 'bad-threshold', 3],
    [`${two}group G all\n`, 'not-complete', 3],
    [`${two}group G all A A\n`, 'member-twice', 3],
    [`${two}group G all A\ngroup H any A B\n`, 'member-twice', 4],
    [`${two}group G any H\n`, 'unknown-name', 3],
    [`${two}group G any none\n`, 'unknown-name', 3],
    ['quorum A\n', 'unknown-name', 1],
    [`quorum A\nwitness A ${a}\n`, 'unknown-name', 1],
    ['quorum none\r\n', 'bad-character', 1],
  ]
  for (const [text, problem, line] of cases) {
    assert.throws(
      () => parsePolicy(text),
      (error) => error instanceof PolicyError && error.problem === problem && error.line === line,
      `${problem} in ${JSON.stringify(text)}`,
    )
  }
})

test('up to 32 members all are asked for, above a quorum that liars cannot make twice', () => {
  const members = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ party: `m${n}.example`, cosigner: generateEd25519().publicKey }))
  const host = { origin: 'host.example/spaces/x', key: keys[0] as string }
  const quorumOf = (count: number) =>
    parsePolicy(formatPolicy(defaultPolicy(host, members(count)))).groups[0]?.threshold
  assert.deepEqual([quorumOf(2), quorumOf(32), quorumOf(39)], [2, 32, 26])
  assert.equal(defaultPolicy(host, []).quorum, 'none')
  for (let n = 33; n < 200; n += 1) {
    const liars = Math.floor((n - 1) / 3)
    assert.ok(2 * defaultThreshold(n) - n > liars, `two quorums of ${n} share somebody honest`)
    assert.ok(n - liars >= defaultThreshold(n), `the honest of ${n} are enough`)
  }
})
