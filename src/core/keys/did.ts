import { didLine, didOf, isDidKey, keyCommitment, mayContinueDid, signingKey } from '../../protocol/index.ts'
import { newestOf, type PendingEvent, type RegisterState, type RingContent } from '../identity/index.ts'
import type { SigningKey } from '../../protocol/index.ts'
import type { KeysOptions, PublishedDid } from './types.ts'

/** What the lines of an event are made of: the event, and who signs it. */
type Change = Pick<PendingEvent, 'type' | 'signing'> & { signer: SigningKey }

/**
 * Begins the log of our DID under the act key and the commitments that the
 * register shows now. Nothing happens where it was begun already, or while keys
 * change or are not those of the register.
 */
export async function beginDid({ identity, clock }: KeysOptions, register: RegisterState): Promise<void> {
  const { ring } = identity
  if (ring.content().did) return
  await ring.change((content) => {
    if (content.did || content.pending || content.follow || !isRegistered(content, register)) return content
    const line = didLine(identity, {
      ...publicKeys(register),
      time: clock.now(),
      updateKey: signingKey(newestOf(content, 'act').privateKey),
      next: [newestOf(content, 'next').publicKey, ...recoveryKeys(content, register)],
    })
    return { ...content, did: [line] }
  })
}

/**
 * The lines by which our DID follows an event, signed before the event is on
 * record: a recovery key is at hand only while its sheet is. None where the
 * DID cannot follow, and none for a revocation: the rotation after it is what
 * replaces the key.
 */
export function didLines(
  { identity, clock }: Pick<KeysOptions, 'identity' | 'clock'>,
  content: RingContent,
  register: RegisterState,
  { type, signing, signer }: Change,
): string[] {
  const last = content.did?.at(-1)
  const [act, next] = [signing.find(({ use }) => use === 'act'), signing.find(({ use }) => use === 'next')]
  if (last === undefined || !act || !next || !mayContinueDid(last, signer.publicKey)) return []
  const left = recoveryKeys(content, register).filter((key) => key !== signer.publicKey)
  const nodes = signing.filter(({ use }) => use === 'node').map(({ publicKey }) => publicKey)
  const shown = {
    ...publicKeys(register),
    act: act.publicKey,
    ...(nodes.length > 0 ? { nodes } : {}),
    cosigner: signing.find(({ use }) => use === 'cosigner')?.publicKey ?? register.cosigner,
    time: clock.now(),
  }
  const updateKey = signingKey(act.privateKey)
  const after = { ...shown, updateKey, next: [next.publicKey, ...left] }
  if (type === 'register.rotated') return [didLine(identity, after, last)]
  // Who recovers has only what was committed to: the recovery key commits to the new act key, which takes over.
  const by = didLine(
    identity,
    { ...shown, time: shown.time - 1000, updateKey: signer, next: [act.publicKey, ...left] },
    last,
  )
  return [by, didLine(identity, after, by)]
}

/** The file `did.jsonl`. */
export function didText({ lines }: PublishedDid): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** Our DID as it is published. */
export function publishedDid(content: RingContent, register: RegisterState): PublishedDid | undefined {
  const [first] = content.did ?? []
  if (first === undefined) return undefined
  const lines = content.did as string[]
  return { did: didOf(first), lines, isCurrent: isDidKey(lines.at(-1) as string, register.act.key) }
}

function publicKeys({ act, nodes, cosigner, host }: RegisterState) {
  return { act: act.key, nodes, cosigner, host }
}

/** Public halves of the recovery keys that are not spent. */
function recoveryKeys({ recoveryKeys: known = [] }: RingContent, { recovery }: RegisterState): string[] {
  return known.filter((key) => recovery.includes(keyCommitment(key)))
}

function isRegistered(content: RingContent, register: RegisterState): boolean {
  return (
    newestOf(content, 'act').publicKey === register.act.key &&
    keyCommitment(newestOf(content, 'next').publicKey) === register.next
  )
}
