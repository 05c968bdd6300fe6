import crypto from 'node:crypto'
import fs from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Gives this process chance and files that a seed repeats: random bytes and keys come from `Math.random`, which the
 * simulation has seeded, and files are read and written at once instead of in threads that finish as they like.
 */
export function takeOverMachine(): { restore(): void } {
  const { randomBytes, randomUUID, generateKeyPairSync } = crypto
  const promised = { ...files }
  Object.assign(crypto, {
    randomBytes: seededBytes,
    randomUUID: () => {
      const hex = seededBytes(16).toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
    },
    generateKeyPairSync: (kind: string, ...rest: unknown[]) =>
      seededKeys(kind) ?? (generateKeyPairSync as (...given: unknown[]) => unknown)(kind, ...rest),
  })
  for (const name of ['mkdir', 'readdir', 'readFile', 'writeFile', 'rename', 'rm', 'stat', 'chmod'] as const) {
    const atOnce = fs[`${name}Sync`] as (...given: unknown[]) => unknown
    Object.assign(files, { [name]: async (...given: unknown[]) => atOnce(...given) })
  }
  Object.assign(files, {
    open: async (...given: Parameters<typeof fs.openSync>) => new OpenFile(fs.openSync(...given)),
  })
  syncBuiltinESMExports()
  return {
    restore() {
      Object.assign(crypto, { randomBytes, randomUUID, generateKeyPairSync })
      Object.assign(files, promised)
      syncBuiltinESMExports()
    },
  }
}

function seededBytes(length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(Math.random() * 256)))
}

/** PKCS #8 in front of the seed of a key, and how long that is. */
const pkcs8: Readonly<Record<string, readonly [head: string, bytes: number]>> = {
  ed25519: ['302e020100300506032b657004220420', 32],
  x25519: ['302e020100300506032b656e04220420', 32],
  'ml-kem-768': ['3054020100300b060960864801650304040204428040', 64],
  'ml-dsa-44': ['3034020100300b060960864801650304031104228020', 32],
}

function seededKeys(kind: string): { privateKey: crypto.KeyObject; publicKey: crypto.KeyObject } | undefined {
  const form = pkcs8[kind]
  if (!form) return undefined
  const key = Buffer.concat([Buffer.from(form[0], 'hex'), seededBytes(form[1])])
  const privateKey = crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: crypto.createPublicKey(privateKey) }
}

/** The part of a FileHandle that the shipped modules use. */
class OpenFile {
  readonly #fd: number

  constructor(fd: number) {
    this.#fd = fd
  }

  async appendFile(text: string | Uint8Array): Promise<void> {
    fs.appendFileSync(this.#fd, text)
  }

  async writeFile(text: string | Uint8Array): Promise<void> {
    fs.writeFileSync(this.#fd, text)
  }

  async readFile(encoding?: BufferEncoding): Promise<string | Buffer> {
    return fs.readFileSync(this.#fd, encoding ? { encoding } : {})
  }

  async sync(): Promise<void> {
    fs.fsyncSync(this.#fd)
  }

  async datasync(): Promise<void> {
    fs.fdatasyncSync(this.#fd)
  }

  async close(): Promise<void> {
    fs.closeSync(this.#fd)
  }
}
