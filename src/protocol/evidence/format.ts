import { z } from 'zod'
import { firstIssue, hashText, idText, partyText, wholeNumber } from '../acts.ts'
import { canonicalBytes, parseCanonical } from '../canonical.ts'
import { isParty } from '../ids.ts'
import { limits } from '../limits.ts'
import { ProtocolError } from '../protocol-error.ts'
import { sealedSizeOf } from '../sealed-content.ts'
import type { Json } from '../types.ts'

const bytesText = (maxBytes: number) =>
  z
    .string()
    .max(Math.ceil((maxBytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/)
const leafText = bytesText(limits.leaf)
const blobText = bytesText(limits.body + 32)
const noteText = z.string().max(limits.note)
const pathText = z.array(hashText).max(63)

const common = {
  v: z.literal(1),
  format: z.literal('chancery-evidence'),
  space: idText,
  accused: z.strictObject({
    /** A party; of a witness from outside the name in its verifier key. */
    party: z.string().regex(/^[^\s+]{1,300}$/u),
    role: z.enum(['host', 'cosigner', 'witness', 'author']),
    /** Raw public key, base64url. */
    key: z.string().max(64),
  }),
  /** Who found it and when (ms): the finder's word. */
  found: z.strictObject({ by: partyText, at: wholeNumber }),
  /**
   * Of the accused's register: its founding entry, then the key events up to the one that names the key. None for a
   * witness from outside, which is known by its key alone.
   */
  register: z.array(z.strictObject({ leaf: leafText, body: blobText })).max(64),
}

const twoHistories = z.strictObject({
  ...common,
  kind: z.literal('two-histories'),
  /** The smaller tree first. */
  notes: z.tuple([noteText, noteText]),
  /** Root at the smaller size inside the larger tree, with its consistency path; absent for equal sizes. */
  proof: z.strictObject({ root: hashText, path: pathText }).optional(),
  /** The act that was promised by `notes[note]`. */
  receipt: z
    .strictObject({ note: z.union([z.literal(0), z.literal(1)]), index: wholeNumber, leaf: leafText, path: pathText })
    .optional(),
})

const inadmissibleEntry = z.strictObject({
  ...common,
  kind: z.literal('inadmissible-entry'),
  notes: z.tuple([noteText]),
  /** Leaf bytes from index 0 on; the last is the inadmissible one. */
  entries: z.array(leafText).min(1).max(1_000_000),
  /** Bodies (salt and content) of the acts that membership, keys and host depend on. */
  bodies: z.array(blobText).max(100_000),
  /** Consistency path from the size these entries make to the note; empty when they are all. */
  path: pathText,
})

const envelopeText = z.strictObject({
  payload: bytesText(limits.statement),
  protected: bytesText(1_000),
  signature: bytesText(64),
})

const refusedOnRecord = z.strictObject({
  ...common,
  kind: z.literal('refused-on-record'),
  notes: z.tuple([noteText]),
  entry: z.strictObject({ index: wholeNumber, leaf: leafText, path: pathText }),
  refusal: envelopeText,
})

const sealedOtherwise = z.strictObject({
  ...common,
  kind: z.literal('sealed-otherwise'),
  /** The signed statement. */
  envelope: envelopeText,
  /** Commitment of the part. */
  part: hashText,
  /** One-use key of the part's sealed bytes. */
  contentKey: bytesText(32),
  sealed: bytesText(sealedSizeOf(limits.attachment)),
})

const ignoredTender = z.strictObject({
  ...common,
  kind: z.literal('ignored-tender'),
  notes: z.tuple([noteText]),
  /** Leaf bytes of the whole record under the note. */
  entries: z.array(leafText).min(1).max(1_000_000),
  bodies: z.array(blobText).max(100_000),
  /** The act that is not among them. */
  act: envelopeText,
  /** Tender receipts of members that kept it. */
  receipts: z.array(envelopeText).min(1).max(64),
  /** The host’s signed refusal of that act, where it gave one: it answers the accusation. */
  refusal: envelopeText.optional(),
})

const evidenceSchema = z
  .discriminatedUnion('kind', [twoHistories, inadmissibleEntry, refusedOnRecord, sealedOtherwise, ignoredTender])
  .refine(isRoleFit, 'role, name and register do not fit')

/** Authors are accused of what they sealed, witnesses from outside of two histories, without a register. */
function isRoleFit({
  kind,
  accused: { party, role },
  register,
}: Pick<TwoHistories, 'accused' | 'register'> & { kind: string }): boolean {
  if (role === 'witness') return kind === 'two-histories' && register.length === 0
  return register.length > 0 && isParty(party) && (role === 'author') === (kind === 'sealed-otherwise')
}

/** Statements of one party that cannot all be true, with all that a stranger needs to see it. */
export type Evidence = z.infer<typeof evidenceSchema>
export type EvidenceKind = Evidence['kind']
export type TwoHistories = z.infer<typeof twoHistories>
export type InadmissibleEntry = z.infer<typeof inadmissibleEntry>
export type RefusedOnRecord = z.infer<typeof refusedOnRecord>
export type SealedOtherwise = z.infer<typeof sealedOtherwise>
export type IgnoredTender = z.infer<typeof ignoredTender>

/** Longer files are refused unread. Bytes. */
export const maxEvidenceBytes = 256 * 1024 * 1024

/**
 * Rules by which an act is refused for ever: what they look at is in the signed
 * statement and in a log that only grows. A refusal by any other rule may have
 * been right at its moment, or about another envelope.
 */
export const lastingRules: ReadonlySet<string> = new Set([
  'wrong-space',
  'opening-twice',
  'opening-seen',
  'id-taken',
  'seen-root',
  'stale-membership',
])

/** Bytes of an evidence file: canonical JSON. Throws `evidence-shape`. */
export function evidenceBytes(evidence: Evidence): Uint8Array {
  const bytes = canonicalBytes(evidence as unknown as Json)
  readEvidence(bytes)
  return bytes
}

/** An evidence file read for form; nothing in it is believed yet. Throws `evidence-shape` and byte rules. */
export function readEvidence(bytes: Uint8Array): Evidence {
  if (bytes.length > maxEvidenceBytes) throw new ProtocolError('evidence-shape', `${bytes.length} bytes`)
  const parsed = evidenceSchema.safeParse(parseCanonical(bytes))
  if (!parsed.success) throw new ProtocolError('evidence-shape', firstIssue(parsed.error))
  return parsed.data
}
