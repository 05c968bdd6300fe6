import { createHash } from 'node:crypto'
import type { Json } from '../../protocol/index.ts'
import type { RegisterState } from '../identity/index.ts'
import type { MemberKeys, SpaceHead } from '../log/index.ts'
import type { KeysOptions } from './types.ts'

/** How a space's keys of a party lag behind its register. */
export interface Lag {
  head: SpaceHead
  party: string
  /** Position of the newest key event. */
  newest: number
  /** A key the space still counts was revoked or replaced by recovery: every minute matters. */
  urgent: boolean
}

/** What the space still has to learn of this member; undefined when it counts what the register says. */
export function lagOf(head: SpaceHead, member: MemberKeys, register: RegisterState): Lag | undefined {
  const newest = register.events.at(-1)
  if (!newest || member.until !== undefined || member.first !== register.first) return undefined
  const known = new Set(member.spans.map(({ kid }) => kid))
  const alive = new Set(member.act.map(({ kid }) => kid))
  const ended = register.actKeys.filter(({ kid, until }) => until !== undefined && alive.has(kid))
  const missing = register.actKeys.some(({ kid, until }) => until === undefined && !known.has(kid))
  if (ended.length === 0 && !missing) return undefined
  const urgent = register.events.some(
    (event) =>
      (event.kind === 'revoked' && ended.some(({ kid }) => kid === event.ended)) ||
      (event.kind === 'recovered' && ended.some(({ until }) => until === event.index)),
  )
  return { head, party: register.party, newest: newest.index, urgent }
}

/** Signs the act that brings a party's register into a space, once per space and key event; its hash. */
export async function bringKeys(
  { db, ledger, outbox, log }: KeysOptions,
  { head: { space }, party, newest }: Lag,
  registerSpace: string,
): Promise<string | undefined> {
  const register = await ledger.registerChain(registerSpace)
  if (!register) return undefined
  const act = await db.transaction().execute((tx) =>
    outbox.enqueue(tx, {
      space,
      type: 'space.keys-changed',
      id: idOf(`keys-changed ${space} ${party} ${newest}`),
      office: 'registrar',
      body: { party, register } as unknown as Json,
      marking: { tlp: 'AMBER' },
    }),
  )
  log.info('keys.brought', { space, party, act: act.hash })
  return act.hash
}

/** Signs the act that gives a space hosted here our newest host key; its hash. */
export async function bringHostKey(
  { db, outbox, identity }: KeysOptions,
  { space, host, origin }: SpaceHead,
): Promise<string> {
  const { publicKey: key } = identity.keys.host
  const act = await db.transaction().execute((tx) =>
    outbox.enqueue(tx, {
      space,
      type: 'space.host-changed',
      id: idOf(`host-key ${space} ${key}`),
      office: 'registrar',
      body: { host: { party: host, origin, key } },
      marking: { tlp: 'AMBER' },
    }),
  )
  return act.hash
}

/** The same intention has the same id in every process and after every restart. */
function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
