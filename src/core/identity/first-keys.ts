import { join } from 'node:path'
import { z } from 'zod'
import { type RingContent, ringContent } from './ring-content.ts'
import { readText } from './ring-file.ts'

const signing = z.strictObject({ v: z.literal(1), use: z.string(), publicKey: z.string(), privateKey: z.string() })
const sealing = z.strictObject({
  v: z.literal(1),
  use: z.literal('sealing'),
  publicKey: z.string(),
  x25519: z.string(),
  mlkem768: z.string(),
})
const recovery = z.strictObject({ v: z.literal(1), seeds: z.array(z.string()).length(2) })

const uses = { act: 'act.json', next: 'next-act.json', node: 'node.json', host: 'host.json', cosigner: 'cosigner.json' }

/** Key files of folders made before there was a ring: one per key, in the clear. */
export const firstKeyFiles = [...Object.values(uses), 'sealing.json', 'recovery-pending.json']

/** The ring that those files make; undefined where there are none. */
export async function readFirstKeys(folder: string): Promise<RingContent | undefined> {
  if ((await readText(folder, uses.act)) === undefined) return undefined
  const keys = await Promise.all(
    Object.entries(uses).map(async ([use, name]) => {
      const { publicKey, privateKey } = await parseFile(folder, name, signing)
      return { use, publicKey, privateKey, made: 0 }
    }),
  )
  const { publicKey, x25519, mlkem768 } = await parseFile(folder, 'sealing.json', sealing)
  const sheets = await readText(folder, 'recovery-pending.json')
  return ringContent.parse({
    v: 1,
    signing: keys,
    sealing: [{ publicKey, x25519, mlkem768, made: 0 }],
    ...(sheets === undefined ? {} : { seeds: (await parseFile(folder, 'recovery-pending.json', recovery)).seeds }),
  })
}

async function parseFile<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse((await readText(folder, name)) ?? ''))
  } catch {
    throw new Error(`${join(folder, name)} is not a key file of this version`)
  }
}
