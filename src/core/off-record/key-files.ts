import { closeSync, fstatSync, fsyncSync, openSync, readdirSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fromBase64url, toBase64url } from '../../protocol/index.ts'
import type { RoomKey } from './room-key.ts'

const file = z.strictObject({
  v: z.literal(1),
  /** PKCS #8; gone once the room's key has been handed to everybody asked in, or taken. */
  own: z.string().optional(),
  hour: z.int().min(0).optional(),
  key: z.string().optional(),
})

export interface KeyFile {
  /** Private half of the pair whose public half the opening or joining named. */
  own?: string
  room?: RoomKey
}

export type KeyFiles = ReturnType<typeof createKeyFiles>

/** Keys of rooms as files of their own, outside the database and of every backup; what is replaced is overwritten. */
export function createKeyFiles(dataDir: string) {
  const folder = join(dataDir, 'off-record')
  const pathOf = (name: string) => {
    if (!/^[\w-]{32,43}$/.test(name)) throw new Error(`${name} names no file of a room`)
    return join(folder, `${name}.json`)
  }

  return {
    async read(name: string): Promise<KeyFile | undefined> {
      const text = await readFile(pathOf(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (text === undefined) return undefined
      const { own, hour, key } = file.parse(JSON.parse(text))
      const room = hour !== undefined && key !== undefined ? { hour, key: fromBase64url(key) } : undefined
      return { ...(own && { own }), ...(room && { room }) }
    },

    /** On the disk when it resolves; the bytes it takes the place of are overwritten. */
    async write(name: string, { own, room }: KeyFile): Promise<void> {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await chmod(folder, 0o700)
      const path = pathOf(name)
      const draft = `${path}.${process.pid}.draft`
      const handle = await open(draft, 'w', 0o600)
      try {
        const kept = { v: 1, ...(own && { own }), ...(room && { hour: room.hour, key: toBase64url(room.key) }) }
        await handle.writeFile(JSON.stringify(kept))
        await handle.sync()
      } finally {
        await handle.close()
      }
      const before = openIfThere(path)
      await rename(draft, path)
      if (before !== undefined) overwrite(before)
    },

    forget(name: string): void {
      const path = pathOf(name)
      const handle = openIfThere(path)
      if (handle === undefined) return
      unlinkSync(path)
      overwrite(handle)
    },

    /** Names of files nobody changed since then: of drafts that were never sent. */
    untouchedSince(ms: number): string[] {
      const names = namesIn(folder).filter((name) => name.endsWith('.json'))
      return names
        .filter((name) => statSync(join(folder, name)).mtimeMs < ms)
        .map((name) => name.slice(0, -'.json'.length))
    },
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r+')
  } catch {
    return undefined
  }
}

// Where the file system writes in place, the old bytes are gone; where it does not, SECURITY.md says so.
function overwrite(handle: number): void {
  try {
    writeSync(handle, new Uint8Array(fstatSync(handle).size), 0, undefined, 0)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
