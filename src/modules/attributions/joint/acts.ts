import { z } from 'zod'
import { hash, language, partyName } from '../../../core/module/fields.ts'
import { hashOfText } from '../../agreements/index.ts'

/** A moment of the clock of the space: scenario ms in a drill. */
const moment = z.int().min(0).max(8_640_000_000_000_000)

/** "This is what we would say together." It says nothing for anybody who did not sign its hash. */
export const textProposedBody = z.strictObject({
  languages: z.array(language).min(1).max(12),
  /** The language that counts where they differ. */
  authentic: language,
  /** base64url SHA-256 of the canonical bytes of the part `text`, all languages together. */
  hash,
  /** Until then nobody publishes it. */
  embargo: moment.optional(),
  supersedes: hash.optional(),
})
export type TextProposedBody = z.infer<typeof textProposedBody>

export const jointText = z.strictObject({
  title: z.record(language, z.string().min(1).max(300)),
  paragraphs: z.record(language, z.array(z.string().min(1).max(20_000)).min(1).max(200)),
})
export type JointWords = z.infer<typeof jointText>
export const hashOfJoint = (text: JointWords): string => hashOfText(text)

/** "We say this too": once per party, to exactly this hash. */
export const textSignedBody = z.strictObject({ proposal: hash, hash })
export type TextSignedBody = z.infer<typeof textSignedBody>

export const signatureWithdrawnBody = z.strictObject({ proposal: hash })
export type SignatureWithdrawnBody = z.infer<typeof signatureWithdrawnBody>

/** "We gave it out." Before the embargo ends this is a break of it. */
export const textPublishedBody = z.strictObject({ proposal: hash, hash })
export type TextPublishedBody = z.infer<typeof textPublishedBody>

/** "It is out before its time": where it was seen, and by whom it was given out, if that is known. */
export const embargoBrokenBody = z.strictObject({ proposal: hash, seenAt: moment, party: partyName.optional() })
export type EmbargoBrokenBody = z.infer<typeof embargoBrokenBody>
