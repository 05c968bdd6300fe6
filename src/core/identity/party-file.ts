import { join } from 'node:path'
import { z } from 'zod'
import { readText } from './ring-file.ts'
import { idText, partyText } from './texts.ts'

export const partyFile = 'party.json'

const schema = z.strictObject({
  v: z.literal(1),
  party: partyText,
  names: z.record(z.string(), z.string()),
  register: idText,
  founding: z.strictObject({
    leaf: z.string(),
    blobs: z.array(z.strictObject({ commitment: z.string(), blob: z.string() })),
  }),
})

/** What is public of a party and its founding; base64url throughout. */
export type PartyFile = z.infer<typeof schema>

/** Undefined when the folder has no party. Throws naming the file (never its content) when it is damaged. */
export async function readPartyFile(folder: string): Promise<PartyFile | undefined> {
  const text = await readText(folder, partyFile)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new Error(`${join(folder, partyFile)} is not a party file of this version`)
  }
}

export function partyFileText(file: PartyFile): string {
  return `${JSON.stringify(schema.parse(file), null, 2)}\n`
}
