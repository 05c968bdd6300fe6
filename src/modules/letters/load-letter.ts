import { Refusal } from '../../core/http/index.ts'
import { atHome, type Exit, reveal } from '../../core/markings/index.ts'
import type { ActContent, LoggedAct, Marking, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import {
  type Correction,
  findNote,
  listCorrections,
  type NoteBody,
  type NoteRow,
  type NoteText,
} from '../channels/index.ts'
import { type Annex, listAnnexes } from './annexes.ts'
import { findLetterhead, type Letterhead } from './letterhead.ts'

/** A letter as it goes on paper: what was signed, and what stands at its head. */
export interface Letter {
  space: SpaceFacts
  act: LoggedAct
  note: NoteRow
  body: NoteBody
  text: NoteText
  marking: Marking
  annexes: Annex[]
  corrections: Correction[]
  /** Our own; a letter of somebody else is only copied here. */
  isOurs: boolean
  /** Names of the sender per language, as it signed them. */
  names: Record<string, string>
  letterhead?: Letterhead
}

/**
 * A letter that may go out by an exit.
 *
 * @throws Refusal `not-found` for what is no letter here or was erased, `letters-kept-back` where the marking forbids it
 */
export async function loadLetter(
  services: Services,
  viewer: Viewer,
  { space: id, act: hash }: { space?: string; act: string },
  exit: Exit,
): Promise<Letter> {
  const note = await findNote(services.db, hash)
  const [space, act] =
    note && isId(note.space) ? await Promise.all([services.ledger.find(note.space), services.ledger.findAct(hash)]) : []
  if (!note || !space || !act || (id !== undefined && space.id !== id)) throw new Refusal('not-found')
  const isOurs = note.author === services.party
  const marked = (await services.ledger.content([hash])).get(hash)
  // Whoever wrote it consents to its own copies.
  const revealed = marked && reveal(marked, atHome(services, viewer), exit, { consented: isOurs })
  if (revealed && !revealed.shown) throw new Refusal('letters-kept-back', { marking: revealed.marking.tlp })
  const { body, text, attachments } = (revealed?.value ?? { attachments: [] }) as ActContent<NoteBody, NoteText>
  if (!revealed || !body || !text) throw new Refusal('not-found')
  const [corrections, letterhead, peer, annexes] = await Promise.all([
    listCorrections(services, viewer, [hash]),
    isOurs ? findLetterhead(services) : undefined,
    isOurs ? undefined : services.peers.find(note.author),
    listAnnexes(services, attachments, revealed.marking),
  ])
  return {
    space,
    act,
    note,
    body,
    text,
    marking: revealed.marking,
    annexes,
    corrections: corrections.get(hash) ?? [],
    isOurs,
    names: isOurs ? services.partyName : (peer?.name ?? {}),
    letterhead,
  }
}
