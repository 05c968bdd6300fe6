import { requireOpening } from '../../core/module/require-opening.ts'
import { Refusal } from '../../core/http/refusal.ts'
import { atHome, reveal } from '../../core/markings/index.ts'
import type { ActContent, Attachment, Json, LoggedAct, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { formatReceipt } from '../../protocol/index.ts'
import { findFace } from '../spaces/index.ts'
import type { Translate } from '../../text/types.ts'

/** Another act as far as this person may read it, with what of it can be handed on. */
export interface Origin {
  act: LoggedAct
  space: SpaceFacts
  content: ActContent
  /** Register number, where its form has one. */
  number?: string
}

/** How far somebody may read at home. */
export type Sight = Pick<Viewer, 'ceiling' | 'classes' | 'today'>

/** @throws Refusal `not-found` for what is not here, `not-cleared` above the person’s ceiling or clearance. */
export async function loadOrigin(services: Services, viewer: Sight, hash: string): Promise<Origin> {
  const act = await services.ledger.findAct(hash)
  const space = act && (await services.ledger.find(act.space))
  if (!act || !space || act.withoutEffect !== undefined) throw new Refusal('not-found')
  const marked = (await services.ledger.content([hash])).get(hash)
  const revealed = marked && reveal(marked, atHome(services, viewer), 'page')
  if (!revealed?.shown) throw new Refusal('not-cleared')
  const { number } = (revealed.value.body ?? {}) as { number?: unknown }
  return { act, space, content: revealed.value, ...(typeof number === 'string' && { number }) }
}

/** Every word of an act’s text in its order, a paragraph each. */
export function wordsIn(text: Json | undefined): string[] {
  if (typeof text === 'string') return text.trim() === '' ? [] : [text]
  if (Array.isArray(text)) return text.flatMap(wordsIn)
  return text !== null && typeof text === 'object' ? Object.values(text).flatMap(wordsIn) : []
}

/** The words in the order of a letter; the log keeps members of an object by their names. */
export function passageOf({ content }: Pick<Origin, 'content'>): string[] {
  const text = (content.text ?? {}) as Record<string, Json>
  const order = ['title', 'subject', 'opening', 'paragraphs', 'closing', 'signatory']
  const rest = Object.keys(text).filter((name) => !order.includes(name))
  return [...order, ...rest].flatMap((name) => wordsIn(text[name])).slice(0, 220)
}

/** "Letter No. 17/2026 of Borovia". */
export function originWords(
  services: Services,
  { type, party, number }: { type: string; party: string; number?: string },
  { t, language, body }: { t: Translate; language: string; body?: unknown },
): string {
  const form = findFace(services, type)?.form(t, body) ?? type
  return t(number === undefined ? 'originator.what' : 'originator.what-number', {
    form,
    party: services.nameOf(party, language),
    number: number ?? '',
  })
}

/** Files of the act, each as far as it is here and this person may read it. */
export async function filesOf(services: Services, viewer: Viewer, { act, content }: Origin): Promise<Attachment[]> {
  if (content.attachments.length > 0) await requireOpening(services, act)
  const files = await Promise.all(
    content.attachments.map(async ({ name, media, hash, marking = act.statement.marking }) => {
      const marked = await services.ledger.attachment(act.hash, hash)
      const revealed = marked && reveal(marked, atHome(services, viewer), 'page')
      return revealed?.shown ? [{ name, media, content: revealed.value, marking }] : []
    }),
  )
  return files.flat()
}

/**
 * What lets a stranger check the words: the entry with its author’s signature, the host’s receipt for it, and the text
 * with the salt under which the entry commits to it (SHA-256 of that file is the `hash` of its part).
 */
export async function proofOf(services: Services, { act }: Origin): Promise<Attachment[]> {
  const { marking, parts } = act.statement
  const [[entry], receipt, payload] = await Promise.all([
    services.ledger.entries?.(act.space, act.index, 1) ?? [],
    services.ledger.receipt(act.hash),
    services.ledger.payload(act.hash),
  ])
  const text = parts.find(({ role }) => role === 'text')
  const blob = text && payload.get(text.hash)
  if (!entry || !receipt || (text && !blob)) throw new Refusal('originator-no-proof', { field: 'mode' })
  const of = (name: string, media: string, content: Uint8Array): Attachment => ({ name, media, content, marking })
  return [
    of(`entry-${act.index}.json`, 'application/json', entry),
    of(`entry-${act.index}.tlog-proof`, 'text/plain', new TextEncoder().encode(formatReceipt(receipt))),
    ...(blob ? [of(`entry-${act.index}-text.salted`, 'application/octet-stream', blob)] : []),
  ]
}
