import { z } from 'zod'
import { firstIssue, hashText, idText, partyText, wholeNumber } from '../acts.ts'
import { canonicalBytes, parseCanonical } from '../canonical.ts'
import { ProtocolError } from '../protocol-error.ts'
import { type Json, spaceKinds } from '../types.ts'

const reasonText = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/)

export const partStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ hash: hashText, state: z.literal('present') }),
  z.strictObject({ hash: hashText, state: z.literal('withheld'), why: reasonText }),
  /** `by` is the index of the act that had it erased. */
  z.strictObject({ hash: hashText, state: z.literal('erased'), by: wholeNumber }),
])

/** What the archive says about itself: the maker's word, except where entries and parts bear it out. */
export const manifestSchema = z.strictObject({
  v: z.literal(1),
  format: z.literal('chancery-dossier'),
  purpose: z.string().max(2000),
  audience: z.string().max(300),
  /** ms. */
  made: wholeNumber,
  maker: partyText,
  /** Something in it was an exercise. */
  drill: z.boolean(),
  spaces: z
    .array(
      z.strictObject({
        space: idText,
        kind: z.enum(spaceKinds),
        size: wholeNumber.min(1),
        acts: z.array(
          z.strictObject({
            index: wholeNumber,
            act: hashText,
            /** `withheld`: only the signed statement is here, no content. */
            state: z.enum(['selected', 'withheld']),
            why: reasonText.optional(),
            parts: z.array(partStateSchema),
          }),
        ),
      }),
    )
    .min(1)
    .max(256),
})

export type Manifest = z.infer<typeof manifestSchema>
export type ManifestSpace = Manifest['spaces'][number]
export type ManifestAct = ManifestSpace['acts'][number]
export type PartState = z.infer<typeof partStateSchema>

export const manifestPath = 'manifest.json'

export function manifestBytes(manifest: Manifest): Uint8Array {
  return canonicalBytes(manifest as unknown as Json)
}

/** Throws `dossier-manifest` and byte rules. */
export function readManifest(bytes: Uint8Array): Manifest {
  const parsed = manifestSchema.safeParse(parseCanonical(bytes))
  if (!parsed.success) throw new ProtocolError('dossier-manifest', firstIssue(parsed.error))
  const spaces = parsed.data.spaces
  if (spaces.some(({ space }, at) => at > 0 && (spaces[at - 1] as ManifestSpace).space >= space)) {
    throw new ProtocolError('dossier-manifest', 'spaces are not in order, each once')
  }
  return parsed.data
}

export function spacePath(space: string, rest: string): string {
  return `spaces/${space}/${rest}`
}

export function partPaths(hash: string): { content: string; salt: string } {
  return { content: `parts/${hash}`, salt: `parts/${hash}.salt` }
}
