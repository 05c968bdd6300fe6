import { canonicalBytes, sha256, toBase64url } from '../../protocol/index.ts'
import type { Json, Marking } from '../../protocol/types.ts'

/** Everything a person approves when they clear a draft. */
export interface Approved {
  type: string
  space: string
  office: string
  /** Every party that will be able to read it. */
  recipients: string[]
  marking: Marking
  body: Json
  text?: Json
  attachments: { name: string; title?: string; media: string; hash: string; marking: Marking }[]
  refs: { space?: string; act: string }[]
}

/**
 * The value a clearance approves: base64url SHA-256 over the canonical bytes of type, space, recipients, marking
 * and the plaintext hash of each part. The signing office and the references go in too, since they are signed.
 */
export function approvalOf(draft: Approved): string {
  return hashOf({
    type: draft.type,
    space: draft.space,
    office: draft.office,
    recipients: [...draft.recipients].sort(),
    marking: plain(draft.marking),
    refs: plain(draft.refs),
    parts: [
      { role: 'body', hash: hashOf(draft.body) },
      ...(draft.text === undefined ? [] : [{ role: 'text', hash: hashOf(draft.text) }]),
      ...draft.attachments.map(({ name, title, media, hash, marking }) => ({
        role: 'attachment',
        name,
        ...(title && { title }),
        media,
        hash,
        marking: plain(marking),
      })),
    ],
  })
}

/** base64url SHA-256 of an attachment's content. */
export function contentHash(content: Uint8Array): string {
  return toBase64url(sha256(content))
}

function hashOf(value: Json): string {
  return toBase64url(sha256(canonicalBytes(value)))
}

// Drops members that are undefined: absent and undefined are the same approval.
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
