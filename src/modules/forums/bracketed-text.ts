import { canonicalBytes, sha256, toBase64url } from '../../protocol/index.ts'
import type { DraftTabledText } from './acts.ts'

const open = /\[([^[\]]*\/[^[\]]*)\]/g
const mark = /\[\[(b[1-9]\d*)\]\]/g

/** What was typed, with `[one wording / another]` where it is open, as a draft with numbered brackets. */
export function readBrackets(title: string, paragraphs: string[]): DraftTabledText {
  const options: Record<string, string[]> = {}
  const marked = paragraphs.map((paragraph) =>
    paragraph.replace(open, (_whole, inside: string) => {
      const id = `b${Object.keys(options).length + 1}`
      options[id] = inside.split('/').map((one) => one.trim())
      return `[[${id}]]`
    }),
  )
  return { title, paragraphs: marked, options }
}

/** The draft as it reads now: resolved brackets give their wording, open ones show every option. */
export function wordingOf(text: DraftTabledText, resolved: ReadonlyMap<string, number>): string[] {
  return text.paragraphs.map((paragraph) =>
    paragraph.replace(mark, (whole, id: string) => {
      const options = text.options[id]
      if (!options) return whole
      const chosen = resolved.get(id)
      return chosen === undefined ? `[${options.join(' / ')}]` : (options[chosen] ?? whole)
    }),
  )
}

/** base64url SHA-256 over the canonical bytes of the draft with all its options. */
export function hashOfDraft(text: DraftTabledText): string {
  return toBase64url(sha256(canonicalBytes(text)))
}
