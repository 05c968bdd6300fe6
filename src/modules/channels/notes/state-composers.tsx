import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import { hash, paragraphsOf } from '../../../core/module/fields.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Composer, ComposerProps, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { languages } from '../../../text/index.ts'
import { Field, Quiet, Select, TextArea } from '../../../web/index.ts'
import { type CorrectionsText, type NoteText, type RemarksText, returnGrounds } from '../acts.ts'
import { isTalk } from '../agreed.ts'
import { findNote, type NoteRow } from '../queries.ts'
import { listChangeable } from './note-states.ts'

/** Which side a state of a note belongs to. */
type Side = 'sender' | 'addressee'

const remarks = z.string().trim().max(20_000).default('')

/** Notes of the space that this side can still return, correct or withdraw. */
const notesFor = ({ db, party }: Services, space: SpaceFacts, side: Side): Promise<NoteRow[]> =>
  listChangeable(db, { space: space.id, party, side })

const mayStart = (type: string, side: Side) => async (services: Services, viewer: Viewer, space: SpaceFacts) =>
  viewer.may(`${type}:draft`) && isTalk(space) && (await notesFor(services, space, side)).length > 0

/** @throws Refusal of what the log would leave without effect: the person learns it before signing. */
async function requireChangeable({ db, party }: Services, space: SpaceFacts, note: string, side: Side): Promise<void> {
  const found = await findNote(db, note)
  if (found?.space !== space.id) throw new Refusal('not-found')
  if (side === 'sender' && found.author !== party) throw new Refusal('channels-not-ours-to-change', { field: 'note' })
  if (side === 'addressee' && found.addressee !== party)
    throw new Refusal('channels-not-the-addressee', { field: 'note' })
  if (found.ended) throw new Refusal('channels-note-ended', { field: 'note' })
  if (side === 'addressee' && found.answered_by) throw new Refusal('channels-answered-before', { field: 'note' })
}

/** Which note it is about; its number and subject, as far as this reader may see them. */
async function NoteChoice({ props, side }: { props: ComposerProps; side: Side }) {
  const { services, viewer, space, values, errors, query, t } = props
  const notes = await notesFor(services, space, side)
  const contents = await revealedContents<unknown, NoteText>(
    services,
    viewer,
    notes.map((one) => one.hash),
  )
  return (
    <Select
      name="note"
      label={t('channels.change.note')}
      value={String(values.note ?? query.get('note') ?? notes[0]?.hash ?? '')}
      error={errors.note}
      options={notes.map((one) => ({
        value: one.hash,
        label: `${one.number} · ${contents.get(one.hash)?.text?.subject ?? t('channels.note.withheld-subject')}`,
      }))}
    />
  )
}

/** The language in which the statement counts: that of the reader, who writes it. */
const languageField = z.string().max(20).default('en')
const written = (language: string): string => (languages().includes(language) ? language : 'en')

const returnInput = z.object({ note: hash, ground: z.enum(returnGrounds), text: remarks, language: languageField })

