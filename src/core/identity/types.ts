import type { MemberSnapshot } from '../../protocol/types.ts'
import type { KeyRing } from './key-ring.ts'
import type { KeyEvent } from './read-register.ts'

export type { KeyEvent }

/** A key this node signs with. `publicKey` is base64url raw, `kid` its RFC 7638 thumbprint. */
export interface NodeKey {
  kid: string
  publicKey: string
  sign(bytes: Uint8Array): Uint8Array
}

/** What a party is on this node: its private keys and its register. */
export interface Identity {
  party: string
  /** Names of the party per language, as its register says. */
  names: Record<string, string>
  /** Space id of the party's own register. */
  register: string
  /** base64url leaf hash of the register's entry 0. */
  first: string
  /** The same in groups of digits, for people to compare. */
  fingerprint: string
  /** The newest key of each use. Whoever keeps one signs with the newest also after a rotation. */
  keys: {
    /** Signs statements. */
    act: NodeKey
    /** Signs requests between nodes. */
    node: NodeKey
    /** Signs checkpoints and refusals of spaces hosted here. */
    host: NodeKey
    /** Cosigns checkpoints of spaces the party is a member of. */
    cosigner: NodeKey
    readonly sealing: SealingKey
  }
  /** The key with this public half, of whatever use and age, if this node still holds it. */
  held(publicKey: string): NodeKey | undefined
  /** The node key before the newest one, while it is kept. */
  formerNode(): NodeKey | undefined
  /** Newest first: what was sealed to an older one opens with that one. */
  sealingKeys(): SealingKey[]
  /** The private keys as stored; core/keys changes them. */
  ring: KeyRing
  /** Entry 0 of the register with the blobs of its parts; the log stores it at its first start. */
  founding: { leaf: Uint8Array; blobs: { commitment: string; blob: Uint8Array }[] }
}

/** X25519 and ML-KEM-768 together. Public: 32 ‖ 1184 bytes; private parts are base64url PKCS8. */
export interface SealingKey {
  publicKey: string
  x25519: string
  mlkem768: string
}

/** Everything a snapshot says about a member except its role in a space. */
export type PartySnapshot = Omit<MemberSnapshot, 'role'>

/** What a register says at one size of it. */
export interface RegisterState {
  party: string
  names: Record<string, string>
  space: string
  /** base64url leaf hash of entry 0. */
  first: string
  fingerprint: string
  /** Entries read. */
  size: number
  act: { kid: string; key: string }
  /** Act keys with the index from which each counts, and until which. */
  actKeys: { kid: string; key: string; from: number; until?: number }[]
  /** What changed its keys after the founding, in order. */
  events: KeyEvent[]
  nodes: string[]
  cosigner: string
  sealing: string
  host: string
  /** Commitment to the act key to come. */
  next: string
  /** Commitments to the recovery keys. */
  recovery: string[]
}
