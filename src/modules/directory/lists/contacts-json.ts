import { checkListed, type Listed, type ListedField, listedFields, type ReadList } from './listed-contact.ts'

const format = 'chancery-contacts'

/** The contacts as JSON, one to a line, so that a line number says which. */
export function writeContactsJson(contacts: readonly Listed[]): string {
  const lines = contacts.map((contact) => JSON.stringify(contact))
  return `{"format":"${format}","version":1,"contacts":[\n${lines.join(',\n')}\n]}\n`
}

/** Contacts of a JSON file of ours, or of a plain list of such objects. */
export function readContactsJson(text: string, party?: string): ReadList {
  let whole: unknown
  try {
    whole = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { entries: [], problems: [{ line: lineOfError(text), reason: 'no-json' }] }
  }
  const isOurs = typeof whole === 'object' && whole !== null && !Array.isArray(whole)
  const found = isOurs ? (whole as { contacts?: unknown }).contacts : whole
  if (!Array.isArray(found)) return { entries: [], problems: [{ line: 1, reason: 'no-contacts' }] }
  const list: ReadList = { entries: [], problems: [] }
  const lines = linesOf(text, found.length)
  for (const [index, one] of found.entries()) {
    const line = lines[index] ?? 1
    const checked = checkListed(stringsOf(one), party)
    if ('reason' in checked) list.problems.push({ ...checked, line })
    else list.entries.push({ line, contact: checked })
  }
  return list
}

function stringsOf(one: unknown): Partial<Record<ListedField, string>> {
  if (typeof one !== 'object' || one === null) return {}
  return Object.fromEntries(
    listedFields.flatMap((field) => {
      const value = Object.hasOwn(one, field) ? (one as Record<string, unknown>)[field] : undefined
      // What is no text is kept as such, and found wrong by the check.
      return value === undefined || value === null
        ? []
        : [[field, typeof value === 'string' ? value : JSON.stringify(value)]]
    }),
  )
}

/** Line on which each object of the list begins, counting braces outside of strings. */
function linesOf(text: string, count: number): number[] {
  const lines: number[] = []
  let line = 1
  let depth = 0
  let isText = false
  const inner = /^\s*\uFEFF?\s*\{/.test(text) ? 2 : 1
  for (let at = 0; at < text.length && lines.length < count; at += 1) {
    const one = text[at]
    if (one === '\n') line += 1
    else if (isText) {
      if (one === '\\') at += 1
      else if (one === '"') isText = false
    } else if (one === '"') isText = true
    else if (one === '{' || one === '[') {
      if (depth === inner && one === '{') lines.push(line)
      depth += 1
    } else if (one === '}' || one === ']') depth -= 1
  }
  return lines
}

/** The line that holds the first character with which no JSON goes on. */
function lineOfError(text: string): number {
  let [good, bad] = [0, text.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isBeginning(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return text.slice(0, bad).trimEnd().split('\n').length
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    const [, at] = /position (\d+)/.exec(said) ?? []
    return /Unexpected end|Unterminated/.test(said) || (at !== undefined && Number(at) >= text.length)
  }
}
