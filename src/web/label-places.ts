/** Width of a capital letter of the charts' type at its size (0.8125rem), rounded up: no word is wider than it is taken for. */
const letterWidth = 9.5
/** Height of a line of it. */
export const labelHeight = 16

/** How wide words are in a chart at most. */
export const labelWidth = (words: string): number => Math.ceil([...words].length * letterWidth)

export interface LabelWish {
  /** Middle of where it should stand. */
  at: number
  /** How much room it takes along the line. */
  size: number
}

interface Group {
  members: number[]
  start: number
  size: number
}

/**
 * Middles of labels along one line so that none lies on another, in the order in which they are wished and each as near
 * to its wish as the others leave it. They stay between `from` and `until` where there is room for all of them there.
 */
export function spreadLabels(wishes: readonly LabelWish[], { from, until }: { from: number; until: number }): number[] {
  const order = wishes.map((_, at) => at).toSorted((a, b) => (wishes[a]?.at ?? 0) - (wishes[b]?.at ?? 0) || a - b)
  const sizeOf = (at: number) => wishes[at]?.size ?? 0
  const within = (start: number, size: number) => Math.max(from, Math.min(start, until - size))
  const groups: Group[] = []
  for (const at of order) {
    let group: Group = { members: [at], size: sizeOf(at), start: 0 }
    group.start = within((wishes[at]?.at ?? 0) - group.size / 2, group.size)
    for (let before = groups.at(-1); before && before.start + before.size > group.start; before = groups.at(-1)) {
      groups.pop()
      group = joined(before, group)
    }
    groups.push(group)
  }
  const places = wishes.map(() => 0)
  for (const { members, start } of groups) {
    let edge = start
    for (const at of members) {
      places[at] = edge + sizeOf(at) / 2
      edge += sizeOf(at)
    }
  }
  return places

  /** Labels that touch stand side by side around the middle of what they wish for. */
  function joined(one: Group, other: Group): Group {
    const members = [...one.members, ...other.members]
    let offset = 0
    let wished = 0
    for (const at of members) {
      wished += (wishes[at]?.at ?? 0) - sizeOf(at) / 2 - offset
      offset += sizeOf(at)
    }
    return { members, size: offset, start: within(wished / members.length, offset) }
  }
}

/**
 * Which labels of an axis, given in order, are written where not all have room: the last always, and before it each that
 * stands clear of the one written before it and of the last.
 */
export function clearLabels(wishes: readonly LabelWish[]): Set<number> {
  const last = wishes.at(-1)
  if (!last) return new Set()
  const kept = new Set([wishes.length - 1])
  const before = last.at - last.size / 2
  let edge = Number.NEGATIVE_INFINITY
  for (const [at, { at: middle, size }] of wishes.slice(0, -1).entries()) {
    if (middle - size / 2 < edge || middle + size / 2 > before) continue
    kept.add(at)
    edge = middle + size / 2
  }
  return kept
}
