import { z } from 'zod'
import type { Composer, ComposerProps, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { hash, isoDuration, language, paragraphsOf, partyName } from '../../../core/module/fields.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { Checkbox, Field, Hidden, Select, TextArea } from '../../../web/index.ts'
import { languageName, languages } from '../../../text/index.ts'
import { listIncidentChoices, listShareable } from '../../incidents/index.ts'
import { type NoteBody, type NoteText, deadlineSources, noteForms, notePurposes, replyKinds } from '../acts.ts'
import { courtesies, findFirstPerson, type NoteForm } from '../house-style.ts'
import { findNote } from '../queries.ts'
import { reserveNumber } from '../register-number.ts'

const empty = z.literal('').transform(() => undefined)

export const noteInput = z.object({
  form: z.enum(noteForms),
  purpose: z.enum(notePurposes),
  addressee: partyName,
  language,
  yourRef: z.union([empty, z.string().trim().max(60)]).optional(),
  inReplyTo: z.union([empty, hash]).optional(),
  replyKind: z.union([empty, z.enum(replyKinds)]).optional(),
  subject: z.string().trim().min(1).max(300),
  opening: z.string().trim().min(1).max(2_000),
  text: z.string().trim().min(1).max(100_000),
  closing: z.string().trim().min(1).max(2_000),
  impliesNoAttribution: z.union([empty, z.literal('yes')]).optional(),
  deadlineWhat: z.union([empty, z.enum(['acknowledge', 'reply'])]).optional(),
  deadlineSource: z.union([empty, z.enum(deadlineSources)]).optional(),
  deadlineWithin: z.union([empty, isoDuration]).optional(),
  incident: z.union([empty, z.string().regex(/^[0-9a-f]{32}$/)]).optional(),
})
type NoteInput = z.infer<typeof noteInput>

/** Parties a note in this space can be addressed to. */
function addressees(services: Services, space: SpaceFacts): string[] {
  return space.members
    .filter((one) => one.party !== services.party && one.role !== 'observer' && one.until === undefined)
    .map((one) => one.party)
}

async function NoteFields({ services, viewer, space, values, errors, query, t, language: reader }: ComposerProps) {
  const replied = await repliedNote(services, values.inReplyTo ?? query.get('reply'))
  const others = addressees(services, space)
  const to = String(values.addressee ?? replied?.author ?? others[0] ?? '')
  // A reply proposes the form received (Satow).
  const form = (values.form ?? replied?.form ?? 'note-verbale') as NoteForm
  const written = String(values.language ?? query.get('language') ?? reader)
  const courtesy = courtesies({
    form,
    language: written,
    from: services.signedNameOf(services.party, written),
    to: services.signedNameOf(to, written),
  })
  const incidents = await listIncidentChoices(services, viewer, space.id)
  const value = (name: string, otherwise = '') => String(values[name] ?? otherwise)
  return (
    <>
      <fieldset>
        <legend>{t('channels.note.what')}</legend>
        <Select
          name="form"
          label={t('channels.note.form')}
          value={form}
          error={errors.form}
          options={noteForms.map((one) => ({ value: one, label: t(`channels.form.${one}`) }))}
        />
        <Select
          name="purpose"
          label={t('channels.note.purpose')}
          value={value('purpose', replied ? 'reply' : 'inform')}
          error={errors.purpose}
          options={notePurposes.map((one) => ({ value: one, label: t(`channels.purpose.${one}`) }))}
        />
        <Select
          name="addressee"
          label={t('channels.note.addressee')}
          value={to}
          error={errors.addressee}
          options={others.map((party) => ({ value: party, label: services.nameOf(party, reader) }))}
        />
        <Select
          name="language"
          label={t('channels.note.language')}
          hint={t('channels.note.language-hint')}
          value={written}
          error={errors.language}
          options={languages().map((one) => ({ value: one, label: languageName(one) }))}
        />
        <Field
          name="yourRef"
          label={t('channels.note.your-ref')}
          value={value('yourRef', replied?.number)}
          error={errors.yourRef}
          maxlength={60}
        />
      </fieldset>
      {replied && (
        <>
          <Hidden name="inReplyTo" value={replied.hash} />
          <Select
            name="replyKind"
            label={t('channels.note.reply-kind')}
            value={value('replyKind', 'final')}
            error={errors.replyKind}
            options={replyKinds.map((one) => ({ value: one, label: t(`channels.reply.${one}`) }))}
          />
        </>
      )}
      <fieldset>
        <legend>{t('channels.note.text')}</legend>
        <Field
          name="subject"
          label={t('channels.note.subject')}
          value={value('subject')}
          error={errors.subject}
          required
          maxlength={300}
        />
        <TextArea
          name="opening"
          label={t('channels.note.opening')}
          value={value('opening', courtesy.opening)}
          error={errors.opening}
          rows={3}
          required
        />
        <TextArea
          name="text"
          label={t('channels.note.body')}
          hint={t('channels.note.body-hint')}
          value={value('text')}
          error={errors.text}
          rows={12}
          required
        />
        <TextArea
          name="closing"
          label={t('channels.note.closing')}
          value={value('closing', courtesy.closing)}
          error={errors.closing}
          rows={3}
          required
        />
        <Checkbox
          name="impliesNoAttribution"
          value="yes"
          label={t('channels.note.no-attribution')}
          checked={values.subject === undefined || values.impliesNoAttribution === 'yes'}
        />
      </fieldset>
      <fieldset>
        <legend>{t('channels.note.deadline')}</legend>
        <p class="hint">{t('channels.note.deadline-hint')}</p>
        <Select
          name="deadlineWhat"
          label={t('channels.note.deadline-what')}
          value={value('deadlineWhat')}
          error={errors.deadlineWhat}
          options={[
            { value: '', label: t('channels.note.no-deadline') },
            { value: 'reply', label: t('channels.note.deadline-reply') },
            { value: 'acknowledge', label: t('channels.note.deadline-acknowledge') },
          ]}
        />
        <Select
          name="deadlineSource"
          label={t('channels.note.deadline-source')}
          value={value('deadlineSource', 'requested')}
          error={errors.deadlineSource}
          options={deadlineSources.map((one) => ({ value: one, label: t(`channels.source.${one}`) }))}
        />
        <Field
          name="deadlineWithin"
          label={t('channels.note.deadline-within')}
          hint={t('channels.note.deadline-within-hint')}
          value={value('deadlineWithin')}
          error={errors.deadlineWithin}
          maxlength={20}
        />
      </fieldset>
      {incidents.length > 0 && (
        <Select
          name="incident"
          label={t('channels.note.annex')}
          hint={t('channels.note.annex-hint')}
          value={value('incident', query.get('incident') ?? '')}
          error={errors.incident}
          options={[
            { value: '', label: t('channels.note.no-annex') },
            ...incidents.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      )}
    </>
  )
}

async function repliedNote(services: Services, act: unknown) {
  return typeof act === 'string' && act !== '' ? findNote(services.db, act) : undefined
}

function deadlineOf(input: NoteInput): NoteBody['deadline'] {
  if (input.deadlineWhat === undefined) return undefined
  if (input.deadlineWithin === undefined) throw new Refusal('channels-deadline-incomplete', { field: 'deadlineWithin' })
  return { what: input.deadlineWhat, source: input.deadlineSource ?? 'requested', within: input.deadlineWithin }
}

/** Refuses what would be wrong on arrival: nothing here can be mended once it is signed. */
function check(space: SpaceFacts, services: Services, input: NoteInput, text: NoteText, body: NoteBody): void {
  if (!addressees(services, space).includes(input.addressee))
    throw new Refusal('channels-addressee-not-here', { field: 'addressee' })
  if (body.deadline?.source === 'agreed' && space.terms[`${body.deadline.what}Within`] !== body.deadline.within)
    throw new Refusal('channels-deadline-not-agreed', { field: 'deadlineSource' })
  if (input.form !== 'note-verbale') return
  const slip = findFirstPerson(input.language, text)
  if (slip) throw new Refusal('channels-first-person', { field: 'text', word: slip.word, paragraph: slip.paragraph })
}

/** "I want to inform, ask for help, request information, protest, reply." */
export const noteComposer: Composer<NoteInput> = {
  type: 'channels.note-sent',
  wish: 'channels.wish.note',
  input: noteInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('channels.note-sent:draft') && addressees(services, space).length > 0 && isTalk(space),
  Fields: NoteFields,
  async compose(services, viewer, space, input, draft) {
    const text: NoteText = {
      subject: input.subject,
      opening: input.opening,
      paragraphs: paragraphsOf(input.text),
      closing: input.closing,
    }
    const deadline = deadlineOf(input)
    const body: NoteBody = {
      form: input.form,
      number: await reserveNumber(services, draft.id),
      ...(input.yourRef ? { yourRef: input.yourRef } : {}),
      purpose: input.purpose,
      language: input.language,
      addressee: input.addressee,
      ...(input.inReplyTo ? { inReplyTo: input.inReplyTo, replyKind: input.replyKind ?? 'final' } : {}),
      ...(deadline ? { deadline } : {}),
      impliesNoAttribution: input.impliesNoAttribution === 'yes',
    }
    check(space, services, input, text, body)
    const annex = await annexOf(services, viewer, input.incident, draft.marking)
    return {
      body,
      text,
      attachments: annex.attachments,
      stays: annex.stays,
      ...(input.inReplyTo ? { refs: [{ act: input.inReplyTo }] } : {}),
    }
  },
}

function isTalk(space: SpaceFacts): boolean {
  return space.kind === 'case' || space.kind === 'channel' || space.kind === 'negotiation'
}

/** The objects of an incident that may leave under the note's marking; what stays is only counted. */
async function annexOf(
  services: Services,
  viewer: Viewer,
  incident: string | undefined,
  marking: Parameters<Composer['compose']>[4]['marking'],
) {
  if (incident === undefined) return { attachments: [], stays: [] }
  const { bundle, stays } = await listShareable(services, viewer, incident, marking)
  return {
    attachments: [{ name: 'objects.stix.json', media: 'application/stix+json', content: bundle, marking }],
    stays: stays.map(({ tlp, count }) => ({ what: `TLP:${tlp}`, count, why: 'marking' })),
  }
}
