import type { Finding, FormatReader } from '../types.ts'

/** Overrides and isolates that let text read otherwise than it stands (Unicode TR 36). */
const directions = /[\u202a-\u202e\u2066-\u2069]/g
const formulas = /(^|[,;\t\n])\s*["']?[=@][^,;\t\n]*[A-Za-z(]/

/** Plain text and JSON. */
export const text: FormatReader = {
  look(bytes) {
    const count = (decoded(bytes).match(directions) ?? []).length
    return count > 0 ? [{ code: 'reversed-text', grade: 'tell', count }] : []
  },
}

/** Text in columns: a spreadsheet program takes some cells for formulas. */
export const csv: FormatReader = {
  look(bytes) {
    const found: Finding[] = text.look(bytes)
    if (formulas.test(decoded(bytes))) found.push({ code: 'formulas', grade: 'tell' })
    return found
  },
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** UTF-8 without zero bytes. */
export function isText(bytes: Uint8Array): boolean {
  if (bytes.indexOf(0) >= 0) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
