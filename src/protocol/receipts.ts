import { characters, fromBase64, fromBase64url, toBase64, toBase64url } from './bytes.ts'
import { limits } from './limits.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { type Checkpoint, readCheckpoint, splitNote } from './notes.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Receipt } from './types.ts'

const header = 'c2sp.org/tlog-proof@v1'

/** A receipt as `.tlog-proof` text. */
export function formatReceipt(receipt: Receipt): string {
  const path = receipt.path.map((hash) => `${toBase64(fromBase64url(hash))}\n`).join('')
  return `${header}\nindex ${receipt.index}\n${path}\n${receipt.checkpoint}`
}

/** The receipt in `.tlog-proof` text without extra data; nothing in it is believed yet. Throws `receipt-shape`. */
export function parseReceipt(text: string): Receipt {
  const at = text.indexOf('\n\n')
  const [first, second, ...hashes] = text.slice(0, at).split('\n')
  const [, index] = /^index (0|[1-9][0-9]{0,15})$/.exec(second ?? '') ?? []
  const path = hashes.map((hash) => fromBase64(hash))
  const wrong =
    at < 0 || characters(text) > 2 * limits.note || first !== header || index === undefined || path.length > 63
  if (wrong || !Number.isSafeInteger(Number(index)) || path.some((hash) => hash?.length !== 32)) {
    throw new ProtocolError('receipt-shape', JSON.stringify(text.slice(0, 80)))
  }
  const checkpoint = text.slice(at + 2)
  splitNote(checkpoint)
  return { index: Number(index), checkpoint, path: path.map((hash) => toBase64url(hash as Uint8Array)) }
}

/** Checks that a receipt proves `entry` to be in the log of this origin and key, and returns its checkpoint. */
export function verifyReceipt(receipt: Receipt, entry: Uint8Array, host: { origin: string; key: string }): Checkpoint {
  const checkpoint = readCheckpoint(receipt.checkpoint, host.origin, host.key)
  const path = receipt.path.map(fromBase64url)
  const { index } = receipt
  if (!verifyInclusion({ leafHash: leafHash(entry), index, size: checkpoint.size, path, root: checkpoint.root })) {
    throw new ProtocolError('receipt-proof', `index ${index} of ${checkpoint.size}`)
  }
  return checkpoint
}
