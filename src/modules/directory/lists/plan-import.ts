import type { Services, Viewer } from '../../../core/module/types.ts'
import { type Contact, listContacts } from '../contacts.ts'
import { compareLists, type Difference } from './compare.ts'
import { type Listed, listedOf, type Problem } from './listed-contact.ts'
import { readList, sameKey } from './read-list.ts'
import { listTold, type Told } from './told.ts'

/** What keeping a list would do with one entry of it. */
export interface PlannedEntry {
  line: number
  state: 'new' | 'changed' | 'same'
  /** As it would stand: what stands, with what the list says in its place. */
  contact: Listed
  differences: Difference[]
  isOurs: boolean
  /** The contact of ours that it changes. */
  own?: Contact
  /** Name under which what we were told is kept. */
  entry: string
}

export interface ImportPlan {
  entries: PlannedEntry[]
  problems: Problem[]
}

/** Reads a list and says what keeping it would do; writes nothing. `party`: whose entries are that name nobody. */
export async function planImport(
  services: Services,
  viewer: Viewer,
  { text, party }: { text: string; party?: string },
): Promise<ImportPlan> {
  const { entries, problems } = readList(text, party)
  const [contacts, told] = await Promise.all([listContacts(services, viewer), listTold(services)])
  const standing = new Map<Listed, Contact | Told>(
    [...contacts].map((contact) => [listedOf(contact, contact.text), contact]),
  )
  for (const one of told) standing.set(one.contact, one)
  const toldOnly = told.map(({ contact }) => contact)
  const nominated = [...standing.keys()].filter((one) => !toldOnly.includes(one))
  const incoming = entries.map(({ contact }) => contact)
  // What we were told before is what a further word is compared with; else what the party itself nominated.
  const byTold = compareLists(toldOnly, incoming, { saidOnly: true })
  const byNominated = compareLists(nominated, incoming, { saidOnly: true })
  const found = (of: typeof byTold, contact: Listed) =>
    of.changed.find(({ after }) => after === contact) ?? sameIn(of, contact)
  return {
    problems,
    entries: entries.map(({ line, contact }): PlannedEntry => {
      const isOurs = contact.party === services.party
      const match = (isOurs ? undefined : found(byTold, contact)) ?? found(byNominated, contact)
      const base = { line, isOurs, entry: sameKey(match?.before ?? contact) }
      if (!match) return { ...base, state: 'new', contact, differences: [] }
      const own = isOurs ? (standing.get(match.before) as Contact | undefined) : undefined
      const { differences } = match
      const merged = { ...match.before, ...contact, ...(match.before.id && { id: match.before.id }) }
      return {
        ...base,
        state: differences.length > 0 ? 'changed' : 'same',
        contact: merged,
        differences,
        ...(own && { own }),
      }
    }),
  }
}

function sameIn({ pairs }: ReturnType<typeof compareLists>, contact: Listed) {
  const before = pairs.get(contact)
  return before && { before, differences: [] as Difference[] }
}
