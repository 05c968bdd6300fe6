import type { VNode } from 'preact'
import type { ComposerProps, Services, SpaceFacts } from '../../../core/module/types.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import { alphabetical, languageName, languages } from '../../../text/index.ts'
import { Checkbox, Field, Hidden, Quiet, Select, TextArea } from '../../../web/index.ts'
import { EvidenceFilesField, listIncidentChoices } from '../../incidents/index.ts'
import { deadlineSources, type NoteBody, noteForms, notePurposes, type NoteText, replyKinds } from '../acts.ts'
import { addresseeName, correspondentOf } from '../agreed.ts'
import { formRules, type NoteForm } from '../form-rules.ts'
import { courtesies } from '../house-style.ts'
import { delegationsFor, maySignFor } from '../signature/signature.ts'
import { SignatureField } from '../signature/signature-field.tsx'
import { TranslationFields } from '../translations/translation-fields.tsx'
import { typedTranslations } from '../translations/translation-input.ts'
import { findNote, type NoteRow } from '../queries.ts'
import { chosenKind, RequestFields } from '../requests/request-fields.tsx'
import { StatedFields } from '../requests/stated-fields.tsx'

/** Parties a note in this space can be addressed to. */
export function addressees(services: Services, space: SpaceFacts): string[] {
  const correspondent = correspondentOf(space)
  if (correspondent !== undefined) return [correspondent]
  return space.members
    .filter((one) => one.party !== services.party && one.role !== 'observer' && one.until === undefined)
    .map((one) => one.party)
}

type Value = (name: string, otherwise?: string) => string

/** The form of a note: as typed, else as what it answers or replaces proposes it. */
export async function NoteFields(props: ComposerProps) {
  const { services, viewer, space, values, errors, query, t, language: reader } = props
  const replied = await noteNamed(services, values.inReplyTo ?? query.get('reply'))
  const replaced = await noteNamed(services, values.supersedes ?? query.get('supersedes'))
  const before = replaced && (await wordsOf(props, replaced))
  const others = addressees(services, space).toSorted(alphabetical(reader, (party) => services.nameOf(party, reader)))
  const to = String(values.addressee ?? replied?.author ?? replaced?.addressee ?? query.get('to') ?? others[0] ?? '')
  const form = proposedForm(values.form ?? query.get('form') ?? replaced?.form, replied)
  const written = String(values.language ?? query.get('language') ?? before?.body?.language ?? reader)
  const courtesy = courtesies({
    form,
    language: written,
    from: services.signedNameOf(services.party, written),
    to: addresseeName(services, space, to, written),
  })
  const incidents = await listIncidentChoices(services, viewer, space.id)
  const delegations = maySignFor(form)
    ? await delegationsFor(
        services,
        viewer.offices.map(({ id }) => id),
      )
    : []
  const kind = form === 'request' ? chosenKind(props) : undefined
  const value: Value = (name, otherwise = '') => String(values[name] ?? otherwise)
  return (
    <>
      {replaced && (
        <>
          <Hidden name="supersedes" value={replaced.hash} />
          <Quiet>{t('channels.note.replaces', { number: replaced.number })}</Quiet>
        </>
      )}
      <WhatFields {...{ props, form, to, others, written, replied }} value={value} />
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
      {form === 'request' && (await RequestFields({ props, to }))}
      {form === 'request' &&
        [values.follows ?? query.getAll('follows')]
          .flat()
          .map((act) => <Hidden key={act} name="follows" value={String(act)} />)}
      <TextFields
        {...{ props, form, courtesy }}
        before={before?.text}
        stated={kind && <StatedFields props={props} kind={kind} />}
        value={value}
      />
      {(delegations.length > 0 || errors.signedUnder) && (
        <SignatureField delegations={delegations} value={value('signedUnder')} error={errors.signedUnder} t={t} />
      )}
      <TranslationFields
        {...{ t, errors }}
        authentic={written}
        typed={{ ...typedTranslations(before?.text), ...values }}
        hasCourtesies={formRules[form].courtesies}
      />
      {formRules[form].mayAsk && <DeadlineFields props={props} value={value} />}
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
      {incidents.length > 0 && (await EvidenceFilesField(props))}
    </>
  )
}

interface Parts {
  props: ComposerProps
  form: NoteForm
  value: Value
}

