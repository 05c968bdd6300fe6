import {
  canonicalBytes,
  cosignCheckpoint,
  type Envelope,
  fromBase64url,
  type Json,
  newBlob,
  parseCanonical,
  readLeaf,
  sha256,
  type SigningKey,
  splitNote,
  toBase64url,
} from '../../../src/protocol/index.ts'
import { keyFrom, testParty } from '../build-log.ts'
import type { Chance } from './chance.ts'
import { changedJson, otherText } from './changed-json.ts'
import { type Actor, newest, type World } from './grown-world.ts'
import { archiveOf, filesOf, type MadeDossier, withEntries } from './made-dossier.ts'

/** Ways to spoil a dossier; some leave it whole, and then both verifiers have to say so. */
export const mutations: Record<string, (chance: Chance, made: MadeDossier) => Uint8Array> = {
  'a byte of the file': (chance, { bytes }) => {
    const copy = new Uint8Array(bytes)
    const at = chance.below(copy.length)
    copy[at] = (copy[at] as number) ^ (1 << chance.below(8))
    return copy
  },
  'a piece of the file gone, doubled or put in': (chance, { bytes }) => {
    const [from, to] = [chance.below(bytes.length), chance.below(bytes.length)].sort((a, b) => a - b) as [
      number,
      number,
    ]
    const piece = bytes.subarray(from, chance.once(2) ? to : from + chance.below(4))
    const pieces = [[], [piece, piece], [piece, new Uint8Array(chance.below(5))]]
    return new Uint8Array(
      Buffer.concat([bytes.subarray(0, from), ...chance.of(pieces), bytes.subarray(from + piece.length)]),
    )
  },
  'a byte of the directory': (chance, { bytes }) => {
    const copy = new Uint8Array(bytes)
    const at = copy.length - 1 - chance.below(Math.min(200, copy.length))
    copy[at] = chance.below(256)
    return copy
  },
  'a file gone, emptied, renamed, doubled or exchanged': (chance, made) => {
    const files = filesOf(made)
    const [path, other] = [chance.of([...files.keys()]), chance.of([...files.keys()])]
    const content = files.get(path) as Uint8Array
    const what = chance.below(6)
    if (what === 0 || what === 3) files.delete(path)
    if (what === 1) files.set(path, new Uint8Array())
    if (what === 2) files.set(`${path}${chance.of(['.', 'x', '/x', '.salt'])}`, content)
    if (what === 3) files.set(chance.of(['x', `${path} `, 'parts/x', 'spaces/x']), content)
    if (what === 4) files.set(path, files.get(other) as Uint8Array)
    if (what === 4) files.set(other, content)
    if (what === 5) files.set(path, new Uint8Array(Buffer.concat([content, content.subarray(0, 1 + chance.below(40))])))
    return archiveOf(files)
  },
  'a byte of a file, the archive made to fit': (chance, made) => {
    const files = filesOf(made)
    const path = chance.of([...files.keys()])
    const copy = new Uint8Array(files.get(path) as Uint8Array)
    const at = chance.below(Math.max(1, copy.length))
    if (copy.length > 0) copy[at] = chance.once(2) ? chance.below(256) : (copy[at] as number) ^ (1 << chance.below(8))
    return archiveOf(files.set(path, copy))
  },
  'a line of a text file': (chance, made) => {
    const files = filesOf(made)
    const path = chance.of([...files.keys()].filter((name) => /checkpoint$|cosignatures$/.test(name)))
    return archiveOf(files.set(path, Buffer.from(changedLines(chance, files.get(path) as Uint8Array))))
  },
  'a cosignature more': (chance, made) => {
    const files = filesOf(made)
    const { log } = chance.of(made.spaces)
    const path = `spaces/${log.space}/checkpoint`
    const note = Buffer.from(files.get(path) as Uint8Array).toString()
    const name = chance.of(['aurelia.example', 'borovia.example', 'calenia.example', 'nobody.example'])
    const key = chance.once(4) ? keyFrom('nobody') : testParty(name).cosigner
    const line = cosignCheckpoint(note, { name, key }, chance.of([0, 1, 1_800_000_000, 2 ** 52]))
    const { body, lines } = splitNote(note)
    const texts = chance.once(2)
      ? [...lines.map(({ text }) => text), line.trimEnd()]
      : [line.trimEnd(), ...lines.map(({ text }) => text)]
    if (chance.once(3)) return archiveOf(files.set(path.replace('checkpoint', 'cosignatures'), Buffer.from(line)))
    return archiveOf(files.set(path, Buffer.from(`${body}\n${texts.map((text) => `${text}\n`).join('')}`)))
  },
  'something in the manifest': (chance, made) => {
    const files = filesOf(made)
    const manifest = parseCanonical(files.get('manifest.json') as Uint8Array)
    return archiveOf(files.set('manifest.json', canonicalBytes(changedJson(chance, manifest))))
  },
  'the text of the manifest': (chance, made) => {
    const files = filesOf(made)
    const text = Buffer.from(files.get('manifest.json') as Uint8Array).toString()
    return archiveOf(files.set('manifest.json', Buffer.from(otherText(chance, text))))
  },
  'entries gone, doubled or out of order': (chance, made) => {
    const space = chance.of(made.spaces)
    const entries = [...space.log.entries]
    const [at, other] = [chance.below(entries.length), chance.below(entries.length)]
    const what = chance.below(4)
    if (what === 0 && entries.length > 1) entries.splice(at, 1)
    if (what === 1) entries.splice(other, 0, entries[at] as Uint8Array)
    if (what === 2) [entries[at], entries[other]] = [entries[other] as Uint8Array, entries[at] as Uint8Array]
    if (what === 3) entries.splice(at, 1, chance.of(made.spaces).log.entries[0] as Uint8Array)
    return withEntries(made, space, entries)
  },
  'a leaf': (chance, made) =>
    changedEntry(chance, made, (bytes) => {
      const text = Buffer.from(bytes).toString()
      if (chance.once(3)) return Buffer.from(otherText(chance, text))
      return canonicalBytes(changedJson(chance, JSON.parse(text) as Json))
    }),
  'a leaf’s time': (chance, made) =>
    changedEntry(chance, made, (bytes) => {
      const leaf = parseCanonical(bytes) as { time: number }
      const time = Math.max(0, leaf.time + chance.of([1, -1, -2000, 1000, 1e9, -1e9]))
      return canonicalBytes({ ...leaf, time })
    }),
  'a statement, signed again': (chance, made) =>
    changedEntry(chance, made, (bytes) =>
      resigned(chance, made, bytes, (statement) => canonicalBytes(changedJson(chance, statement))),
    ),
  'the text of a statement, signed again': (chance, made) =>
    changedEntry(chance, made, (bytes) =>
      resigned(chance, made, bytes, (statement) =>
        Buffer.from(otherText(chance, Buffer.from(canonicalBytes(statement)).toString())),
      ),
    ),
  'the header of an act, signed again': (chance, made) =>
    changedEntry(chance, made, (bytes) => {
      const { envelope } = readLeaf(bytes).leaf
      const header = parseCanonical(fromBase64url(envelope.protected))
      const text = Buffer.from(canonicalBytes(header)).toString()
      const other = chance.once(2) ? Buffer.from(otherText(chance, text)) : canonicalBytes(changedJson(chance, header))
      return leafWith(bytes, signed(keyOf(made, readLeaf(bytes).act.kid), toBase64url(other), envelope.payload))
    }),
  'a bit of a signature': (chance, made) =>
    changedEntry(chance, made, (bytes) => {
      const { envelope } = readLeaf(bytes).leaf
      const signature = fromBase64url(envelope.signature)
      const at = chance.below(64)
      signature[at] = (signature[at] as number) ^ (1 << chance.below(8))
      return leafWith(bytes, { ...envelope, signature: toBase64url(signature) })
    }),
  'signed by another key': (chance, made) =>
    changedEntry(chance, made, (bytes) => {
      const { payload } = readLeaf(bytes).leaf.envelope
      const key = chance.of(keysOf(made))
      return leafWith(bytes, signed(key, headerOf(key), payload))
    }),
  'what an act claims to have seen': (chance, made) =>
    changedEntry(chance, made, (bytes, { log }) =>
      resigned(chance, made, bytes, (statement) => {
        const size = chance.of([0, 1, log.size, log.size + 1, chance.below(log.size + 1)])
        const root = chance.once(4) ? log.roots[0] : (log.roots[size] ?? log.roots[1])
        return canonicalBytes({ ...(statement as object), seen: { size, root: root as string } })
      }),
    ),
  'a body, committed to and signed again': changedBody,
}

