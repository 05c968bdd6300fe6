import type { Services } from '../../core/module/types.ts'
import type { Translate } from '../../text/types.ts'
import type { CallLoggedBody } from './acts.ts'
import type { CallRow } from './queries.ts'

interface Telling {
  services: Pick<Services, 'nameOf' | 'party'>
  t: Translate
  language: string
}

/** "Aurelia called Borovia; the code agreed." */
export function callSentence(
  { caller, called, code, ended }: Pick<CallLoggedBody, 'caller' | 'called' | 'code' | 'ended'>,
  { services, t, language }: Telling,
): string {
  return t('calls.sentence', {
    caller: services.nameOf(caller, language),
    called: services.nameOf(called, language),
    code: code.replaceAll('-', '_'),
    ended,
  })
}

/** What the other side says of it. Nothing said stays visible as nothing said. */
export function standing(
  call: Pick<CallRow, 'author' | 'caller' | 'called' | 'answer'>,
  { services, t, language }: Telling,
): { state: 'met' | 'open' | 'late'; text: string } {
  const other = call.author === call.caller ? call.called : call.caller
  const party = services.nameOf(other, language)
  if (call.answer === 'confirmed') return { state: 'met', text: t('calls.state.confirmed', { party }) }
  if (call.answer === 'contested') return { state: 'late', text: t('calls.state.contested', { party }) }
  return { state: 'open', text: t('calls.state.open', { party }) }
}
