import { utf8 } from './bytes.ts'
import { limits } from './limits.ts'
import { formatNoteKey, isSameKey, type NoteKey, parseNoteKey } from './note-keys.ts'
import { ProtocolError } from './protocol-error.ts'

/** Somebody whose cosignature a policy counts. `name` means something inside the policy only. */
export interface PolicyWitness {
  name: string
  key: NoteKey
  url?: string
}

/** At least `threshold` of its members, each a witness or an earlier group. */
export interface PolicyGroup {
  name: string
  threshold: number
  members: readonly string[]
}

/** When a checkpoint counts as witnessed: a C2SP tlog-policy. */
export interface Policy {
  logs: readonly { key: NoteKey; url?: string }[]
  witnesses: readonly PolicyWitness[]
  groups: readonly PolicyGroup[]
  /** Name of a witness or group, or `none`: the host's own line is enough. */
  quorum: string
}

export const policyProblems = [
  'too-long',
  'bad-character',
  'unknown-word',
  'not-complete',
  'bad-key',
  'not-a-log-key',
  'not-a-witness-key',
  'key-twice',
  'name-reserved',
  'name-twice',
  'unknown-name',
  'member-twice',
  'bad-threshold',
  'too-many',
  'quorum-twice',
  'no-quorum',
] as const
export type PolicyProblem = (typeof policyProblems)[number]

/** A policy text that says nothing definite, with the place. `line` counts from 1. */
export class PolicyError extends ProtocolError {
  override name = 'PolicyError'
  problem: PolicyProblem
  line: number
  word: string
  constructor(problem: PolicyProblem, line: number, word = '') {
    super('policy', `line ${line}: ${problem} ${word}`.trim())
    this.problem = problem
    this.line = line
    this.word = word
  }
}

interface Reading {
  logs: { key: NoteKey; url?: string }[]
  witnesses: PolicyWitness[]
  groups: PolicyGroup[]
  quorum: string | undefined
  /** Names that already belong to a group. */
  grouped: Set<string>
}

/** Reads tlog-policy text. @throws {@link PolicyError} at the first line that does not fit. */
export function parsePolicy(text: string): Policy {
  if (utf8(text).length > limits.policy) throw new PolicyError('too-long', 1)
  const reading: Reading = { logs: [], witnesses: [], groups: [], quorum: undefined, grouped: new Set() }
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) readLine(reading, line, at + 1)
  const { logs, witnesses, groups, quorum } = reading
  if (quorum === undefined) throw new PolicyError('no-quorum', lines.length)
  return { logs, witnesses, groups, quorum }
}

function readLine(reading: Reading, line: string, at: number): void {
  for (let i = 0; i < line.length; i += 1) {
    const code = line.charCodeAt(i)
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) throw new PolicyError('bad-character', at)
  }
  const words = line.split(/[ \t]+/).filter((word) => word !== '')
  const [kind, ...rest] = words
  if (kind === undefined || kind.startsWith('#')) return
  const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined
  if (!read) throw new PolicyError('unknown-word', at, kind)
  read(reading, rest, at)
}

const readers: Record<string, (reading: Reading, words: string[], at: number) => void> = {
  log(reading, words, at) {
    const [vkey, url] = requireWords(words, 1, 2, at)
    const key = readKey(vkey as string, at)
    if (key.type !== 'ed25519') throw new PolicyError('not-a-log-key', at, key.name)
    if (reading.logs.some((log) => isSameKey(log.key, key))) throw new PolicyError('key-twice', at, key.name)
    reading.logs.push({ key, ...(url === undefined ? {} : { url }) })
    requireFew(reading, at)
  },
  witness(reading, words, at) {
    const [name, vkey, url] = requireWords(words, 2, 3, at) as [string, string, string?]
    requireNew(reading, name, at)
    const key = readKey(vkey, at)
    if (key.type === 'ed25519') throw new PolicyError('not-a-witness-key', at, name)
    if (reading.witnesses.some((one) => isSameKey(one.key, key))) throw new PolicyError('key-twice', at, name)
    reading.witnesses.push({ name, key, ...(url === undefined ? {} : { url }) })
    requireFew(reading, at)
  },
  group(reading, words, at) {
    const [name, count, ...members] = requireWords(words, 3, Infinity, at) as [string, string, ...string[]]
    requireNew(reading, name, at)
    for (const member of members) {
      if (!isDefined(reading, member)) throw new PolicyError('unknown-name', at, member)
      if (reading.grouped.has(member)) throw new PolicyError('member-twice', at, member)
      reading.grouped.add(member)
    }
    reading.groups.push({ name, threshold: readThreshold(count, members.length, at), members })
    requireFew(reading, at)
  },
  quorum(reading, words, at) {
    const [name] = requireWords(words, 1, 1, at) as [string]
    if (reading.quorum !== undefined) throw new PolicyError('quorum-twice', at)
    if (name !== 'none' && !isDefined(reading, name)) throw new PolicyError('unknown-name', at, name)
    reading.quorum = name
  },
}

function requireWords(words: string[], least: number, most: number, at: number): string[] {
  if (words.length < least || words.length > most) throw new PolicyError('not-complete', at)
  return words
}

function requireNew(reading: Reading, name: string, at: number): void {
  if (name === 'none') throw new PolicyError('name-reserved', at, name)
  if (isDefined(reading, name)) throw new PolicyError('name-twice', at, name)
}

