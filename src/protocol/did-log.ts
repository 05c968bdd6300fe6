import { fromBase64url, sha256, utf8 } from './bytes.ts'
import { canonicalBytes } from './canonical.ts'
import { kidOf, type SigningKey } from './keys.ts'
import type { Json } from './types.ts'

/** What a party's DID shows at one version of it: public keys are base64url raw. */
export interface DidVersion {
  /** When it was written, ms; published in whole seconds. */
  time: number
  /** Signs the version, and was committed to by the one before. */
  updateKey: SigningKey
  /** Keys of which one signs the next version; shown as hashes. */
  next: readonly string[]
  act: string
  nodes: readonly string[]
  cosigner: string
  host: string
}

/** Whose DID it is, and where the register is from which it follows. */
export interface DidSubject {
  party: string
  /** Space id of its register. */
  register: string
  /** base64url leaf hash of the register's entry 0. */
  first: string
}

interface DidLine {
  versionId: string
  versionTime: string
  parameters: { [name: string]: Json }
  state: { [name: string]: Json }
}

const placeholder = '{SCID}'

/**
 * The line of a did:webvh 1.0 log (docs/protocol/did.md) that follows
 * `previous`, or that begins a log: one JSON text without the line end.
 */
export function didLine(subject: DidSubject, version: DidVersion, previous?: string): string {
  const before = previous === undefined ? undefined : readLine(previous)
  const did = before ? didOf(previous as string) : `did:webvh:${placeholder}:${subject.party}`
  const parameters = {
    ...(before ? {} : { method: 'did:webvh:1.0', scid: placeholder, portable: false }),
    updateKeys: [multikeyOf(version.updateKey.publicKey)],
    nextKeyHashes: version.next.map((key) => hashOf(utf8(multikeyOf(key)))),
  }
  const line: DidLine = {
    versionId: before?.versionId ?? placeholder,
    versionTime: secondsText(Math.max(version.time, before ? Date.parse(before.versionTime) + 1000 : 0)),
    parameters,
    state: documentOf(did, subject, version),
  }
  const named = before ? line : withScid(line)
  const number = before ? Number.parseInt(before.versionId, 10) + 1 : 1
  const versionId = `${number}-${hashOf(canonical(named))}`
  return JSON.stringify(withProof({ ...named, versionId }, version.updateKey))
}

/** The DID that a line of its log names. */
export function didOf(line: string): string {
  return String(readLine(line).state.id)
}

/** Whether this key may sign the version after this line: its hash is in it. */
export function mayContinueDid(line: string, publicKey: string): boolean {
  const hashes = readLine(line).parameters.nextKeyHashes
  return Array.isArray(hashes) && hashes.includes(hashOf(utf8(multikeyOf(publicKey))))
}

/** Whether this key signed the line, and so speaks for the party since then. */
export function isDidKey(line: string, publicKey: string): boolean {
  const keys = readLine(line).parameters.updateKeys
  return Array.isArray(keys) && keys.includes(multikeyOf(publicKey))
}

/** An Ed25519 key as Multikey text. */
export function multikeyOf(publicKey: string): string {
  return `z${base58(Uint8Array.of(0xed, 0x01, ...fromBase64url(publicKey)))}`
}

/** Keys are named by their thumbprint, as `kid` names them in acts. */
function documentOf(did: string, { party, register, first }: DidSubject, version: DidVersion): DidLine['state'] {
  const { act, nodes, cosigner, host } = version
  const nameOf = (key: string) => `${did}#${kidOf(key)}`
  const keys = [...new Set([act, ...nodes, cosigner, host])]
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: keys.map((key) => ({
      id: nameOf(key),
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: multikeyOf(key),
    })),
    // What the party says is signed by its act key alone; cosigner and host keys say other things.
    assertionMethod: [nameOf(act)],
    authentication: nodes.map(nameOf),
    service: [
      {
        id: `${did}#register`,
        type: 'ChanceryRegister',
        serviceEndpoint: { uri: `https://${party}/fed/v1/spaces/${register}`, first },
      },
    ],
  }
}

function withScid(line: DidLine): DidLine {
  const scid = hashOf(canonical(line))
  return JSON.parse(JSON.stringify(line).replaceAll(placeholder, scid))
}

/** A Data Integrity proof, eddsa-jcs-2022. */
function withProof(line: DidLine, key: SigningKey): DidLine & { proof: Json } {
  const multikey = multikeyOf(key.publicKey)
  const proof = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    verificationMethod: `did:key:${multikey}#${multikey}`,
    created: line.versionTime,
    proofPurpose: 'assertionMethod',
  }
  const signature = key.sign(Buffer.concat([sha256(canonicalBytes(proof)), sha256(canonical(line))]))
  return { ...line, proof: [{ ...proof, proofValue: `z${base58(signature)}` }] }
}

function readLine(text: string): DidLine {
  return JSON.parse(text)
}

function canonical(line: DidLine): Uint8Array {
  return canonicalBytes(line as unknown as Json)
}

function secondsText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** base58btc of the SHA-256 multihash. */
function hashOf(bytes: Uint8Array): string {
  return base58(Uint8Array.of(0x12, 0x20, ...sha256(bytes)))
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function base58(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return alphabet[0]!.repeat(zeros === -1 ? bytes.length : zeros) + text
}
