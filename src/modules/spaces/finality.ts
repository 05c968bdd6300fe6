import type { Services, SpaceFacts } from '../../core/module/types.ts'

/** How far an act has come, in the words of the pages. */
export type FinalityWord = 'sent' | 'on-the-record' | 'witnessed' | 'confirmed-by-all'

export interface Holding {
  word: FinalityWord
  /** Members that confirmed they hold it, and when (ms), earliest first. */
  holders: { party: string; at: number }[]
}

interface Cosignature {
  party: string
  size: number
  time: number
}

/**
 * Who confirmed to hold which entries of a space: one query for a whole page.
 * A cosignature on a checkpoint of some size covers every entry before that size.
 */
export async function loadHoldings(
  services: Services,
  space: SpaceFacts,
  from: number,
): Promise<(index: number) => Holding> {
  const rows: Cosignature[] = await services.db
    .selectFrom('log.cosignature')
    .select(['party', 'size', 'time'])
    .where('space', '=', space.id)
    .where('size', '>', from)
    .orderBy('size')
    .execute()
  return (index) => holdingOf(space, index, rows)
}

/** The host's checkpoint signature is its own confirmation; all others cosign. */
export function holdingOf(space: SpaceFacts, index: number, cosignatures: readonly Cosignature[]): Holding {
  const covering = cosignatures.filter((one) => one.size > index && one.party !== space.host)
  const first = new Map<string, number>()
  for (const one of covering) first.set(one.party, Math.min(one.time, first.get(one.party) ?? one.time))
  const holders = [...first].map(([party, at]) => ({ party, at })).sort((a, b) => a.at - b.at)
  const needed = space.members.filter(
    (member) => member.party !== space.host && member.since <= index && member.until === undefined,
  )
  const isHeldByAll = needed.every((member) => first.has(member.party))
  if (isHeldByAll) return { word: 'confirmed-by-all', holders }
  return { word: holders.length > 0 ? 'witnessed' : 'on-the-record', holders }
}

/** Full dots of four. */
export const finalityLevel: Record<FinalityWord, 1 | 2 | 3 | 4> = {
  sent: 1,
  'on-the-record': 2,
  witnessed: 3,
  'confirmed-by-all': 4,
}
