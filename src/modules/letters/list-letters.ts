import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { NoteBody, NoteText } from '../channels/index.ts'
import { listParties } from './parties/party.ts'

export interface ListedLetter {
  act: string
  space: string
  party: string
  number: string
  form: string
  sentAt: number
  subject?: string
  /** How far it has come: `none`, the state of its newest dispatch, or what we noted last. */
  state: string
}

/** Our letters to parties without a node, newest first. */
export async function listLetters(services: Services, viewer: Viewer, party?: string): Promise<ListedLetter[]> {
  const { db } = services
  const spaces = (await listParties(services)).filter((one) => party === undefined || one.party === party)
  if (spaces.length === 0) return []
  const rows = await db
    .selectFrom('view.channels_note as n')
    .select(['n.hash', 'n.space', 'n.addressee', 'n.number', 'n.form', 'n.sent_at', 'n.ended'])
    .select((eb) => [
      eb
        .selectFrom('home.letters_dispatch as d')
        .select('d.state')
        .whereRef('d.act', '=', 'n.hash')
        .orderBy('d.noted_at', 'desc')
        .limit(1)
        .as('dispatched'),
      eb
        .selectFrom('home.letters_word as w')
        .select('w.kind')
        .whereRef('w.act', '=', 'n.hash')
        .orderBy('w.number', 'desc')
        .limit(1)
        .as('word'),
      eb
        .selectFrom('home.letters_invitation as i')
        .select('i.acknowledged_at')
        .whereRef('i.act', '=', 'n.hash')
        .where('i.acknowledged_at', 'is not', null)
        .limit(1)
        .as('guest'),
    ])
    .where(
      'n.space',
      'in',
      spaces.map((one) => one.space),
    )
    .orderBy('n.sent_at', 'desc')
    .orderBy('n.hash')
    .limit(200)
    .execute()
  const contents = await revealedContents<NoteBody, NoteText>(
    services,
    viewer,
    rows.map((row) => row.hash),
  )
  return rows.map((row) => ({
    ...{ act: row.hash, space: row.space, party: row.addressee, number: row.number, form: row.form },
    sentAt: row.sent_at,
    subject: contents.get(row.hash)?.text?.subject,
    state: row.ended ?? row.word ?? (row.guest === null ? undefined : 'guest') ?? row.dispatched ?? 'none',
  }))
}