type Space = World['spaces'][number]

/** One entry changed; what follows it is often cut, so that it is not always the next entry’s `seen` that fails. */
function changedEntry(
  chance: Chance,
  made: MadeDossier,
  change: (bytes: Uint8Array, space: Space) => Uint8Array,
): Uint8Array {
  const space = chance.of(made.spaces)
  const entries = [...space.log.entries]
  const at = chance.below(entries.length)
  entries[at] = change(entries[at] as Uint8Array, space)
  return withEntries(made, space, chance.once(3) ? entries : entries.slice(0, at + 1))
}

function changedBody(chance: Chance, made: MadeDossier): Uint8Array {
  const space = chance.of(made.spaces)
  const governing = space.log.entries.flatMap((bytes, at) =>
    /^(space|register|drill|clock)\./.test(readLeaf(bytes).act.statement.type) ? [at] : [],
  )
  const at = chance.of(governing)
  const bytes = space.log.entries[at] as Uint8Array
  const { act } = readLeaf(bytes)
  const part = act.statement.parts.find(({ role }) => role === 'body')
  const blob = part && space.log.blobs.get(part.hash)
  if (!part || !blob) return made.bytes
  const body = parseCanonical(blob.subarray(32))
  const content = chance.once(4)
    ? Buffer.from(otherText(chance, Buffer.from(blob.subarray(32)).toString()))
    : canonicalBytes(changedJson(chance, body))
  const other = newBlob(content, sha256(content))
  const parts = act.statement.parts.map((one) =>
    one === part ? { ...one, hash: other.commitment, size: chance.once(9) ? 1 : other.size } : one,
  )
  const entry = resigned(chance, made, bytes, (statement) =>
    canonicalBytes({ ...(statement as object), parts } as unknown as Json),
  )
  const entries = [...space.log.entries.slice(0, at), entry]
  return withEntries(made, space, entries, new Map([[other.commitment, other.blob]]))
}

