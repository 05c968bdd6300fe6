/** What an intrusion is made of: somebody uses a capability over infrastructure against a victim. */
export const corners = ['adversary', 'capability', 'infrastructure', 'victim'] as const
export type Corner = (typeof corners)[number]

/** What joins two corners. */
export const edges = [
  'adversary-capability',
  'adversary-infrastructure',
  'adversary-victim',
  'capability-infrastructure',
  'capability-victim',
  'infrastructure-victim',
] as const
export type Edge = (typeof edges)[number]

export type Place = Corner | Edge
export const places: readonly Place[] = [...corners, ...edges]

export const isEdge = (place: Place): place is Edge => (edges as readonly string[]).includes(place)
export const endsOf = (edge: Edge): [Corner, Corner] => edge.split('-') as [Corner, Corner]
/** What stands there says something of who did it. */
export const touchesAdversary = (place: Place): boolean => place.startsWith('adversary')

export const itemKinds = ['object', 'particular', 'fact', 'evidence'] as const
export type ItemKind = (typeof itemKinds)[number]

/** Objects that join others: they say something of an edge, not of a corner. */
const joining = ['relationship', 'sighting']
/** Objects that say who; no address, no place, no tool is among them. */
const actors = ['threat-actor', 'intrusion-set', 'campaign', 'identity', 'user-account']
/** Particulars that stand at a corner: events have diamonds of their own, a category is of the whole. */
const cornered = ['victim', 'sector', 'country', 'technique', 'effect', 'damage']

/** Why something may not stand at a place; undefined where it may. */
export function faultAt(
  place: Place,
  { kind, type }: { kind: ItemKind; type: string },
): 'not-there' | 'never-adversary' | undefined {
  const isJoining = kind === 'object' && joining.includes(type)
  if (isEdge(place)) return kind === 'particular' || (kind === 'object' && !isJoining) ? 'not-there' : undefined
  if (place === 'adversary' && (kind === 'particular' || (kind === 'object' && !actors.includes(type))))
    return 'never-adversary'
  if (isJoining) return 'not-there'
  return kind === 'particular' && !cornered.includes(type) ? 'not-there' : undefined
}
