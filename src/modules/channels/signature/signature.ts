import { type Delegation, findDelegation, listDelegations } from '../../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Draft, Leaving, Services } from '../../../core/module/types.ts'
import { createTranslator } from '../../../text/index.ts'
import type { NoteBody, NoteText, TranslationText } from '../acts.ts'
import { formRules } from '../form-rules.ts'

/** "For the Permanent Representative: N.N., Deputy", in the language of the letter; undefined where nobody acts for anybody. */
export function signatureLine(
  { language, signed }: Pick<NoteBody, 'language' | 'signed'>,
  { signature }: Pick<NoteText, 'signature'>,
): string | undefined {
  if (!signed || !signature) return undefined
  return createTranslator(language)(`acting.line.${signed}`, { ...signature, principal: signature.principal ?? '' })
}

/** The same under a courtesy translation, in its language; styles nobody gave in it stay as they were signed. */
export const translatedSignatureLine = (
  { signed }: Pick<NoteBody, 'signed'>,
  { signature }: Pick<NoteText, 'signature'>,
  translation: Pick<TranslationText, 'language' | 'signature'>,
): string | undefined =>
  signatureLine({ language: translation.language, signed }, { signature: translation.signature ?? signature })

/** Forms that somebody signs, or may sign: in the third person a ministry speaks, and nobody signs for it. */
export const maySignFor = (form: NoteBody['form']): boolean =>
  formRules[form].courtesies && formRules[form].person !== 'third'

/** Delegations in force under which a letter of these offices can be signed today. */
export async function delegationsFor(services: Services, offices: readonly string[]): Promise<Delegation[]> {
  return (await listDelegations(services)).filter(({ isInForce, office }) => isInForce && offices.includes(office))
}

/**
 * The words of the line, as the delegation gives them in a language, in English or at all.
 *
 * @throws InvalidInput at `signedUnder` for a delegation that is none, not in force, or of another office, and for
 *   forms that nobody signs.
 */
export async function signatureOf(
  services: Services,
  wanted: { signedUnder?: string | undefined; form: NoteBody['form']; language: string; signatory: string },
  office: string | undefined,
): Promise<{ signed?: NoteBody['signed']; signature?: NoteText['signature'] }> {
  if (wanted.signedUnder === undefined) return {}
  if (!maySignFor(wanted.form)) throw InvalidInput.at('signedUnder', 'acting.invalid.form')
  if (wanted.signatory !== '') throw InvalidInput.at('signatory', 'acting.invalid.signed-twice')
  const found = await findDelegation(services, wanted.signedUnder)
  if (!found?.isInForce || (office !== undefined && found.office !== office))
    throw InvalidInput.at('signedUnder', 'acting.invalid.not-in-force')
  const style = found.styles[wanted.language] ?? found.styles.en ?? Object.values(found.styles)[0]
  return {
    signed: found.capacity,
    signature: {
      name: found.delegateName,
      style: style?.own ?? '',
      ...(found.capacity === 'for' && style && { principal: style.principal }),
    },
  }
}

/** The delegation a draft was written under. */
export async function delegationOf(services: Services, draft: Draft): Promise<Delegation | undefined> {
  const { values } = (draft.form ?? {}) as { values?: { signedUnder?: unknown } }
  const id = values?.signedUnder
  return typeof id === 'string' && id !== '' ? findDelegation(services, id) : undefined
}

/**
 * Nobody's name goes under a letter they did not have in their hands, nor after their last day; returns the
 * instrument, for the record.
 *
 * @throws Refusal `delegation-not-in-force`, `delegation-not-their-hand`.
 */
export async function requireSignature(
  services: Services,
  { draft, stage, by }: Leaving,
): Promise<{ signedUnder: string } | undefined> {
  const { signed } = (draft.body ?? {}) as Partial<NoteBody>
  if (draft.type !== 'channels.note-sent' || signed === undefined) return undefined
  const found = await delegationOf(services, draft)
  if (!found?.isInForce || found.office !== draft.office)
    throw new Refusal('delegation-not-in-force', { person: found?.delegateName ?? '' })
  const giver = stage === 'signing' ? draft.releaser : by?.person.id
  if (![...(draft.hands ?? [draft.drafter]), giver].includes(found.delegate))
    throw new Refusal('delegation-not-their-hand', { person: found.delegateName })
  return { signedUnder: found.instrument }
}
