import { inflateSync } from 'node:zlib'

/** One stretch of text as a page draws it: points from the left and the top, and what its glyphs stand for. */
export interface Drawn {
  page: number
  x: number
  y: number
  text: string
}

/** What stands on the pages of a PDF of ours, read from its content streams and not from what we meant to write. */
export function readPdf(bytes: Uint8Array): Drawn[] {
  const objects = objectsOf(Buffer.from(bytes).toString('latin1'))
  const unicode = new Map<string, Map<string, string>>()
  for (const { head } of objects.values())
    for (const [, name = '', font = ''] of (/\/Font <<([\s\S]*?)>>/.exec(head)?.[1] ?? '').matchAll(
      /\/(F\d+) (\d+) 0 R/g,
    )) {
      const cmap = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font)?.head ?? '')?.[1]
      unicode.set(name, cmapOf(objects.get(cmap ?? '')?.stream ?? ''))
    }
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b/.test(head))
  return pages.flatMap(({ head }, page) => {
    const height = Number(/\/MediaBox \[0 0 [\d.]+ ([\d.]+)\]/.exec(head)?.[1])
    const content = objects.get(/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? '')?.stream ?? ''
    const runs = content.matchAll(/BT\n1 0 0 1 ([-\d.]+) ([-\d.]+) Tm\n\/(F\d+) [\d.]+ Tf\n([\s\S]*?)ET/g)
    return [...runs].map(([, x, y, font = '', shown = '']) => ({
      page: page + 1,
      x: Number(x),
      y: height - Number(y),
      text: [...shown.matchAll(/<([0-9a-f]+)>/g)]
        .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
        .map((glyph) => unicode.get(font)?.get(glyph) ?? '')
        .join(''),
    }))
  })
}

/** Lines of a page from top to bottom, each read from left to right. */
export function linesOf(drawn: readonly Drawn[], page: number): string[] {
  const rows = Map.groupBy(
    drawn.filter((one) => one.page === page),
    (one) => Math.round(one.y),
  )
  return [...rows]
    .toSorted(([a], [b]) => a - b)
    .map(([, row]) =>
      row
        .toSorted((a, b) => a.x - b.x)
        .map((one) => one.text)
        .join(' '),
    )
}

function objectsOf(file: string): Map<string, { head: string; stream?: string }> {
  const found = new Map<string, { head: string; stream?: string }>()
  for (const [, number = '', content = ''] of file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [head = '', raw] = content.split(/\nstream\n/)
    const stream = raw?.replace(/\nendstream$/, '')
    const bytes = stream === undefined ? undefined : Buffer.from(stream, 'latin1')
    found.set(number, {
      head,
      stream: bytes && (head.includes('FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1'),
    })
  }
  return found
}

function cmapOf(cmap: string): Map<string, string> {
  const map = new Map<string, string>()
  const text = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le')
  for (const [, from = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g))
    for (const [index, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]*)>/g)].entries())
      map.set((Number.parseInt(from, 16) + index).toString(16).padStart(4, '0'), text(hex.replaceAll(' ', '')))
  return map
}
