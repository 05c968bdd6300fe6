import { characters, fromBase64, joinBytes, toBase64, utf8 } from './bytes.ts'
import { type SigningKey, verifyStrict } from './keys.ts'
import { limits } from './limits.ts'
import { verifyMlDsa44, type PqSigningKey } from './ml-dsa.ts'
import { formatNoteKey, isLineOfKey, type NoteKey, noteKeyId } from './note-keys.ts'
import { ProtocolError } from './protocol-error.ts'

/** Where a log stands, as its host signed it. */
export interface Checkpoint {
  /** `<host domain>/spaces/<space id>`. */
  origin: string
  size: number
  root: Uint8Array
}

/** One signature line: key name, 4-byte key hash, and what follows it. */
export interface NoteLine {
  name: string
  keyHash: Uint8Array
  signature: Uint8Array
  text: string
}

/** Verifier key of a signed note, `<name>+<hash>+<key>`, as C2SP tools take it. */
export function noteKey(name: string, publicKey: string): string {
  return formatNoteKey({ name, type: 'ed25519', publicKey })
}

/** Verifier key of a cosigner, as C2SP tools take it. */
export function cosignerKey(name: string, publicKey: string): string {
  return formatNoteKey({ name, type: 'cosignature', publicKey })
}

/** Signed note of a checkpoint; the line's name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, key: SigningKey): string {
  const { origin, size, root } = checkpoint
  const body = `${origin}\n${size}\n${toBase64(root)}\n`
  readBody(body)
  const keyHash = noteKeyId({ name: origin, type: 'ed25519', publicKey: key.publicKey })
  return `${body}\n${lineText(origin, joinBytes(keyHash, key.sign(utf8(body))))}`
}

/**
 * A checkpoint of exactly this origin, signed by exactly this key. Other lines
 * are not judged.
 *
 * @throws ProtocolError `note-shape`, `checkpoint-shape`, `checkpoint-origin`, `checkpoint-signature`
 */
export function readCheckpoint(note: string, origin: string, publicKey: string): Checkpoint {
  return readSigned(note, { origin, publicKey, extended: false })
}

/** As {@link readCheckpoint}, of a log of others, whose checkpoints may say more after the root. */
export function readForeignCheckpoint(note: string, origin: string, publicKey: string): Checkpoint {
  return readSigned(note, { origin, publicKey, extended: true })
}

function readSigned(
  note: string,
  { origin, publicKey, extended }: { origin: string; publicKey: string; extended: boolean },
): Checkpoint {
  const { body, lines } = splitNote(note)
  const checkpoint = readBody(body, extended)
  if (checkpoint.origin !== origin) throw new ProtocolError('checkpoint-origin', `${checkpoint.origin}, not ${origin}`)
  const own = lines.filter((line) => isLineOfKey(line, { name: origin, type: 'ed25519', publicKey }))
  if (own.length !== 1 || !verifyStrict(publicKey, utf8(body), (own[0] as NoteLine).signature)) {
    throw new ProtocolError('checkpoint-signature', `${own.length} lines of ${origin}`)
  }
  return checkpoint
}

/** What a checkpoint says, without asking who signed it. Never believe it for that alone. */
export function peekCheckpoint(note: string): Checkpoint {
  return readBody(splitNote(note).body)
}

/** The origin a note claims, whoever signed it and whatever else it says. */
export function peekOrigin(note: string): string {
  return readBody(splitNote(note).body, true).origin
}

/** A cosignature v1 line over a checkpoint: this party saw it at `timeSeconds` and it was consistent with before. */
export function cosignCheckpoint(
  note: string,
  cosigner: { name: string; key: SigningKey },
  timeSeconds: number,
): string {
  const { body } = splitNote(note)
  readBody(body, true)
  if (!Number.isSafeInteger(timeSeconds) || timeSeconds < 0)
    throw new ProtocolError('note-shape', `time ${timeSeconds}`)
  const keyHash = noteKeyId({ name: cosigner.name, type: 'cosignature', publicKey: cosigner.key.publicKey })
  const signature = cosigner.key.sign(cosignatureMessage(body, timeSeconds))
  return lineText(cosigner.name, joinBytes(keyHash, timeBytes(timeSeconds), signature))
}

/** The valid cosignatures of a note by the given cosigners, in the order given. `time` in seconds. */
export function readCosignatures(
  note: string,
  cosigners: { name: string; publicKey: string }[],
): { name: string; time: number }[] {
  const { body, lines } = splitNote(note)
  return cosigners.flatMap((cosigner) => {
    const key: NoteKey = { ...cosigner, type: 'cosignature' }
    const line = lines.find((candidate) => isLineOfKey(candidate, key))
    const time = line && cosignatureTime(line, body, cosigner.publicKey)
    return time === undefined ? [] : [{ name: cosigner.name, time }]
  })
}

/** An ML-DSA-44 cosignature line over a checkpoint. It speaks of origin, size and root under the cosigner's name. */
export function cosignWithMlDsa44(
  note: string,
  cosigner: { name: string; key: PqSigningKey },
  timeSeconds: number,
): string {
  const checkpoint = readBody(splitNote(note).body, true)
  const keyHash = noteKeyId({ name: cosigner.name, type: 'mlDsa44', publicKey: cosigner.key.publicKey })
  const signature = cosigner.key.sign(subtreeMessage(checkpoint, cosigner.name, timeSeconds))
  return lineText(cosigner.name, joinBytes(keyHash, timeBytes(timeSeconds), signature))
}