export const returnComposer: Composer<z.infer<typeof returnInput>> = {
  type: 'channels.note-returned',
  wish: 'channels.wish.return',
  input: returnInput,
  mayStart: mayStart('channels.note-returned', 'addressee'),
  async Fields(props) {
    const { values, errors, t } = props
    return (
      <>
        <Quiet>{t('channels.change.return-means')}</Quiet>
        {await NoteChoice({ props, side: 'addressee' })}
        <Select
          name="ground"
          label={t('channels.change.ground')}
          value={String(values.ground ?? '')}
          error={errors.ground}
          required
          placeholder={t('channels.change.choose-ground')}
          options={returnGrounds.map((one) => ({ value: one, label: t(`channels.ground.${one}`) }))}
        />
        {await RemarksFields(props)}
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    await requireChangeable(services, space, input.note, 'addressee')
    if (input.ground === 'other' && input.text === '') throw new Refusal('channels-ground-missing', { field: 'text' })
    return {
      body: { note: input.note, ground: input.ground, language: written(input.language) },
      text: { paragraphs: paragraphsOf(input.text) } satisfies RemarksText,
      refs: [{ act: input.note }],
    }
  },
}

const withdrawInput = z.object({ note: hash, text: remarks, language: languageField })

export const withdrawComposer: Composer<z.infer<typeof withdrawInput>> = {
  type: 'channels.note-withdrawn',
  wish: 'channels.wish.withdraw',
  input: withdrawInput,
  mayStart: mayStart('channels.note-withdrawn', 'sender'),
  async Fields(props) {
    return (
      <>
        <Quiet>{props.t('channels.change.withdraw-means')}</Quiet>
        {await NoteChoice({ props, side: 'sender' })}
        {await RemarksFields(props)}
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    await requireChangeable(services, space, input.note, 'sender')
    return {
      body: { note: input.note, language: written(input.language) },
      text: { paragraphs: paragraphsOf(input.text) } satisfies RemarksText,
      refs: [{ act: input.note }],
    }
  },
}

async function RemarksFields({ values, errors, t, language }: ComposerProps) {
  return (
    <>
      <input type="hidden" name="language" value={String(values.language ?? language)} />
      <TextArea
        name="text"
        label={t('channels.change.remarks')}
        hint={t('channels.change.remarks-hint')}
        value={String(values.text ?? '')}
        error={errors.text}
        rows={5}
        required={false}
      />
    </>
  )
}

/** Places of a note that one correction can mend; more make it a note that replaces it. */
const places = [1, 2, 3, 4, 5] as const
const words = z.string().trim().max(2_000).default('')
const correctInput = z.object({
  note: hash,
  language: languageField,
  'instead-1': words,
  'read-1': words,
  'instead-2': words,
  'read-2': words,
  'instead-3': words,
  'read-3': words,
  'instead-4': words,
  'read-4': words,
  'instead-5': words,
  'read-5': words,
})
type CorrectInput = z.infer<typeof correctInput>

export const correctComposer: Composer<z.infer<typeof correctInput>> = {
  type: 'channels.note-corrected',
  wish: 'channels.wish.correct',
  input: correctInput,
  mayStart: mayStart('channels.note-corrected', 'sender'),
  async Fields(props) {
    const { values, errors, t, language } = props
    return (
      <>
        <Quiet>{t('channels.change.correct-means')}</Quiet>
        <input type="hidden" name="language" value={String(values.language ?? language)} />
        {await NoteChoice({ props, side: 'sender' })}
        {places.map((place) => (
          <fieldset key={place}>
            <legend>{t('channels.change.place', { number: place })}</legend>
            {(['instead', 'read'] as const).map((name) => (
              <Field
                key={name}
                name={`${name}-${place}`}
                label={t(`channels.change.${name}`)}
                value={String(values[`${name}-${place}`] ?? '')}
                error={errors[`${name}-${place}`]}
                required={place === 1}
                maxlength={2_000}
              />
            ))}
          </fieldset>
        ))}
      </>
    )
  },
  async compose(services, viewer, space, input) {
    await requireChangeable(services, space, input.note, 'sender')
    const corrections = correctionsOf(input)
    await requireInNote(services, viewer, input.note, corrections)
    return {
      body: { note: input.note, language: written(input.language) },
      text: { corrections } satisfies CorrectionsText,
      refs: [{ act: input.note }],
    }
  },
}

function correctionsOf(input: CorrectInput): CorrectionsText['corrections'] {
  const found: CorrectionsText['corrections'] = []
  for (const place of places) {
    const { [`instead-${place}` as const]: instead, [`read-${place}` as const]: read } = input
    if (instead === '' && read === '') continue
    if (instead === '') throw new Refusal('channels-correction-of-nothing', { field: `instead-${place}` })
    if (read === '') throw new Refusal('channels-correction-to-nothing', { field: `read-${place}` })
    found.push({ instead, read })
  }
  if (found.length === 0) throw new Refusal('channels-correction-of-nothing', { field: 'instead-1' })
  return found
}

/** What is corrected must stand in the note as it was sent. */
async function requireInNote(
  services: Services,
  viewer: Viewer,
  note: string,
  corrections: CorrectionsText['corrections'],
): Promise<void> {
  const text = (await revealedContents<unknown, NoteText>(services, viewer, [note])).get(note)?.text
  if (!text) return
  const said = [text.subject, text.opening, ...text.paragraphs, text.closing, text.signatory].join('\n')
  for (const [index, { instead }] of corrections.entries())
    if (!said.includes(instead)) throw new Refusal('channels-not-in-the-note', { field: `instead-${index + 1}` })
}