function resigned(
  chance: Chance,
  made: MadeDossier,
  bytes: Uint8Array,
  change: (statement: Json) => Uint8Array,
): Uint8Array {
  const { act, leaf } = readLeaf(bytes)
  const payload = toBase64url(change(act.statement as unknown as Json))
  const key = keyOf(made, act.kid)
  return leafWith(bytes, signed(key, chance.once(20) ? headerOf(key) : leaf.envelope.protected, payload))
}

function leafWith(bytes: Uint8Array, envelope: Envelope): Uint8Array {
  return canonicalBytes({ ...(parseCanonical(bytes) as object), envelope: { ...envelope } })
}

function headerOf({ kid }: SigningKey): string {
  return toBase64url(canonicalBytes({ alg: 'Ed25519', kid, typ: 'chancery-act+json' }))
}

function signed(key: SigningKey, header: string, payload: string): Envelope {
  return { payload, protected: header, signature: toBase64url(key.sign(Buffer.from(`${header}.${payload}`))) }
}

function keysOf({ world }: MadeDossier): SigningKey[] {
  return world.actors.flatMap((actor: Actor) => [...actor.keys, actor.next, newest(actor), ...actor.owner.recovery])
}

function keyOf(made: MadeDossier, kid: string): SigningKey {
  return keysOf(made).find((key) => key.kid === kid) ?? keyFrom('nobody')
}

function changedLines(chance: Chance, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString().split('\n')
  const [at, other] = [chance.below(lines.length), chance.below(lines.length)]
  const what = chance.below(7)
  if (what === 0) lines.splice(at, 1)
  if (what === 1) lines.splice(at, 0, lines[other] as string)
  if (what === 2) [lines[at], lines[other]] = [lines[other] as string, lines[at] as string]
  if (what === 3) lines[at] = `${lines[at]} `
  if (what === 4) lines.push(...Array.from({ length: 16 }, () => lines[at] as string))
  if (what === 5) lines[at] = (lines[at] as string).replace(/[0-9a-z]/, chance.of(['0', '7', 'a', 'é', '\r', '\u0000']))
  if (what === 6)
    lines[at] = chance.of(['', '0', '01', '-1', 'x', '— x AAAAAAAA', '9007199254740993', '\u{1f600}'.repeat(9000)])
  return lines.join('\n')
}
