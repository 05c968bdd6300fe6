import type { Draft, DraftVersion } from '../../core/module/types.ts'

/** One place where two versions of a draft differ; empty where one of them has nothing there. */
export interface DraftChange {
  /** Where: `text.paragraphs.2`, `attachments.annex.pdf`. */
  place: string
  before: string
  after: string
}

type Version = Pick<DraftVersion, 'body' | 'text' | 'marking' | 'attachments'>

/** Every place where what would be signed differs, in the order of the later version. */
export function changesBetween(before: Version, after: Version | Draft): DraftChange[] {
  const old = flatten(before)
  const now = flatten(after)
  const places = [...new Set([...now.keys(), ...old.keys()])]
  return places.flatMap((place) => {
    const change = { place, before: old.get(place) ?? '', after: now.get(place) ?? '' }
    return change.before === change.after ? [] : [change]
  })
}

function flatten({ body, text, marking, attachments }: Version): Map<string, string> {
  const files = Object.fromEntries(attachments.map((one) => [one.name, { hash: one.hash, marking: one.marking }]))
  const leaves = new Map<string, string>()
  const visit = (value: unknown, place: string): void => {
    if (value === null || value === undefined) return
    if (typeof value !== 'object') leaves.set(place, String(value))
    else for (const [name, inner] of Object.entries(value)) visit(inner, `${place}.${name}`)
  }
  for (const [name, value] of Object.entries({ text, body, marking, attachments: files })) visit(value, name)
  return leaves
}
