import {
  canonicalBytes,
  type Json,
  keyCommitment,
  kidOf,
  newBlob,
  newId,
  signAct,
  type SigningKey,
  signingKey,
  toBase64url,
} from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import {
  newestOf,
  newSealingKey,
  newSigningKey,
  type OtherUse,
  type PendingEvent,
  readSheet,
  recoveryKey,
  type RegisterState,
  type RingContent,
  type RingKey,
} from '../identity/index.ts'
import { didLines } from './did.ts'
import type { KeysOptions } from './types.ts'

type Prepared = Pick<PendingEvent, 'type' | 'signing' | 'sealing' | 'follow'> & { body: Json; signer: SigningKey }

const actKey = ({ publicKey }: { publicKey: string }) => ({ kid: kidOf(publicKey), key: publicKey })

/** The committed key becomes the act key; a new one is committed to. */
export function prepareRotation(content: RingContent, others: readonly OtherUse[], made: number): Prepared {
  const committed = newestOf(content, 'next')
  const act: RingKey = { ...committed, use: 'act' }
  const next = newSigningKey('next', made)
  const node = others.includes('node') ? newSigningKey('node', made) : undefined
  const cosigner = others.includes('cosigner') ? newSigningKey('cosigner', made) : undefined
  const sealing = others.includes('sealing') ? newSealingKey(made) : undefined
  return {
    type: 'register.rotated',
    body: {
      act: actKey(act),
      next: keyCommitment(next.publicKey),
      ...(node ? { nodes: [node.publicKey] } : {}),
      ...(cosigner ? { cosigner: cosigner.publicKey } : {}),
      ...(sealing ? { sealing: sealing.publicKey } : {}),
    },
    signer: signingKey(committed.privateKey),
    signing: [act, next, ...(node ? [node] : []), ...(cosigner ? [cosigner] : [])],
    ...(sealing ? { sealing } : {}),
  }
}

/** The present act key ends; the committed key signs that and takes its place right afterwards. */
export function prepareRevocation(
  content: RingContent,
  register: RegisterState,
  { reason, others }: { reason: string; others: readonly OtherUse[] },
): Prepared {
  const alive = register.actKeys.find(({ until }) => until === undefined)
  if (!alive) throw new Refusal('keys.nothing-to-revoke')
  const committed = newestOf(content, 'next')
  return {
    type: 'register.revoked',
    body: { kid: alive.kid, by: actKey(committed), reason },
    signer: signingKey(committed.privateKey),
    signing: [],
    follow: [...others],
  }
}

/** A new act key under a recovery sheet, which is spent by it. @throws Refusal `keys.sheet-unknown` */
export function prepareRecovery(
  register: RegisterState,
  { sheet, others, made }: { sheet: string; others: readonly OtherUse[]; made: number },
): Prepared {
  const seed = readSheet(sheet)
  const by = seed && recoveryKey(seed)
  if (!by || !register.recovery.includes(keyCommitment(by.publicKey))) throw new Refusal('keys.sheet-unknown')
  const act = newSigningKey('act', made)
  const next = newSigningKey('next', made)
  return {
    type: 'register.recovered',
    body: { by: actKey(by), act: actKey(act), next: keyCommitment(next.publicKey) },
    signer: by,
    signing: [act, next],
    ...(others.length > 0 ? { follow: [...others] } : {}),
  }
}

/** Signed for our register as it stands: whoever hands in these bytes again changes nothing. */
export async function signEvent(options: KeysOptions, { body, signer, ...rest }: Prepared): Promise<PendingEvent> {
  const { identity, ledger, clock } = options
  const head = await ledger.head(identity.register)
  const register = await ledger.register(identity.register)
  if (!head || !register) throw new Refusal('space.not-ready')
  const did = didLines(options, identity.ring.content(), register, { ...rest, signer })
  const { commitment, blob, size } = newBlob(canonicalBytes(body))
  const act = signAct(
    {
      v: 1,
      space: identity.register,
      type: rest.type,
      id: newId(),
      author: identity.party,
      office: 'registrar',
      seen: { size: head.size, root: head.root },
      at: clock.now(),
      marking: { tlp: 'CLEAR' },
      parts: [{ role: 'body', hash: commitment, size, media: 'application/json' }],
    },
    signer,
  )
  return {
    ...rest,
    envelope: act.envelope,
    body: { commitment, blob: toBase64url(blob) },
    ...(did.length > 0 ? { did } : {}),
  }
}
