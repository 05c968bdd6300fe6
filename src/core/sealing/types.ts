import type { Part, SealedBlob, Seen } from '../../protocol/index.ts'
import type { Reader, Tx } from '../storage/types.ts'
import type { GrantedKey, GrantWrap, Recipient } from './key-set.ts'

/** A sealed part of an act on record or in the outbox. */
export interface SealedRef {
  space: string
  author: string
  part: Part
}

/** Why a part stays dark here. Message keys of core/log. */
export type Darkness =
  /** No key set or grant gives this party a key. */
  | 'not-for-us'
  /** A key was meant for us and opens nothing: its author’s fault, or our sealing key is gone. */
  | 'key-does-not-open'
  /** It opens and is not what its author signed: its author’s fault, and provable. */
  | 'not-as-signed'

/** What this node can make of a sealed part. */
export type Opened =
  | { state: 'open'; blob: Uint8Array }
  /** Sealed bytes or key set are not here (yet), or were erased. */
  | { state: 'absent' }
  | { state: 'dark'; why: Darkness }

/** End-to-end encryption between the nodes of a space's members. Only sealed bytes reach the database. */
export interface Sealing {
  /**
   * Seals blobs of our own for exactly these recipients and stores sealed bytes and key set in the transaction.
   * A key of ours not older than 24 h serves again while membership has not changed.
   *
   * @param membersChanged - Index of the newest change of membership.
   * @throws Refusal `space.no-sealing-key` if nothing can be sealed to one of them.
   */
  seal(
    tx: Tx,
    given: { space: string; seen: Seen; membersChanged: number; recipients: readonly Recipient[]; blobs: Uint8Array[] },
  ): Promise<SealedBlob[]>
  /** One answer per part, in order. */
  open(db: Reader, refs: readonly SealedRef[]): Promise<Opened[]>
  /** Does the key set name exactly these parties, and is it this author’s for this space? Undefined where it is not here. */
  reaches(
    db: Reader,
    ref: { space: string; author: string; keys: string },
    readers: readonly string[],
  ): Promise<boolean | undefined>
  /** Was the key of this key set wrapped to the party? */
  names(db: Reader, keys: string, party: string): Promise<boolean>
  /** The key of a key set or a single part, wrapped for a party that came later; undefined where we have it not. */
  grant(db: Reader, to: Recipient, of: { ref: SealedRef; whole: boolean }): Promise<GrantWrap | undefined>
  /** One-use key of a part, which opens it and nothing else; undefined where it is dark here. */
  contentKey(db: Reader, ref: SealedRef): Promise<Uint8Array | undefined>
}

export type { GrantedKey, GrantWrap, Recipient }