/** Time in seconds of a cosigner's valid line on a checkpoint, for either kind of cosignature; undefined without one. */
export function cosignatureBy(note: string, key: NoteKey): number | undefined {
  const { body, lines } = splitNote(note)
  const line = lines.find((candidate) => isLineOfKey(candidate, key))
  if (!line || key.type === 'ed25519') return undefined
  if (key.type === 'cosignature') return cosignatureTime(line, body, key.publicKey)
  const time = timeOf(line, 2420)
  if (time === undefined) return undefined
  const message = subtreeMessage(readBody(body, true), key.name, time)
  return verifyMlDsa44(key.publicKey, message, line.signature.subarray(8)) ? time : undefined
}

/**
 * The note with further lines. A line already there is not repeated; lines
 * beyond the sixteenth are left off and have to be kept apart.
 */
export function withLines(note: string, lines: string[]): string {
  const split = splitNote(note)
  const given = lines.map((line) => readLine(line.endsWith('\n') ? line.slice(0, -1) : line).text)
  const all = [...new Set([...split.lines.map((line) => line.text), ...given])].slice(0, limits.noteLines)
  return `${split.body}\n${all.map((line) => `${line}\n`).join('')}`
}

/** How many of these signature lines are as long as those by ML-DSA-44. */
export function countMlDsa44Lines(lines: readonly NoteLine[]): number {
  return lines.filter(({ signature }) => signature.length === 8 + 2420).length
}

/** Body (with its last newline) and signature lines of a signed note. */
export function splitNote(note: string): { body: string; lines: NoteLine[] } {
  if (characters(note) > limits.note) throw new ProtocolError('note-shape', `${note.length} characters`)
  if (!note.isWellFormed() || hasControl(note)) throw new ProtocolError('note-shape', 'control characters')
  const at = note.lastIndexOf('\n\n')
  if (at < 0 || !note.endsWith('\n')) throw new ProtocolError('note-shape', 'no signature block')
  const texts = note.slice(at + 2, -1).split('\n')
  if (texts.length > limits.noteLines) throw new ProtocolError('note-shape', `${texts.length} lines`)
  return { body: note.slice(0, at + 1), lines: texts.map(readLine) }
}

function readLine(text: string): NoteLine {
  const [, name, base64] = /^— ([^ +\n]+) ([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = base64 === undefined ? undefined : fromBase64(base64)
  if (name === undefined || !bytes || bytes.length < 5)
    throw new ProtocolError('note-shape', 'malformed signature line')
  return { name, keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4), text }
}

function readBody(body: string, extended = false): Checkpoint {
  const [, origin, size, root, rest] =
    /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n((?:[^\n]+\n)*)$/.exec(body) ?? []
  const hash = root === undefined ? undefined : fromBase64(root)
  const isShape = origin !== undefined && !/[ +]/.test(origin) && (extended || rest === '')
  if (!isShape || hash?.length !== 32 || !Number.isSafeInteger(Number(size))) {
    throw new ProtocolError('checkpoint-shape', JSON.stringify(body.slice(0, 120)))
  }
  return { origin, size: Number(size), root: hash }
}

function cosignatureTime(line: NoteLine, body: string, publicKey: string): number | undefined {
  const time = timeOf(line, 64)
  if (time === undefined) return undefined
  return verifyStrict(publicKey, cosignatureMessage(body, time), line.signature.subarray(8)) ? time : undefined
}

function timeOf(line: NoteLine, signatureBytes: number): number | undefined {
  if (line.signature.length !== 8 + signatureBytes) return undefined
  const time = Number(new DataView(line.signature.buffer, line.signature.byteOffset, 8).getBigUint64(0))
  return Number.isSafeInteger(time) ? time : undefined
}

/** `cosigned_message` of tlog-cosignature: both names behind a byte of their length, numbers in 8 bytes, big-endian. */
function subtreeMessage({ origin, size, root }: Checkpoint, cosigner: string, timeSeconds: number): Uint8Array {
  return joinBytes(
    utf8('subtree/v1\n\0'),
    shortText(cosigner),
    timeBytes(timeSeconds),
    shortText(origin),
    timeBytes(0),
    timeBytes(size),
    root,
  )
}

function shortText(text: string): Uint8Array {
  const bytes = utf8(text)
  if (bytes.length === 0 || bytes.length > 255) throw new ProtocolError('note-shape', `a name of ${bytes.length} bytes`)
  return joinBytes(Uint8Array.of(bytes.length), bytes)
}

function cosignatureMessage(body: string, timeSeconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timeSeconds}\n${body}`)
}

function timeBytes(timeSeconds: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeSeconds))
  return bytes
}

/** A signature line with its newline. */
export function lineText(name: string, bytes: Uint8Array): string {
  return `— ${name} ${toBase64(bytes)}\n`
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if ((code < 0x20 && code !== 0x0a) || code === 0x7f) return true
  }
  return false
}
