import { z } from 'zod'

/** Act or part hash: base64url SHA-256. */
export const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
/** Lower-case A-label domain. */
export const partyName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/)
/** BCP 47 language tag, short form. */
export const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
/** ISO 8601 duration of whole days, hours and minutes. */
export const isoDuration = z.string().regex(/^P(?=\d|T\d)(\d{1,4}D)?(T(?=\d)(\d{1,4}H)?(\d{1,4}M)?)?$/)

/** The checkpoint by which an outward step shows that what it rests on was cosigned: a signed note, and further lines. */
export const cosignedCheckpoint = z.strictObject({
  checkpoint: z.string().min(1).max(24_000),
  lines: z.array(z.string().min(1).max(1_000)).min(1).max(128).optional(),
})

/** A subject and paragraphs. */
export const prose = z.strictObject({
  subject: z.string().min(1).max(300),
  paragraphs: z.array(z.string().min(1).max(20_000)).min(1).max(200),
})

/** The same as a form brings it; {@link paragraphsOf} divides the text. */
export const typedProse = {
  subject: z.string().trim().min(1).max(300),
  text: z.string().trim().min(1).max(100_000),
}

/** Splits what was typed into paragraphs at empty lines. */
export function paragraphsOf(typed: string): string[] {
  return typed
    .replaceAll('\r\n', '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
}
