import { timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { fromBase64url, type Json } from '../../protocol/index.ts'
import { firstKeyFiles, readFirstKeys } from './first-keys.ts'
import { KeysLocked } from './keys-locked.ts'
import {
  deriveAgain,
  deriveFor,
  deriveFresh,
  type DerivedKey,
  isSealed,
  open,
  type Protection,
  seal,
  type SealedFile,
  type Secret,
} from './protection.ts'
import { type RingContent, ringContent } from './ring-content.ts'
import { placeFile, readText, ringFile, sweepFolder, withLock } from './ring-file.ts'

/** The private keys of a data folder, unlocked in this process. */
export interface KeyRing {
  content(): RingContent
  protection(): Protection
  /** Reads what another process may have written; true when something changed. */
  reload(): Promise<boolean>
  /** One writer at a time, over what the file holds now; the old ring or the new one is on disk at every moment. */
  change(update: (content: RingContent) => RingContent): Promise<void>
  /** Is this the secret the keys are under? */
  opensWith(secret: Secret): Promise<boolean>
  /** Puts the keys under another secret, or under none. */
  protect(secret: Secret | undefined, cost?: number): Promise<void>
}

/** Gives what opens the keys, which are protected in this way; undefined where nobody knows it. */
export type ReadSecret = (protection: Secret['kind']) => Secret | undefined | Promise<Secret | undefined>

interface Read {
  text: string | undefined
  content: RingContent
  derived: DerivedKey | undefined
}

/**
 * Opens the ring of a keys folder.
 *
 * @throws {@link KeysLocked} without the right secret
 */
export async function openKeyRing(folder: string, readSecret?: ReadSecret): Promise<KeyRing> {
  let held = await read(folder, async (file) => {
    const secret = await readSecret?.(file.header.protection)
    if (!secret) throw new KeysLocked('needs-secret', file.header.protection)
    return deriveFor(file, secret)
  })
  await withLock(folder, () => sweepFolder(folder, held.text === undefined ? [] : firstKeyFiles))

  /** Without the lock: the file is replaced in one step, so what is read is whole. */
  async function readAgain(): Promise<boolean> {
    const text = await readText(folder, ringFile)
    if (text === held.text) return false
    held = await read(folder, async (file) => {
      const { derived } = held
      if (!derived || derived.kdf.salt !== file.header.kdf.salt) {
        throw new KeysLocked('changed-elsewhere', file.header.protection)
      }
      return derived
    })
    return true
  }

  async function write(content: RingContent, derived: DerivedKey | undefined): Promise<void> {
    const text = textOf(content, derived)
    await placeFile(folder, ringFile, text)
    held = { text, content, derived }
    await sweepFolder(folder, firstKeyFiles)
  }

  return {
    content: () => held.content,
    protection: () => held.derived?.protection ?? 'none',
    reload: readAgain,
    change: (update) =>
      withLock(folder, async () => {
        await readAgain()
        const content = ringContent.parse(update(held.content))
        if (content !== held.content) await write(content, held.derived)
      }),
    async opensWith(secret) {
      const { derived } = held
      if (derived?.protection !== secret.kind) return false
      return timingSafeEqual((await deriveAgain(secret, derived)).key, derived.key)
    },
    async protect(secret, cost) {
      // The slow part before the lock, so that nobody waits for it.
      const derived = secret && (await deriveFresh(secret, cost))
      await withLock(folder, async () => {
        await readAgain()
        await write(held.content, derived)
      })
    },
  }
}

/** Text of a ring nobody protected yet. */
export function plainRingText(content: RingContent): string {
  return textOf(ringContent.parse(content), undefined)
}

function textOf(content: RingContent, derived: DerivedKey | undefined): string {
  const file = derived
    ? seal(content as unknown as Json, derived)
    : { header: { format: 'chancery-keys', v: 1, protection: 'none' }, ring: content }
  return `${JSON.stringify(file, null, 2)}\n`
}

async function read(folder: string, keyFor: (file: SealedFile) => Promise<DerivedKey>): Promise<Read> {
  const text = await readText(folder, ringFile)
  if (text === undefined) {
    const content = await readFirstKeys(folder)
    if (content) return { text, content, derived: undefined }
  }
  const file = parse(folder, text)
  if (!isSealed(file))
    return { text, content: readContent(folder, (file as { ring?: unknown }).ring), derived: undefined }
  const derived = await keyFor(file)
  return { text, content: readContent(folder, open(file, derived)), derived }
}

function parse(folder: string, text: string | undefined): object {
  try {
    const file: unknown = JSON.parse(text ?? '')
    const { header } = file as { header: { format: unknown; v: unknown } }
    if (header.format === 'chancery-keys' && header.v === 1) return file as object
  } catch {
    // The message of the cause could quote key material.
  }
  throw damaged(folder)
}

function readContent(folder: string, value: unknown): RingContent {
  const read = ringContent.safeParse(value)
  if (!read.success) throw damaged(folder)
  for (const { privateKey } of read.data.signing) fromBase64url(privateKey)
  return read.data
}

function damaged(folder: string): Error {
  return new Error(`${join(folder, ringFile)} is not a key file of this version`)
}
