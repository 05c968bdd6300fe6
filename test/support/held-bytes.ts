import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { hpkeOpen } from '../../src/core/sealing/hpke.ts'
import { sealingSecret, type SealingSecret } from '../../src/core/sealing/x-wing.ts'
import type { Identity } from '../../src/core/identity/index.ts'
import type { Db } from '../../src/core/storage/types.ts'
import {
  canonicalBytes,
  fromBase64url,
  type KeySet,
  keySetSchema,
  openChunks,
  openContentKey,
  type Part,
  parseCanonical,
  readSealedBlob,
  sha256,
  toBase64url,
  utf8,
} from '../../src/protocol/index.ts'

/** One thing a node holds: a row, a file, or a message it got. */
export interface Held {
  where: string
  bytes: Uint8Array
}

/** Every row of every table, as the database gives it out, and every file of the data folder. */
export async function everythingHeld(node: { db: Db; dataDir: string }): Promise<Held[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema in ('log', 'home', 'view') and table_type = 'BASE TABLE'`.execute(node.db)
  const held: Held[] = []
  for (const { name } of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.raw(name)}`.execute(node.db)
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        const bytes = value instanceof Uint8Array ? new Uint8Array(value) : utf8(JSON.stringify(value) ?? '')
        held.push({ where: `${name}.${column}`, bytes })
      }
    }
  }
  return [...held, ...filesIn(node.dataDir)]
}

/** Every file; one that is packed, as backups are, also unpacked: its own bytes show nothing of what is in it. */
export function filesIn(folder: string): Held[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ where: path, bytes: new Uint8Array(readFileSync(path)) }))
    .flatMap((file) => [file, ...unpacked(file)])
}

const isPacked = ([first, second]: Uint8Array) => first === 0x1f && second === 0x8b

function unpacked({ where, bytes }: Held): Held[] {
  return isPacked(bytes) ? [{ where: `${where}, unpacked`, bytes: new Uint8Array(gunzipSync(bytes)) }] : []
}

/** Where a text stands in what is held: as it is, in base64, in base64url or in hex, at any offset. */
export function placesOf(text: string, held: readonly Held[]): string[] {
  const plain = Buffer.from(text)
  // A text in base64 looks different at each of three offsets; its first and last characters depend on what is beside.
  const encoded = [0, 1, 2].flatMap((pad) => {
    const bytes = Buffer.concat([Buffer.alloc(pad), plain])
    return [bytes.toString('base64'), bytes.toString('base64url')].map((one) => one.replace(/=+$/, '').slice(4, -4))
  })
  const forms = [plain, ...encoded.map((one) => Buffer.from(one)), Buffer.from(plain.toString('hex'))]
  return held.filter(({ bytes }) => forms.some((form) => Buffer.from(bytes).includes(form))).map(({ where }) => where)
}

/** A sealed part as its statement declares it, with the act's author and space. */
export interface Target {
  space: string
  author: string
  part: Part
}

/**
 * Tries everything that is held as a key: private sealing keys on every wrap of every key set and grant, and every
 * 32 bytes of the key files, of every column and of what came out of the wraps, on the sealed bytes themselves.
 * Gives the parts that open.
 */
export function openWithEverything(held: readonly Held[], identities: readonly Identity[], targets: readonly Target[]) {
  const secrets = identities.map((identity) => sealingSecret(identity.keys.sealing))
  const keySets = held.flatMap(({ bytes }) => readKeySet(bytes) ?? [])
  const keys = [...held.flatMap(({ bytes }) => candidateKeys(bytes)), ...keySets.flatMap((one) => unwrap(one, secrets))]
  const distinct = [...new Map(keys.map((key) => [toBase64url(key), key])).values()]
  const stored = new Map(held.map(({ bytes }) => [toBase64url(sha256(bytes)), bytes]))
  const opened = targets.filter(({ part }) => {
    const bytes = stored.get(part.enc?.hash ?? '')
    if (!bytes) return false
    const sealed = readSealedBlob(bytes, part)
    return distinct.some((key) => openContentKey(sealed, key) ?? openChunks(sealed, key))
  })
  return { opened, keysTried: distinct.length, keySetsTried: keySets.length }
}

function readKeySet(bytes: Uint8Array): KeySet | undefined {
  try {
    return keySetSchema.safeParse(parseCanonical(bytes.subarray(32))).data
  } catch {
    return undefined
  }
}

function unwrap(keySet: KeySet, secrets: readonly SealingSecret[]): Uint8Array[] {
  const { space, author, generation, seen } = keySet
  // Whoever a wrap is said to be for, each secret is tried on it, under each name.
  return keySet.for.flatMap((one) =>
    keySet.for.flatMap(({ party }) =>
      secrets.flatMap(
        (secret) =>
          hpkeOpen(
            secret,
            { enc: fromBase64url(one.enc), ciphertext: fromBase64url(one.wrapped) },
            { info: utf8('chancery/key-set/1'), aad: canonicalBytes({ space, author, generation, seen, party }) },
          ) ?? [],
      ),
    ),
  )
}

/** Everything written that could be a key of 32 bytes, in files of any size, each once. */
export function keysWritten(held: readonly Held[]): Uint8Array[] {
  const keys = held.flatMap(({ bytes }) => writtenKeys(bytes))
  return [...new Map(keys.map((key) => [toBase64url(key), key])).values()]
}

/** Anything of 32 bytes: raw, in base64 or base64url inside JSON, and the end of longer (PKCS8) values. */
function candidateKeys(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length === 32) return [bytes]
  return bytes.length > 20_000 ? [] : writtenKeys(bytes)
}

function writtenKeys(bytes: Uint8Array): Uint8Array[] {
  const texts = Buffer.from(bytes)
    .toString('latin1')
    .match(/[A-Za-z0-9+/_-]{43,200}/g)
  return (texts ?? []).flatMap((text) => {
    const raw = new Uint8Array(Buffer.from(text, 'base64url'))
    return raw.length < 32 ? [] : [raw.slice(0, 32), raw.slice(-32)]
  })
}
