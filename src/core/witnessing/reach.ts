import { sql } from 'kysely'
import { mostForAll, type NoteKey, noteKeyDigest, type Policy, policyReach } from '../../protocol/index.ts'
import type { Db } from '../storage/types.ts'
import { type Ground, memberOfKey } from './space-policy.ts'
import type { Level } from './types.ts'

/** Largest size each cosigner signed of a space. */
export interface Sizes {
  ofParty(party: string): number
  ofKey(key: NoteKey): number
}

/** One index look-up per cosigner, however many checkpoints there are. */
export async function readSizes(db: Db, { head, members }: Ground, policy: Policy): Promise<Sizes> {
  const parties = members.map(({ party }) => party)
  const keys = policy.witnesses.map(({ key }) => key)
  const { rows } = await sql<{ party: string | null; key: string | null; size: number }>`
    select p.party, null as key,
      coalesce((select max(c.size) from log.cosignature c where c.space = ${head.space} and c.party = p.party), 0) as size
    from unnest(${parties}::text[]) as p (party)
    union all
    select null, k.key, coalesce(
      (select max(l.size) from log.witness_line l
       where l.space = ${head.space} and l.name = k.name and l.key = k.key), 0)
    from unnest(${keys.map(({ name }) => name)}::text[], ${keys.map(noteKeyDigest)}::text[]) as k (name, key)`.execute(
    db,
  )
  const byParty = new Map(rows.flatMap((row) => (row.party === null ? [] : [[row.party, row.size] as const])))
  const byKey = new Map(rows.flatMap((row) => (row.key === null ? [] : [[row.key, row.size] as const])))
  return {
    ofParty: (party) => byParty.get(party) ?? 0,
    ofKey(key) {
      const member = memberOfKey(members, key)
      return Math.max(byKey.get(noteKeyDigest(key)) ?? 0, member ? (byParty.get(member.party) ?? 0) : 0)
    },
  }
}

/**
 * Up to which size every act has each level. Both only depend on how far each cosigner came in one consistent log,
 * so everything below an act that has a level has it too.
 */
export function reachOf(ground: Ground, sizes: Sizes, policy: Policy = ground.set.policy): Record<Level, number> {
  const all = confirmedReach(ground, sizes)
  const isByDefault = policy === ground.set.policy && ground.set.act === undefined
  // By default the policy is that those who were in at an act confirm it: whoever came later is not asked for it.
  if (isByDefault && ground.confirming.length <= mostForAll) return { witnessed: all, 'confirmed-by-all': all }
  const keyOf = new Map(policy.witnesses.map(({ name, key }) => [name, key]))
  const witnessed = policyReach(policy, (name) => sizes.ofKey(keyOf.get(name) as NoteKey))
  return { witnessed: Math.min(witnessed, ground.head.size), 'confirmed-by-all': all }
}

/** Every member that was in at an act and is in now; with nobody but the host there is nobody to confirm. */
function confirmedReach({ head, confirming }: Ground, sizes: Sizes): number {
  if (confirming.length === 0) return 0
  return Math.min(head.size, ...confirming.map(({ party, since }) => Math.max(since, sizes.ofParty(party))))
}
