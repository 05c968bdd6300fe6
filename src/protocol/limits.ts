/** Sizes and counts that every implementation enforces alike. Bytes unless said otherwise. */
export const limits = {
  statement: 16 * 1024,
  leaf: 65_535,
  parts: 64,
  after: 64,
  refs: 64,
  caveats: 16,
  audience: 64,
  members: 512,
  /** Keys in one history grant. */
  grantedKeys: 400,
  noteLines: 16,
  note: 16 * 1024,
  /** Text of a witness policy. */
  policy: 256 * 1024,
  /** Body and text parts, which travel with their act. */
  body: 1024 * 1024,
  /** Attachments. */
  attachment: 100 * 1024 * 1024,
} as const

/** A host refuses an act whose author's clock is further ahead than this; replicas never do. ms. */
export const maxAuthorAheadMs = 5 * 60 * 1000
