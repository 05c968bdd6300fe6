/** Where and why a text is not JSON as we accept it. `offset` counts UTF-16 units from 0. */
export class ScanError extends Error {
  readonly code: 'not-json' | 'too-deep' | 'doubled-name'
  readonly offset: number
  /** The name that stands twice in one object. */
  readonly doubled: string

  constructor(code: ScanError['code'], offset: number, doubled = '') {
    super(`${code} at ${offset}`)
    this.code = code
    this.offset = offset
    this.doubled = doubled
  }
}

interface Level {
  /** Names met so far; undefined for a list. */
  names?: Set<string>
  /** What stood last: a name waits for its value. */
  name?: string
}

/**
 * Finds the exact text of each element of the list `objects` of the outermost object, without parsing it.
 *
 * Refuses what a lenient parser would hide: nesting deeper than `maxDepth`, and a name that stands twice in one
 * object (two readers would see two different things). Everything else is left to `JSON.parse`, to be called first.
 */
export function sliceObjects(text: string, maxDepth: number): { start: number; end: number }[] {
  const slices: { start: number; end: number }[] = []
  const levels: Level[] = []
  let begun = 0
  const inObjects = () => levels.length === 2 && !levels[1]?.names && levels[0]?.name === 'objects'
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x22) {
      const end = endOfString(text, at)
      const level = levels.at(-1)
      if (level?.names && level.name === undefined) level.name = takeName(level.names, text.slice(at, end), at)
      at = end - 1
    } else if (code === 0x7b || code === 0x5b) {
      if (inObjects()) begun = at
      levels.push(code === 0x7b ? { names: new Set() } : {})
      if (levels.length > maxDepth) throw new ScanError('too-deep', at)
    } else if (code === 0x7d || code === 0x5d) {
      levels.pop()
      if (inObjects()) slices.push({ start: begun, end: at + 1 })
    } else if (code === 0x2c) {
      const level = levels.at(-1)
      if (level?.names) level.name = undefined
    }
  }
  return slices
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x5c) at += 1
    else if (code === 0x22) return at + 1
  }
  throw new ScanError('not-json', start)
}

function takeName(names: Set<string>, quoted: string, at: number): string {
  const name = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  if (names.has(name)) throw new ScanError('doubled-name', at, name)
  names.add(name)
  return name
}

/** Line and column, from 1, of an offset. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lastBreak = before.lastIndexOf('\n')
  return { line: before.split('\n').length, column: offset - lastBreak }
}
