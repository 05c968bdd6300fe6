import { readCsv, untamed, writeCsv } from '../../../core/csv/index.ts'
import {
  checkListed,
  type Listed,
  type ListedField,
  listedFields,
  type Problem,
  type Read,
  type ReadList,
} from './listed-contact.ts'

/** Names of columns as directories of teams have them (FIRST and others); the first of each is what we write. */
const columns: Record<ListedField, readonly string[]> = {
  party: ['party', 'domain'],
  kind: ['kind', 'type', 'category'],
  post: ['team', 'post', 'team-name', 'short-name', 'official-name', 'title', 'position'],
  institution: ['host', 'institution', 'organisation', 'organization', 'establishment'],
  style: ['style', 'prefix'],
  name: ['person', 'name', 'full-name', 'contact', 'representative'],
  telephone: ['phone', 'telephone', 'tel', 'landline', 'mobile'],
  emergency: ['phone-emergency', 'emergency', 'emergency-phone', 'emergency-line'],
  email: ['e-mail', 'email', 'mail'],
  key: ['key-fingerprint', 'key', 'fingerprint', 'pgp-fingerprint'],
  zone: ['timezone', 'time-zone', 'zone', 'tz'],
  hours: ['operating-hours', 'hours', 'business-hours', 'office-hours'],
  languages: ['languages', 'language', 'working-languages'],
  instrument: ['nominated-by', 'instrument'],
  valid_from: ['valid-from', 'from', 'member-since'],
  valid_until: ['valid-until', 'until'],
  id: ['id', 'uid'],
}
const fieldOfColumn = new Map(
  listedFields.flatMap((field) => columns[field].map((name) => [bare(name), field] as const)),
)

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

/** A file that spreadsheets open. */
export function writeContactsCsv(contacts: readonly Listed[]): string {
  return writeCsv([
    listedFields.map((field) => columns[field][0] ?? field),
    ...contacts.map((contact) => listedFields.map((field) => contact[field] ?? '')),
  ])
}

/** Contacts of a CSV file; the separator is the one its first line uses. `party`: whose they are where it does not say. */
export function readContactsCsv(text: string, party?: string): ReadList {
  const [first = ''] = text.split('\n', 1)
  const separator = [',', ';', '\t'].toSorted((a, b) => first.split(b).length - first.split(a).length)[0]
  const { rows, problems } = readCsv(text, separator)
  const wrong: Problem[] = problems.map(({ line, reason }) => ({ line, reason }))
  const [head, ...body] = rows
  const fields = (head?.cells ?? []).map((cell) => fieldOfColumn.get(bare(untamed(cell))))
  const named = new Set(fields)
  if (!head || !(named.has('post') || named.has('name') || named.has('email')))
    return { entries: [], problems: [{ line: head?.line ?? 1, reason: 'no-columns' }, ...wrong] }
  const entries: Read[] = []
  for (const { line, cells } of body) {
    const raw: Partial<Record<ListedField, string>> = {}
    if (cells.length > fields.length) {
      wrong.push({ line, reason: 'too-many-cells' })
      continue
    }
    for (const [index, cell] of cells.entries()) {
      const field = fields[index]
      // Two columns can say the same (telephone and mobile): the first that says something counts.
      if (field && !raw[field]) raw[field] = untamed(cell)
    }
    const checked = checkListed(raw, party)
    if ('reason' in checked) wrong.push({ ...checked, line })
    else entries.push({ line, contact: checked })
  }
  return { entries, problems: wrong }
}