function WhatFields({
  props: { services, space, errors, query, t, language: reader },
  form,
  to,
  others,
  written,
  replied,
  value,
}: Parts & { to: string; others: string[]; written: string; replied?: NoteRow }) {
  const purposes = formRules[form].purposes ?? notePurposes
  const withForm = (one: NoteForm) => {
    const search = new URLSearchParams(query)
    search.set('form', one)
    return `/spaces/${space.id}/write/channels.note-sent?${search}`
  }
  return (
    <fieldset>
      <legend>{t('channels.note.what')}</legend>
      <Select
        name="form"
        label={t('channels.note.form')}
        value={form}
        error={errors.form}
        options={offered(form).map((one) => ({ value: one, label: t(`channels.form.${one}`) }))}
      />
      <Quiet small>
        {t('channels.note.form-begins')}{' '}
        {offered(form)
          .filter((one) => one !== form)
          .flatMap((one, index) => [
            index === 0 ? '' : ' · ',
            <a key={one} href={withForm(one)}>
              {t(`channels.form.${one}`)}
            </a>,
          ])}
      </Quiet>
      {form === 'note-verbale' && !replied && (
        <Quiet small>
          <a href="/circulars/write">{t('channels.circular.begin')}</a>
        </Quiet>
      )}
      <Select
        name="purpose"
        label={t('channels.note.purpose')}
        value={value('purpose', replied ? 'reply' : (formRules[form].purposes?.[0] ?? 'inform'))}
        error={errors.purpose}
        options={purposes.map((one) => ({ value: one, label: t(`channels.purpose.${one}`) }))}
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
        required={false}
        maxlength={60}
      />
    </fieldset>
  )
}

function TextFields({
  props: { values, errors, t },
  form,
  courtesy,
  before,
  stated,
  value,
}: Parts & { courtesy: { opening: string; closing: string }; before?: NoteText; stated?: VNode }) {
  const { courtesies: hasCourtesies, signed } = formRules[form]
  return (
    <fieldset>
      <legend>{t('channels.note.text')}</legend>
      <Field
        name="subject"
        label={t('channels.note.subject')}
        value={value('subject', before?.subject)}
        error={errors.subject}
        required
        maxlength={300}
      />
      {(hasCourtesies || errors.opening) && (
        <TextArea
          name="opening"
          label={t('channels.note.opening')}
          value={value('opening', before?.opening ?? courtesy.opening)}
          error={errors.opening}
          rows={3}
          required={hasCourtesies}
        />
      )}
      {stated && value('text', before?.paragraphs.join('\n\n')) === '' ? (
        stated
      ) : (
        <TextArea
          name="text"
          label={t('channels.note.body')}
          hint={t('channels.note.body-hint')}
          value={value('text', before?.paragraphs.join('\n\n'))}
          error={errors.text}
          rows={12}
          required
        />
      )}
      {(hasCourtesies || errors.closing) && (
        <TextArea
          name="closing"
          label={t('channels.note.closing')}
          value={value('closing', before?.closing ?? courtesy.closing)}
          error={errors.closing}
          rows={3}
          required={hasCourtesies}
        />
      )}
      {(signed || errors.signatory) && (
        <Field
          name="signatory"
          label={t('channels.note.signatory')}
          hint={t('channels.note.signatory-hint')}
          value={value('signatory', before?.signatory)}
          error={errors.signatory}
          required={signed}
          maxlength={300}
        />
      )}
      <Checkbox
        name="impliesNoAttribution"
        value="yes"
        label={t('channels.note.no-attribution')}
        checked={values.subject === undefined || values.impliesNoAttribution === 'yes'}
      />
    </fieldset>
  )
}

function DeadlineFields({ props: { errors, t }, value }: Omit<Parts, 'form'>) {
  return (
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
  )
}

/** A circular note is written to several at once, on a page of its own; here one of its letters is changed at most. */
const offered = (form: NoteForm): NoteForm[] =>
  noteForms.filter((one) => one !== 'circular-note' || form === 'circular-note')

/** A reply proposes the form received (Satow), where that form can answer. */
function proposedForm(chosen: unknown, replied: NoteRow | undefined): NoteForm {
  const form = [chosen, replied?.form].find((one): one is NoteForm => noteForms.some((known) => known === one))
  if (form === 'circular-note' && chosen !== form) return 'note-verbale'
  const answers = form && (chosen === form || (formRules[form].purposes?.includes('reply') ?? true))
  if (form === 'request' && !answers) return 'letter'
  return answers ? form : 'note-verbale'
}

async function noteNamed(services: Services, act: unknown): Promise<NoteRow | undefined> {
  return typeof act === 'string' && act !== '' ? findNote(services.db, act) : undefined
}

/** What this reader may see of a note that the new one replaces, so that it need not be typed again. */
async function wordsOf({ services, viewer }: ComposerProps, { hash }: NoteRow) {
  return (await revealedContents<NoteBody, NoteText>(services, viewer, [hash])).get(hash)
}
