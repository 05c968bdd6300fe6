import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>
/** For reads that work in and out of a transaction. */
export type Reader = Kysely<Tables>

/** One step of a schema. Names sort: `<folder>/0001-what.ts`. Run once, in order, inside a transaction. */
export interface Migration {
  name: string
  up(tx: Tx): Promise<void>
}

/** Where payloads lie: commitment → salt ‖ content, in rows of at most 1 MiB. */
export interface Blobs {
  /** Stores salt ‖ content under its commitment; the same again changes nothing. Throws if the hash differs. */
  put(tx: Tx | Db, commitment: string, blob: Uint8Array): Promise<void>
  /**
   * The same as parts of a statement with `with`; `too-large` when a payload is more than one row. That each is what
   * its commitment promises, the caller has made sure of.
   */
  inserting(blobs: ReadonlyMap<string, Uint8Array>): RawBuilder<unknown> | undefined | 'too-large'
  /** The same for many at once. */
  putAll(tx: Tx | Db, blobs: ReadonlyMap<string, Uint8Array>): Promise<void>
  /** Salt ‖ content, or undefined where it is not here or was erased. */
  find(db: Reader, commitment: string): Promise<Uint8Array | undefined>
  /** Many at once, salt and all. */
  findAll(db: Reader, commitments: string[]): Promise<Map<string, Uint8Array>>
  /** Contents (without salt) of many at once. */
  contents(db: Reader, commitments: string[]): Promise<Map<string, Uint8Array>>
  has(db: Reader, commitments: string[]): Promise<Set<string>>
  /** Bytes of salt and content together; undefined where it is not here. */
  sizeOf(db: Reader, commitment: string): Promise<number | undefined>
  /** Bytes from `from` to before `to` of salt ‖ content, piece by piece: one row in memory at a time. */
  range(db: Reader, commitment: string, bytes: { from: number; to: number }): AsyncGenerator<Uint8Array>
  erase(tx: Tx, commitment: string): Promise<void>
}
