import { FileTrouble } from '../types.ts'
import { unpack, type ZipEntry } from './zip.ts'

/** Parts of an office document by their names, unpacked when they are read. */
export interface Parts {
  names: string[]
  /** XML text of a part; undefined where there is none of the name. @throws FileTrouble */
  text(name: string): string | undefined
  bytes(name: string): Uint8Array | undefined
}

const mostXmlBytes = 64 * 1024 * 1024

export function partsOf(entries: readonly ZipEntry[]): Parts {
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const bytes = (name: string) => {
    const entry = byName.get(name)
    return entry && unpack(entry)
  }
  return {
    names: [...byName.keys()],
    bytes,
    text(name) {
      if ((byName.get(name)?.size ?? 0) > mostXmlBytes) throw new FileTrouble(name, 'unfolds')
      const content = bytes(name)
      return content && xmlText(name, content)
    },
  }
}

/** UTF-8 without declarations of entities: in any other form something could be hidden from whoever looks for it. */
function xmlText(name: string, content: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw new FileTrouble(name)
  }
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new FileTrouble(name)
  const declared = /^\s*<\?xml[^>]*encoding=["']([^"']+)/.exec(text)?.[1]
  if (declared !== undefined && !/^(utf-8|us-ascii)$/i.test(declared)) throw new FileTrouble(name)
  return text
}

export const countOf = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length

/** Text of the first element of this name. */
export function firstText(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}(?:\\s[^>]*)?>([^<]{1,200})</${element}>`).exec(xml)?.[1]
}
