import { type Listed, type ListedField, listedFields } from './listed-contact.ts'

export interface Difference {
  field: ListedField
  before?: string
  after?: string
}

export interface Compared {
  /** Only in the second. */
  added: Listed[]
  /** Only in the first. */
  missing: Listed[]
  changed: { before: Listed; after: Listed; differences: Difference[] }[]
  same: Listed[]
  /** Entry of the second → its partner in the first. */
  pairs: ReadonlyMap<Listed, Listed>
}

/**
 * Two directories side by side. Entries belong together by their id, else by party, kind and post, else by party and
 * e-mail. `saidOnly`: what the second does not say is no difference.
 */
export function compareLists(
  first: readonly Listed[],
  second: readonly Listed[],
  options: { saidOnly?: boolean } = {},
): Compared {
  const left = new Set(first)
  const partners = new Map<Listed, Listed>()
  const compared: Compared = { added: [], missing: [], changed: [], same: [], pairs: partners }
  for (const keyOf of [byId, byPost, byEmail]) {
    const known = new Map([...left].flatMap((one) => keysOf(one, keyOf)))
    for (const after of second) {
      const key = keyOf(after)
      const before = key === undefined || partners.has(after) ? undefined : known.get(key)
      if (!before || !left.has(before)) continue
      partners.set(after, before)
      left.delete(before)
    }
  }
  for (const after of second) {
    const before = partners.get(after)
    if (!before) {
      compared.added.push(after)
      continue
    }
    const differences = differencesOf(before, after, options.saidOnly === true)
    if (differences.length === 0) compared.same.push(before)
    else compared.changed.push({ before, after, differences })
  }
  compared.missing.push(...first.filter((one) => left.has(one)))
  return compared
}

/** Field by field; ids are names that a list gives, and no difference. */
function differencesOf(before: Listed, after: Listed, saidOnly: boolean): Difference[] {
  return listedFields.flatMap((field): Difference[] => {
    if (field === 'id' || before[field] === after[field] || (saidOnly && after[field] === undefined)) return []
    const difference: Difference = { field }
    if (before[field] !== undefined) difference.before = before[field]
    if (after[field] !== undefined) difference.after = after[field]
    return [difference]
  })
}

const keysOf = (one: Listed, keyOf: (one: Listed) => string | undefined): [string, Listed][] => {
  const key = keyOf(one)
  return key === undefined ? [] : [[key, one]]
}
const byId = ({ party, id }: Listed) => (id === undefined ? undefined : `${party} ${id}`)
const byPost = ({ party, kind = '', post }: Listed) =>
  post === undefined ? undefined : `${party}\n${kind}\n${post.toLowerCase()}`
const byEmail = ({ party, email }: Listed) => (email === undefined ? undefined : `${party}\n${email.toLowerCase()}`)
