import { Refusal } from '../../../core/http/refusal.ts'
import { paragraphsOf } from '../../../core/module/fields.ts'
import type { Composer, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { chooseFiles, listShareable } from '../../incidents/index.ts'
import type { NoteBody, NoteText } from '../acts.ts'
import { addresseeName, isTalk } from '../agreed.ts'
import { formRules } from '../form-rules.ts'
import { findFirstPerson } from '../house-style.ts'
import { findNote } from '../queries.ts'
import { reserveNumber } from '../register/register-number.ts'
import { addressRequest } from '../requests/address-request.ts'
import { signatureOf } from '../signature/signature.ts'
import { checkStated } from '../requests/stated.ts'
import { textOf } from '../requests/stated-input.ts'
import { translationField, translationsOf } from '../translations/translation-input.ts'
import { addressees, NoteFields } from './note-fields.tsx'
import { type NoteInput, noteInput } from './note-input.ts'

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
  checkForm(input)
  if (body.request) checkStated(body.request, { language: input.language, paragraphs: text.paragraphs })
  if (formRules[input.form].person !== 'third') return
  const slip = findFirstPerson(input.language, text)
  if (slip) throw new Refusal('channels-first-person', { field: 'text', word: slip.word, paragraph: slip.paragraph })
  for (const one of text.translations ?? []) {
    const slipped = findFirstPerson(one.language, one)
    if (slipped)
      throw new Refusal('channels-first-person', {
        field: translationField(one.language, 'text'),
        word: slipped.word,
        paragraph: slipped.paragraph,
      })
  }
}

/** The rules of the form: what it is for, with courtesies or without, signed by somebody or by nobody. */
function checkForm({ form, purpose, opening, closing, signatory, signedUnder, deadlineWhat }: NoteInput): void {
  const rules = formRules[form]
  if (rules.purposes && !rules.purposes.includes(purpose))
    throw new Refusal('channels-not-its-purpose', { field: 'purpose' })
  if (!rules.mayAsk && deadlineWhat !== undefined) throw new Refusal('channels-form-asks-nothing', { field: 'form' })
  for (const [field, courtesy] of Object.entries({ opening, closing })) {
    if (rules.courtesies && courtesy === '') throw new Refusal('channels-courtesy-missing', { field })
    if (!rules.courtesies && courtesy !== '') throw new Refusal('channels-no-courtesies', { field })
  }
  if (rules.signed && signatory === '' && signedUnder === undefined)
    throw new Refusal('channels-signatory-missing', { field: 'signatory' })
  if (!rules.signed && signatory !== '') throw new Refusal('channels-not-signed', { field: 'signatory' })
}

/** A note is replaced by its own author, towards the same party, while it stands. */
async function checkReplaced({ db, party }: Services, space: SpaceFacts, input: NoteInput): Promise<void> {
  if (input.supersedes === undefined) return
  const replaced = await findNote(db, input.supersedes)
  if (replaced?.author !== party || replaced.space !== space.id) throw new Refusal('channels-not-ours-to-change')
  if (replaced.addressee !== input.addressee) throw new Refusal('channels-replaced-for-another', { field: 'addressee' })
  if (replaced.ended) throw new Refusal('channels-note-ended')
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
    const translations = translationsOf(input, {
      form: input.form,
      authentic: input.language,
      from: (language) => services.signedNameOf(services.party, language),
      to: (language) => addresseeName(services, space, input.addressee, language),
    })
    const { signed, signature } = await signatureOf(services, input, draft.office)
    const translated = await Promise.all(
      translations.map(async (one) => {
        const { signature } = await signatureOf(services, { ...input, language: one.language }, draft.office)
        return { ...one, ...(signature && { signature }) }
      }),
    )
    const text: NoteText = {
      subject: input.subject,
      ...(input.opening ? { opening: input.opening } : {}),
      paragraphs: paragraphsOf(textOf(input, await services.ledger.scenarioNow(space.id))),
      ...(input.closing ? { closing: input.closing } : {}),
      ...(input.signatory ? { signatory: input.signatory } : {}),
      ...(signature ? { signature } : {}),
      ...(translated.length > 0 ? { translations: translated } : {}),
    }
    const deadline = deadlineOf(input)
    const request = await addressRequest(services, viewer, input)
    const body: NoteBody = {
      form: input.form,
      number: await reserveNumber(services, draft.id),
      ...(input.yourRef ? { yourRef: input.yourRef } : {}),
      purpose: input.purpose,
      language: input.language,
      addressee: input.addressee,
      ...(input.inReplyTo ? { inReplyTo: input.inReplyTo, replyKind: input.replyKind ?? 'final' } : {}),
      ...(input.supersedes ? { supersedes: input.supersedes } : {}),
      ...(deadline ? { deadline } : {}),
      ...(signed ? { signed } : {}),
      impliesNoAttribution: input.impliesNoAttribution === 'yes',
      ...(request ? { request } : {}),
    }
    check(space, services, input, text, body)
    await checkReplaced(services, space, input)
    const named = [input.inReplyTo, input.supersedes, ...(request ? input.follows : [])].filter(
      (act) => act !== undefined,
    )
    const annex = await annexOf(services, viewer, input.incident, draft.marking)
    const { evidence: chosen = [] } = input
    const { fill } = await chooseFiles(services, viewer, { space, draft: draft.id, marking: draft.marking, chosen })
    return {
      body,
      text,
      fill,
      attachments: annex.attachments,
      stays: annex.stays,
      ...(named.length > 0 ? { refs: named.map((act) => ({ act })) } : {}),
    }
  },
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
