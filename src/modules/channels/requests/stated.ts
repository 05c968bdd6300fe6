import { Refusal } from '../../../core/http/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { type RequestKind, requestKind } from './request-kinds.ts'

/** @throws Refusal naming the first heading under which a request of this kind states nothing */
export function checkStated(
  { kind: name, edition }: { kind: string; edition: string },
  text: { language: string; paragraphs: readonly string[] },
): void {
  const kind = requestKind(name, edition)
  const heading = kind && findUnstated(kind, text)
  if (heading !== undefined) throw new Refusal('channels-request-unstated', { field: 'text', heading })
}

/** The first heading a request has to state something under and does not; without its colon. */
function findUnstated(
  { states }: RequestKind,
  { language, paragraphs }: { language: string; paragraphs: readonly string[] },
): string | undefined {
  const wanted = headings(states, language)
  const stated = new Set<string>()
  let under: string | undefined
  for (const paragraph of paragraphs) {
    const heading = wanted.find((one) => paragraph.startsWith(one))
    under = heading ?? under
    const words = heading === undefined ? paragraph : paragraph.slice(heading.length)
    if (under !== undefined && words.trim() !== '') stated.add(under)
  }
  return wanted.find((one) => !stated.has(one))?.slice(0, -1)
}

function headings(states: readonly string[], language: string): string[] {
  const t = createTranslator(language)
  return states.map((state) => `${t(`requests.states.${state}`)}:`)
}
