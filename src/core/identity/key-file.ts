import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { idText, partyText } from './texts.ts'

/** Where the key files of a data folder lie. */
export function keysFolder(dataDir: string): string {
  return join(dataDir, 'keys')
}

const signing = z.strictObject({ v: z.literal(1), use: z.string(), publicKey: z.string(), privateKey: z.string() })
const sealing = z.strictObject({
  v: z.literal(1),
  use: z.literal('sealing'),
  publicKey: z.string(),
  x25519: z.string(),
  mlkem768: z.string(),
})
const party = z.strictObject({
  v: z.literal(1),
  party: partyText,
  names: z.record(z.string(), z.string()),
  register: idText,
  founding: z.strictObject({
    leaf: z.string(),
    blobs: z.array(z.strictObject({ commitment: z.string(), blob: z.string() })),
  }),
})
const recovery = z.strictObject({ v: z.literal(1), seeds: z.array(z.string()).length(2) })

/** What each file of the folder holds; base64url throughout. */
export const keyFiles = {
  'act.json': signing,
  'node.json': signing,
  'host.json': signing,
  'cosigner.json': signing,
  'next-act.json': signing,
  'sealing.json': sealing,
  'party.json': party,
  'recovery-pending.json': recovery,
} as const

export type KeyFileName = keyof typeof keyFiles
export type KeyFile<N extends KeyFileName> = z.infer<(typeof keyFiles)[N]>

/** The file's value; throws naming the file (never its content) when it is missing or malformed. */
export async function readKeyFile<N extends KeyFileName>(folder: string, name: N): Promise<KeyFile<N>> {
  const path = join(folder, name)
  const text = await readFile(path, 'utf8')
  try {
    return keyFiles[name].parse(JSON.parse(text)) as KeyFile<N>
  } catch {
    throw new Error(`${path} is not a key file of this version`)
  }
}

/** Writes a file only its owner can read and waits until it is on disk. Never overwrites. */
export async function writeKeyFile<N extends KeyFileName>(folder: string, name: N, value: KeyFile<N>): Promise<void> {
  const file = await open(join(folder, name), 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a folder with `fill` and puts it in place in one step, so that half a set of keys never exists. */
export async function placeFolder(target: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${target}.new-${process.pid}-${process.hrtime.bigint()}`
  await mkdir(draft, { recursive: true, mode: 0o700 })
  await chmod(draft, 0o700)
  try {
    await fill(draft)
    // Renaming onto a folder that holds files fails: two set-ups at once leave one winner.
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
  await syncFolder(join(target, '..'))
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
