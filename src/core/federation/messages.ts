import { z } from 'zod'
import { idText, hashText, partyText } from './texts.ts'

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const note = z.string().max(16 * 1024)
/** Long enough for a line by ML-DSA-44. */
const line = z.string().max(4_000)
const encoded = (maxBytes: number) =>
  z
    .string()
    .max(Math.ceil((maxBytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/)

/** What one request may carry; both sides enforce them. */
export const messageLimits = {
  acts: 256,
  actsBytes: 8 * 1024 * 1024,
  hints: 1_000,
  lines: 512,
  jsonBytes: 256 * 1024,
  /** Entries and small payloads in one answer to `newest`. */
  newestEntries: 256,
  newestEntryBytes: 2 * 1024 * 1024,
  newestBlobBytes: 64 * 1024,
  newestBlobsBytes: 2 * 1024 * 1024,
  /** Entries and payloads of one space that an answer to `changes` brings along. */
  broughtBytes: 128 * 1024,
  changes: 20_000,
  /** Acts in one tender, and one payload of theirs. */
  tenders: 64,
  tenderBlobBytes: 1024 * 1024,
} as const

/** `/.well-known/chancery` */
export const selfDescription = z.object({
  v: z.literal(1),
  party: partyText,
  /** Space id of the party's register. */
  register: idText,
  /** Address at which the node wants to be reached by peers. */
  base: z.string().max(300),
})

const place = z.object({ space: idText, size: count })

/** `POST /fed/v1/hints` */
export const hintsMessage = z.object({ spaces: z.array(place).max(messageLimits.hints) })

/** `POST /fed/v1/spaces/{id}/acts` */
export const actsMessage = z.object({
  acts: z.array(z.unknown()).min(1).max(messageLimits.acts),
  /** Small payloads of these acts, salt ‖ content by commitment; larger ones were PUT before. */
  blobs: z.record(hashText, encoded(messageLimits.newestBlobBytes + 32)).optional(),
  /** Entries the sender has: the answer brings what follows. */
  from: count.optional(),
})

const receipt = z.object({ index: count, checkpoint: note, path: z.array(hashText).max(64) })

/** One item of the answer to `POST acts`. */
export const actAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('on-record'), hash: hashText, index: count, time: count, receipt }),
  z.object({
    state: z.literal('refused'),
    hash: z.string().max(64),
    rule: z.string().max(64),
    detail: z.string().max(2_000),
    refusal: z.object({
      payload: z.string().max(16_000),
      protected: z.string().max(1_000),
      signature: z.string().max(128),
    }),
  }),
  z.object({ state: z.literal('unavailable'), hash: z.string().max(64), reason: z.string().max(64) }),
  z.object({ state: z.literal('parts-missing'), hash: z.string().max(64), parts: z.array(hashText).max(64) }),
])
export type ActAnswer = z.infer<typeof actAnswer>
/** `GET /fed/v1/spaces/{id}/newest?from=` */
export const newestMessage = z.object({
  checkpoint: note,
  /** Cosignature lines on this checkpoint beyond the 16 it carries. */
  cosignatures: z.array(line).max(messageLimits.lines),
  from: count,
  /** Leaf bytes from index `from` on; perhaps not all up to the checkpoint. */
  entries: z.array(encoded(65_535)).max(messageLimits.newestEntries),
  /** Small bodies and texts of these entries, salt ‖ content by commitment. */
  blobs: z.record(hashText, encoded(messageLimits.newestBlobBytes + 32)),
})
export type NewestMessage = z.infer<typeof newestMessage>

/** `GET /fed/v1/changes?since=` */
export const changesMessage = z.object({
  cursor: z.string().max(64),
  /** `newest`: what `newest?from=` would answer; one that cannot be read is as if it had not come. */
  spaces: z.array(place.extend({ newest: newestMessage.optional().catch(undefined) })).max(messageLimits.changes),
})

/** Answer to `POST acts`. */
export const actsAnswer = z.object({
  answers: z.array(actAnswer).max(messageLimits.acts),
  newest: newestMessage.optional(),
})

const envelope = z.object({
  payload: z.string().max(16_000),
  protected: z.string().max(1_000),
  signature: z.string().max(128),
})

/** `POST /fed/v1/spaces/{id}/tenders` */
export const tendersMessage = z.object({
  acts: z.array(z.unknown()).max(messageLimits.tenders),
  /** Their bodies, texts and lists, salt ‖ content by commitment. Attachments stay with the author. */
  blobs: z.record(hashText, encoded(messageLimits.tenderBlobBytes + 32)).optional(),
  /** Receipts of other members for these or earlier tenders. */
  receipts: z.array(envelope).max(messageLimits.lines).optional(),
})

/** `POST /fed/v1/spaces/{id}/handover` */
export const handoverMessage = z.object({
  act: envelope,
  /** What the old host signed last. */
  size: count,
  root: hashText,
  blobs: z.record(hashText, encoded(messageLimits.newestBlobBytes + 32)),
})

/** One item of the answer to `POST tenders`. */
const tenderAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('kept'), hash: hashText, receipt: envelope }),
  z.object({ state: z.literal('on-record'), hash: hashText }),
  z.object({
    state: z.literal('refused'),
    hash: z.string().max(64),
    rule: z.string().max(64),
    detail: z.string().max(2_000),
  }),
])
export type TenderAnswer = z.infer<typeof tenderAnswer>
export const tendersAnswer = z.object({ answers: z.array(tenderAnswer).max(messageLimits.tenders) })

/** `POST /fed/v1/spaces/{id}/cosignatures` */
export const cosignaturesMessage = z.object({ size: count, lines: z.array(line).min(1).max(messageLimits.lines) })
