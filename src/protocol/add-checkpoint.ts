import { fromBase64, sameBytes, toBase64 } from './bytes.ts'
import { emptyRoot, verifyConsistency } from './merkle.ts'
import { type Checkpoint, readForeignCheckpoint, splitNote } from './notes.ts'
import { ProtocolError } from './protocol-error.ts'

/** What a log hands to a witness: C2SP tlog-witness `add-checkpoint`. */
export interface AddCheckpoint {
  /** Size the witness is thought to have cosigned last; 0 for none. */
  oldSize: number
  /** Consistency path from there to the checkpoint. */
  path: Uint8Array[]
  /** Signed note. */
  checkpoint: string
}

/** Media type of the answer 409, which holds the size the witness knows. */
export const sizeMediaType = 'text/x.tlog.size'

const mostHashes = 63

/** Body of an `add-checkpoint` request. */
export function formatAddCheckpoint({ oldSize, path, checkpoint }: AddCheckpoint): string {
  return `old ${oldSize}\n${path.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`
}

/** Reads a request body as strictly as the format is written. Throws `witness-request`, `note-shape`. */
export function parseAddCheckpoint(text: string): AddCheckpoint {
  const at = text.indexOf('\n\n')
  const [first, ...hashes] = at < 0 ? [] : text.slice(0, at).split('\n')
  const oldSize = /^old (0|[1-9][0-9]{0,15})$/.exec(first ?? '')?.[1]
  if (oldSize === undefined || !Number.isSafeInteger(Number(oldSize))) {
    throw new ProtocolError('witness-request', 'the first line is not old <size>')
  }
  if (hashes.length > mostHashes) throw new ProtocolError('witness-request', `${hashes.length} hashes`)
  const path = hashes.map((hash) => fromBase64(hash))
  if (path.some((hash) => hash?.length !== 32)) throw new ProtocolError('witness-request', 'a line is not a hash')
  const checkpoint = text.slice(at + 2)
  splitNote(checkpoint)
  return { oldSize: Number(oldSize), path: path as Uint8Array[], checkpoint }
}

/** The size in the body of an answer 409. Throws `witness-request`. */
export function parseKnownSize(text: string): number {
  const [, size] = /^(0|[1-9][0-9]{0,15})\n$/.exec(text) ?? []
  if (size === undefined || !Number.isSafeInteger(Number(size)))
    throw new ProtocolError('witness-request', 'not a size')
  return Number(size)
}

/** What a witness has cosigned last of a log; size 0 for nothing. */
export interface Witnessed {
  size: number
  root: Uint8Array
}

export type WitnessVerdict =
  | { status: 200; checkpoint: Checkpoint }
  /** The witness knows another size, or another root at this one: `size` goes into the answer. */
  | { status: 409; size: number; checkpoint: Checkpoint }
  /** `checkpoint` where the log signed it: then the refusal may be evidence against the log. */
  | { status: 400 | 403 | 422; detail: string; checkpoint?: Checkpoint }

/** Judges a submission for a known log as tlog-witness has it. Whoever cosigns must store the new state first. */
export function judgeSubmission(
  { oldSize, path, checkpoint: note }: AddCheckpoint,
  log: { origin: string; key: string },
  known: Witnessed,
): WitnessVerdict {
  let checkpoint: Checkpoint
  try {
    checkpoint = readForeignCheckpoint(note, log.origin, log.key)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { status: error.rule === 'checkpoint-signature' ? 403 : 400, detail: error.message }
  }
  const { size, root } = checkpoint
  if (oldSize > size) return { status: 400, detail: `old size ${oldSize} of a tree of ${size}`, checkpoint }
  if (oldSize !== known.size) return { status: 409, size: known.size, checkpoint }
  if (oldSize === size) {
    if (path.length > 0) return { status: 422, detail: 'a path between equal sizes', checkpoint }
    const held = size === 0 ? emptyRoot : known.root
    return sameBytes(held, root) ? { status: 200, checkpoint } : { status: 409, size, checkpoint }
  }
  const isConsistent =
    oldSize === 0
      ? path.length === 0
      : verifyConsistency({ fromSize: oldSize, fromRoot: known.root, toSize: size, toRoot: root, path })
  return isConsistent
    ? { status: 200, checkpoint }
    : { status: 422, detail: `not consistent with the tree of ${oldSize}`, checkpoint }
}
