import { sql } from 'kysely'
import { Refusal } from '../../../core/http/index.ts'
import { atHome, mayLeave } from '../../../core/markings/index.ts'
import type { Draft, Json, Marking, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { maySeeDraft } from '../../../core/release/index.ts'
import { sha256, toBase64url } from '../../../protocol/index.ts'
import type { NoteBody, NoteText } from '../acts.ts'
import { isTalk } from '../agreed.ts'
import { courtesies, findFirstPerson } from '../house-style.ts'
import { reserveNumber } from '../register/register-number.ts'
import '../tables.ts'

/** One of the separate notes: to whom, and the space in which only the two of us read it. */
export interface Letter {
  party: string
  space: string
  /** Draft, and later act id. */
  draft: string
}

export interface Circular {
  id: string
  subject: string
  letters: Letter[]
}

/** What all letters have in common. */
export interface CircularText {
  language: string
  subject: string
  paragraphs: string[]
  impliesNoAttribution: boolean
  marking: Marking
}

/** Spaces with one other party alone: in no other could a recipient not see the rest. */
export async function listBilateral({ ledger, party }: Services): Promise<{ space: SpaceFacts; party: string }[]> {
  const spaces = await ledger.list({ member: party })
  return spaces.flatMap((space) => {
    const others = space.members.filter((one) => one.party !== party && one.until === undefined)
    const [other] = others
    const isOurs = space.members.some(
      (one) => one.party === party && one.until === undefined && one.role !== 'observer',
    )
    const isOnlyTheirs = others.length === 1 && other && other.role !== 'observer'
    return isOurs && isOnlyTheirs && isTalk(space) ? [{ space, party: other.party }] : []
  })
}

/**
 * Writes one draft for each recipient, each with its own register number; the same id again changes their words.
 *
 * Files uploaded under its id go with every letter.
 *
 * @throws Refusal `channels-first-person` of a text that is not in the third person; `channels-circular-recipients`
 *   where it was saved for others.
 */
export async function saveCircular(
  services: Services,
  viewer: Viewer,
  { id, text, recipients }: { id: string; text: CircularText; recipients: { space: string; party: string }[] },
): Promise<void> {
  const slip = findFirstPerson(text.language, text)
  if (slip) throw new Refusal('channels-first-person', { field: 'text', word: slip.word, paragraph: slip.paragraph })
  const letters = recipients.map((one) => ({ ...one, draft: letterId(id, one.space) }))
  await requireSameLetters(services, viewer, id, letters)
  await services.attachments.share({ files: id, drafts: letters.map(({ draft }) => draft), by: viewer.person.id })
  await services.db
    .insertInto('home.channels_circular')
    .values({
      id,
      subject: text.subject,
      letters: sql`${JSON.stringify(letters)}::jsonb`,
      made_by: viewer.person.id,
      made_at: services.clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  for (const letter of letters) await saveLetter(services, viewer, text, letter)
}

/** Whoever saves it again may see all of it, and sends it to nobody else: its files were chosen for these. */
async function requireSameLetters(services: Services, viewer: Viewer, id: string, letters: Letter[]): Promise<void> {
  const row = await findCircular(services, id)
  if (!row) return
  if (row.made_by !== viewer.person.id) await getCircular(services, viewer, id)
  const drafts = (of: Letter[]) =>
    of
      .map(({ draft }) => draft)
      .toSorted()
      .join()
  if (drafts(row.letters) !== drafts(letters))
    throw new Refusal('channels-circular-recipients', { field: 'recipients' })
}

/** As it was saved; for nobody to see. */
export const findCircular = ({ db }: Services, id: string) =>
  db.selectFrom('home.channels_circular').selectAll().where('id', '=', id).executeTakeFirst()

async function saveLetter(services: Services, viewer: Viewer, text: CircularText, letter: Letter): Promise<void> {
  const { language, subject, paragraphs, impliesNoAttribution, marking } = text
  const courtesy = courtesies({
    form: 'circular-note',
    language,
    from: services.signedNameOf(services.party, language),
    to: services.signedNameOf(letter.party, language),
  })
  const body: NoteBody = {
    form: 'circular-note',
    number: await reserveNumber(services, letter.draft),
    purpose: 'inform',
    language,
    addressee: letter.party,
    impliesNoAttribution,
  }
  const words: NoteText = { subject, opening: courtesy.opening, paragraphs, closing: courtesy.closing }
  const values = {
    ...{ id: letter.draft, tlp: marking.tlp, form: body.form, purpose: body.purpose, addressee: letter.party },
    ...{ language, subject, opening: courtesy.opening, text: paragraphs.join('\n\n'), closing: courtesy.closing },
    ...(impliesNoAttribution && { impliesNoAttribution: 'yes' }),
  }
  await services.drafts.save(viewer, {
    id: letter.draft,
    space: letter.space,
    type: 'channels.note-sent',
    office: viewer.office.id,
    body,
    text: words,
    marking,
    form: { values, leaves: [], stays: [] } as unknown as Json,
  })
}

/** Each letter has its own id, the same whenever its circular is saved. */
function letterId(circular: string, space: string): string {
  return Buffer.from(sha256(new TextEncoder().encode(`circular\n${circular}\n${space}`)))
    .toString('hex')
    .slice(0, 32)
}

export interface LetterDraft extends Letter {
  written: Draft
}

/** @throws Refusal `not-found` unless this person may see every letter of it; `not-cleared` above their ceiling. */
export async function getCircular(
  services: Services,
  viewer: Viewer,
  id: string,
): Promise<Circular & { drafts: LetterDraft[]; approval: string }> {
  const row = await findCircular(services, id)
  if (!row) throw new Refusal('not-found')
  const found = await Promise.all(row.letters.map((letter) => services.drafts.find(letter.draft)))
  const drafts = row.letters.map((letter, index) => {
    const written = found[index]
    if (!written || !maySeeDraft(viewer, written)) throw new Refusal('not-found')
    const reader = atHome(services, viewer)
    if (!mayLeave(written.marking, { exit: 'page', reader }).allowed) throw new Refusal('not-cleared')
    return { ...letter, written }
  })
  return { id: row.id, subject: row.subject, letters: row.letters, drafts, approval: approvalOf(drafts) }
}

/** One value for the clearance of all: any change of any letter changes it. */
function approvalOf(drafts: readonly LetterDraft[]): string {
  const named = drafts.map(({ draft, written }) => `${draft} ${written.approval}`).join('\n')
  return toBase64url(sha256(new TextEncoder().encode(named)))
}
