import { readContactsCsv } from './contacts-csv.ts'
import { readContactsJson } from './contacts-json.ts'
import type { Listed, Problem, Read, ReadList } from './listed-contact.ts'
import { readVcards } from './vcard.ts'

/** How many entries one list may have. */
export const mostEntries = 2_000
/** How long one list may be, characters. */
export const longestList = 1_000_000

/**
 * Contacts of a list in CSV, vCard 4.0 or JSON, told apart by how it begins; whatever cannot be read is named by its
 * line. Never throws. An entry that stands twice is read once.
 */
export function readList(text: string, party?: string): ReadList {
  if (text.length > longestList) return { entries: [], problems: [{ line: 1, reason: 'too-long' }] }
  const start = text.replace(/^\uFEFF/, '').trimStart()
  if (start === '') return { entries: [], problems: [{ line: 1, reason: 'empty' }] }
  const read = /^[{[]/.test(start)
    ? readContactsJson(text, party)
    : /^BEGIN:VCARD/i.test(start)
      ? readVcards(text, party)
      : readContactsCsv(text, party)
  return onlyOnce(read)
}

function onlyOnce({ entries, problems }: ReadList): ReadList {
  const seen = new Set<string>()
  const kept: Read[] = []
  const wrong: Problem[] = [...problems]
  for (const entry of entries) {
    const key = sameKey(entry.contact)
    if (seen.has(key)) wrong.push({ line: entry.line, reason: 'twice' })
    else if (kept.length >= mostEntries) wrong.push({ line: entry.line, reason: 'too-many' })
    else {
      seen.add(key)
      kept.push(entry)
    }
  }
  return { entries: kept, problems: wrong.toSorted((a, b) => a.line - b.line) }
}

/** What tells one entry of a list from another: its id, else whose it is, of which kind and of what name. */
export function sameKey({ id, party, kind = '', post, name, email }: Listed): string {
  return id ?? [party, kind, (post ?? name ?? email ?? '').toLowerCase()].join('\n')
}