function isDefined({ witnesses, groups }: Reading, name: string): boolean {
  return witnesses.some((one) => one.name === name) || groups.some((one) => one.name === name)
}

function requireFew({ logs, witnesses, groups }: Reading, at: number): void {
  if (Math.max(logs.length, witnesses.length, groups.length) > limits.members) throw new PolicyError('too-many', at)
}

function readKey(vkey: string, at: number): NoteKey {
  try {
    return parseNoteKey(vkey)
  } catch (error) {
    if (error instanceof ProtocolError) throw new PolicyError('bad-key', at, vkey.slice(0, 60))
    throw error
  }
}

function readThreshold(text: string, members: number, at: number): number {
  if (text === 'any') return 1
  if (text === 'all') return members
  const threshold = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 0
  if (threshold < 1 || threshold > members) throw new PolicyError('bad-threshold', at, text.slice(0, 60))
  return threshold
}

/** The policy as tlog-policy text: logs, witnesses, groups, quorum. */
export function formatPolicy({ logs, witnesses, groups, quorum }: Policy): string {
  const ending = (url: string | undefined) => (url === undefined ? '\n' : ` ${url}\n`)
  return [
    ...logs.map(({ key, url }) => `log ${formatNoteKey(key)}${ending(url)}`),
    ...witnesses.map(({ name, key, url }) => `witness ${name} ${formatNoteKey(key)}${ending(url)}`),
    ...groups.map(
      ({ name, threshold, members }) => `group ${name} ${countWord(threshold, members)} ${members.join(' ')}\n`,
    ),
    `quorum ${quorum}\n`,
  ].join('')
}

function countWord(threshold: number, members: readonly string[]): string {
  return threshold === members.length ? 'all' : threshold === 1 ? 'any' : String(threshold)
}

/** Do these witnesses, by their names in the policy, make its quorum? */
export function meetsPolicy(policy: Policy, cosigned: ReadonlySet<string>): boolean {
  return missingFor(policy, cosigned).length === 0
}

/** The fewest witnesses whose cosignatures would still be needed; of equal choices those named first. */
export function missingFor(policy: Policy, cosigned: ReadonlySet<string>): string[] {
  return fewest(policy, (name) => (cosigned.has(name) ? [] : [name]))
}

/** The fewest of these witnesses that make the quorum by themselves; undefined when all together do not. */
export function enoughOf(policy: Policy, cosigned: ReadonlySet<string>): string[] | undefined {
  if (!meetsPolicy(policy, cosigned)) return undefined
  const far = policy.witnesses.length + 1
  // Those who did not sign are so far away that no choice that can do without them takes them.
  return fewest(policy, (name) => (cosigned.has(name) ? [name] : Array<string>(far).fill(name)))
}

/** Bottom-up over groups: a name is a member once at most, so what is cheapest in each part is cheapest together. */
function fewest({ witnesses, groups, quorum }: Policy, costOf: (name: string) => string[]): string[] {
  if (quorum === 'none') return []
  const costs = new Map(witnesses.map(({ name }) => [name, costOf(name)]))
  for (const { name, threshold, members } of groups) {
    const cheapest = members.map((member) => costs.get(member) ?? []).sort((a, b) => a.length - b.length)
    costs.set(name, cheapest.slice(0, threshold).flat())
  }
  return costs.get(quorum) ?? []
}

/**
 * Up to which size a log is witnessed, when each witness cosigned up to `sizeOf(name)` of one consistent log:
 * the largest size that enough of them reach. Infinity where no witness is asked for.
 */
export function policyReach({ witnesses, groups, quorum }: Policy, sizeOf: (name: string) => number): number {
  if (quorum === 'none') return Infinity
  const reach = new Map(witnesses.map(({ name }) => [name, sizeOf(name)]))
  for (const { name, threshold, members } of groups) {
    const sizes = members.map((member) => reach.get(member) ?? 0).sort((a, b) => b - a)
    reach.set(name, sizes[threshold - 1] ?? 0)
  }
  return reach.get(quorum) ?? 0
}

/** Above this many cosigning members nobody waits for all of them. */
export const mostForAll = 32

/**
 * How many of `count` witnesses a space asks for unless its policy says otherwise: all up to {@link mostForAll};
 * above, more than half of all and of a third that may lie: k > (N + f) / 2 with f = ⌊(N − 1) / 3⌋.
 */
export function defaultThreshold(count: number): number {
  if (count <= mostForAll) return count
  const liars = Math.floor((count - 1) / 3)
  return Math.floor((count + liars) / 2) + 1
}

/** The policy a space has until an act says otherwise: its members but the host, whose own line stands anyway. */
export function defaultPolicy(
  log: { origin: string; key: string },
  members: readonly { party: string; cosigner: string }[],
): Policy {
  const witnesses = members.map(({ party, cosigner }): PolicyWitness => {
    return { name: party, key: { name: party, type: 'cosignature', publicKey: cosigner } }
  })
  const names = witnesses.map(({ name }) => name)
  const logs = [{ key: { name: log.origin, type: 'ed25519' as const, publicKey: log.key } }]
  if (names.length === 0) return { logs, witnesses, groups: [], quorum: 'none' }
  const group = { name: 'members', threshold: defaultThreshold(names.length), members: names }
  return { logs, witnesses, groups: [group], quorum: group.name }
}
