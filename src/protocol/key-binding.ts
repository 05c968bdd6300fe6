import { joinBytes, utf8 } from './bytes.ts'
import { type SigningKey, verifyStrict } from './keys.ts'
import { formatNoteKey, isLineOfKey, type NoteKey, noteKeyId, parseNoteKey } from './note-keys.ts'
import { lineText, splitNote } from './notes.ts'
import { ProtocolError } from './protocol-error.ts'

// No checkpoint begins like this: an origin holds no space.
const title = 'chancery ML-DSA-44 cosigner key'

/**
 * A note by which a party says that an ML-DSA-44 key cosigns for it, signed with its Ed25519 cosigner key: registers
 * have no place for such a key. What it is worth is decided when it is first seen and kept.
 */
export function bindMlDsaKey(party: string, publicKey: string, cosigner: SigningKey): string {
  const body = `${title}\n${formatNoteKey({ name: party, type: 'mlDsa44', publicKey })}\n`
  const id = noteKeyId({ name: party, type: 'ed25519', publicKey: cosigner.publicKey })
  return `${body}\n${lineText(party, joinBytes(id, cosigner.sign(utf8(body))))}`
}

/** The key bound to a party under its cosigner key. Throws `note-key`, `note-shape`. */
export function readMlDsaBinding(note: string, party: string, cosigner: string): NoteKey {
  const { body, lines } = splitNote(note)
  const [first, vkey, rest] = body.split('\n')
  const key = first === title && rest === '' ? parseNoteKey(vkey ?? '') : undefined
  const line = lines.find((one) => isLineOfKey(one, { name: party, type: 'ed25519', publicKey: cosigner }))
  const isSigned = line !== undefined && verifyStrict(cosigner, utf8(body), line.signature)
  if (key?.name !== party || key.type !== 'mlDsa44' || !isSigned) throw new ProtocolError('note-key', 'not bound')
  return key
}
