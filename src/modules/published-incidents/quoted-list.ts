const token = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([[\],\s]+)|(?:nan|None)/sy

/**
 * What stands in a list as Python writes it, `['a', "b's"]`, inner lists opened; an empty cell is an empty list.
 * Undefined where it is none.
 */
export function readQuotedList(text: string): string[] | undefined {
  const list = text.trim()
  if (list === '') return []
  if (!list.startsWith('[') || !list.endsWith(']')) return undefined
  const found: string[] = []
  let depth = 0
  token.lastIndex = 0
  while (token.lastIndex < list.length) {
    const match = token.exec(list)
    if (!match) return undefined
    const [, single, double, signs] = match
    for (const sign of signs ?? '') depth += sign === '[' ? 1 : sign === ']' ? -1 : 0
    if (depth < 0) return undefined
    if (signs === undefined) found.push(plain(single ?? double ?? ''))
  }
  return depth === 0 ? found : undefined
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function plain(quoted: string): string {
  return quoted.replaceAll(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gis, (_, short, long, sign) =>
    sign === undefined ? String.fromCharCode(Number.parseInt(short ?? long, 16)) : (escapes[sign] ?? sign),
  )
}
