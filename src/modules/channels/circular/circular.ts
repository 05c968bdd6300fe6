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
    // What a party says in confidence to a mediator is no correspondence of ours with it.
    const isOffice = space.terms.goodOffices !== undefined
    return isOurs && isOnlyTheirs && isTalk(space) && !isOffice ? [{ space, party: other.party }] : []
  })
}

/**
 * Writes one draft for each recipient, each with its own register number; the same id again changes words and recipients.
 *
 * Files uploaded under its id go with every letter.
 *
 * Letters to parties that are no recipients any more are discarded, and their numbers stay unused.
 *
 * @throws Refusal `channels-first-person` of a text that is not in the third person; `channels-circular-handed-on`
 */
export async function saveCircular(
  services: Services,
  viewer: Viewer,
  { id, text, recipients }: { id: string; text: CircularText; recipients: { space: string; party: string }[] },
): Promise<void> {
  const slip = findFirstPerson(text.language, text)
  if (slip) throw new Refusal('channels-first-person', { field: 'text', word: slip.word, paragraph: slip.paragraph })
  const before = await lettersBefore(services, viewer, id)
  const letters = await Promise.all(
    recipients.map(
      async (one) =>
        before.find(({ space }) => space === one.space) ?? { ...one, draft: await freeId(services, id, one) },
    ),
  )
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
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ subject: text.subject, letters: sql`${JSON.stringify(letters)}::jsonb` }),
    )
    .execute()
  for (const letter of letters) await saveLetter(services, viewer, text, letter)
  // Only now: what the others share with these letters stays here.
  for (const { draft } of before.filter((one) => !letters.includes(one))) await services.drafts.discard(viewer, draft)
}

/**
 * The letters it was saved with. Whoever saves it again may see all of it, and none has been handed on.
 *
 * @throws Refusal `not-found`, `channels-circular-handed-on`
 */
async function lettersBefore(services: Services, viewer: Viewer, id: string): Promise<Letter[]> {
  if (!(await findCircular(services, id))) return []
  const circular = await getOpenCircular(services, viewer, id)
  return circular.drafts.map(({ party, space, draft }) => ({ party, space, draft }))
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

/** Each letter has its own id, the same whenever its circular is saved; one taken back from a party is written anew. */
async function freeId({ db }: Services, circular: string, { space }: { space: string }): Promise<string> {
  for (let again = 0; ; again += 1) {
    const id = letterId(circular, again === 0 ? space : `${space}\n${again}`)
    const row = await db.selectFrom('home.draft').select('state').where('id', '=', id).executeTakeFirst()
    if (row?.state !== 'discarded') return id
  }
}

function letterId(circular: string, space: string): string {
  return Buffer.from(sha256(new TextEncoder().encode(`circular\n${circular}\n${space}`)))
    .toString('hex')
    .slice(0, 32)
}

export interface LetterDraft extends Letter {
  written: Draft
}

/**
 * Its letters as they stand, and those that were discarded alone: these are no part of any step.
 *
 * @throws Refusal `not-found` unless this person may see every letter of it; `not-cleared` above their ceiling;
 *   `draft.discarded` once nothing of it is left, for whoever wrote it.
 */
export async function getCircular(
  services: Services,
  viewer: Viewer,
  id: string,
): Promise<Circular & { drafts: LetterDraft[]; discarded: Letter[]; approval: string }> {
  const row = await findCircular(services, id)
  if (!row) throw new Refusal('not-found')
  const found = await Promise.all(row.letters.map((letter) => services.drafts.find(letter.draft)))
  const discarded = row.letters.filter((_, index) => !found[index])
  if (discarded.length === row.letters.length)
    throw new Refusal(row.made_by === viewer.person.id ? 'draft.discarded' : 'not-found')
  const drafts = row.letters.flatMap((letter, index) => {
    const written = found[index]
    if (!written) return []
    if (!maySeeDraft(viewer, written)) throw new Refusal('not-found')
    const reader = atHome(services, viewer)
    if (!mayLeave(written.marking, { exit: 'page', reader }).allowed) throw new Refusal('not-cleared')
    return [{ ...letter, written }]
  })
  return { id: row.id, subject: row.subject, letters: row.letters, drafts, discarded, approval: approvalOf(drafts) }
}

/**
 * One whose letters can still be changed: saved, or given back.
 *
 * @throws Refusal as {@link getCircular}; `channels-circular-handed-on`
 */
export async function getOpenCircular(services: Services, viewer: Viewer, id: string) {
  const circular = await getCircular(services, viewer, id)
  if (!circular.drafts.every(({ written }) => written.state === 'drafting'))
    throw new Refusal('channels-circular-handed-on')
  return circular
}

/** One value for the clearance of all: any change of any letter changes it. */
function approvalOf(drafts: readonly LetterDraft[]): string {
  const named = drafts.map(({ draft, written }) => `${draft} ${written.approval}`).join('\n')
  return toBase64url(sha256(new TextEncoder().encode(named)))
}
