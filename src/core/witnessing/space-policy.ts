import { defaultPolicy, type NoteKey, parsePolicy, type Policy } from '../../protocol/index.ts'
import type { LogLedger, MemberKeys, SpaceHead } from '../log/index.ts'
import type { Db } from '../storage/types.ts'
import type { ProposedPolicy, SpacePolicy } from './types.ts'
import './tables.ts'

/** A space with what its finality is computed from. */
export interface Ground {
  head: SpaceHead
  /** Present members but the host, whose checkpoint is its own word. */
  confirming: MemberKeys[]
  members: MemberKeys[]
  set: SpacePolicy
}

/** Undefined for a space that is not here. */
export async function readGround(
  { db, ledger }: { db: Db; ledger: LogLedger },
  space: string,
): Promise<Ground | undefined> {
  const [here, policy] = await Promise.all([ledger.headWithMembers(space), readSet(db, space)])
  if (!here) return undefined
  const { head, members } = here
  const confirming = members.filter(({ party, until }) => until === undefined && party !== head.host)
  return { head, members, confirming, set: policy ?? { policy: byDefault(head, confirming) } }
}

function byDefault(head: SpaceHead, confirming: readonly MemberKeys[]): Policy {
  return defaultPolicy({ origin: head.origin, key: head.hostKey }, confirming)
}

async function readSet(db: Db, space: string): Promise<SpacePolicy | undefined> {
  const row = await db
    .selectFrom('view.witnessing_policy')
    .selectAll()
    .where('space', '=', space)
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  return { policy: parsePolicy(row.text), act: { index: row.idx, hash: row.hash, author: row.author } }
}

/** Policies that wait for others to post the same. */
export async function readProposed(db: Db, space: string): Promise<ProposedPolicy[]> {
  const rows = await db
    .selectFrom('view.witnessing_policy_backer')
    .selectAll()
    .where('space', '=', space)
    .orderBy('text_hash')
    .orderBy('party')
    .execute()
  return [...Map.groupBy(rows, (row) => row.text_hash)].map(([hash, same]) => ({
    hash,
    text: same[0]?.text ?? '',
    parties: same.map((row) => row.party),
  }))
}

/** The member whose cosigner key a policy names, under whatever name. */
export function memberOfKey(members: readonly MemberKeys[], key: NoteKey): MemberKeys | undefined {
  if (key.type !== 'cosignature') return undefined
  return members.find((member) => member.cosigner === key.publicKey && member.party === key.name)
}
