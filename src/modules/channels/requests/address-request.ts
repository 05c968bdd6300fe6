import { Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { createTranslator, formatList, formatTime, type Translate } from '../../../text/index.ts'
import { type Contact, type ContactKind, listContacts } from '../../directory/index.ts'
import type { NoteBody } from '../acts.ts'
import type { NoteInput } from '../composers/note-input.ts'
import { requestEdition, type RequestKind, requestKind, sendersOf, takersOf } from './request-kinds.ts'

/**
 * Who sends a request and who takes it, as its body carries them; undefined for every other form.
 *
 * @throws Refusal with the field to blame. Where the kind is not for who was chosen, it names the right contact of the
 *   directory with its address, or says that the directory has none.
 */
export async function addressRequest(
  services: Services,
  viewer: Viewer,
  input: Pick<NoteInput, 'form' | 'addressee' | 'requestKind' | 'requestFrom' | 'requestTo' | 'requestOverrules'>,
): Promise<NoteBody['request']> {
  if (input.form !== 'request') return undefined
  const kind = input.requestKind && requestKind(input.requestKind)
  if (!kind) throw new Refusal('channels-request-kind-missing', { field: 'requestKind' })
  const [ours, theirs] = await Promise.all([
    listContacts(services, viewer, services.party),
    listContacts(services, viewer, input.addressee),
  ])
  const from = ours.find((one) => one.contact === input.requestFrom)
  const { requestOverrules: overrules } = input
  if (!from || (!overrules && !sendersOf(kind).includes(from.kind as ContactKind)))
    refuse('requestFrom', services, viewer, { kind, wanted: sendersOf(kind), party: services.party, among: ours })
  const to = theirs.find((one) => one.contact === input.requestTo)
  const takers = takersOf(kind, from.kind as ContactKind)
  const isRight = takers.includes(to?.kind as ContactKind)
  if (!to || (!overrules && !isRight))
    refuse('requestTo', services, viewer, { kind, wanted: takers, party: input.addressee, among: theirs })
  return {
    kind: kind.kind,
    edition: requestEdition,
    from: { kind: from.kind as ContactKind, contact: from.contact },
    to: { kind: to.kind as ContactKind, contact: to.contact },
    ...(overrules && !isRight && { overrules }),
  }
}

interface Wrong {
  kind: RequestKind
  wanted: readonly ContactKind[]
  party: string
  among: readonly Contact[]
}

function refuse(field: 'requestFrom' | 'requestTo', services: Services, viewer: Viewer, wrong: Wrong): never {
  const { language } = viewer.person
  const t = createTranslator(language)
  const right = wrong.among.filter((one) => wrong.wanted.includes(one.kind as ContactKind))
  const which = field === 'requestFrom' ? 'sends' : 'takes'
  throw new Refusal(`channels-request-${right.length > 0 ? which : `nobody-${which}`}`, {
    field,
    request: t(`requests.kind.${wrong.kind.kind}`),
    party: services.nameOf(wrong.party, language),
    contacts: formatList(
      wrong.wanted.map((one) => t(`directory.kind.${one}`)),
      language,
      'or',
    ),
    address: right.map((one) => addressOf(one, { t, language, now: services.clock.now() })).join(' · '),
  })
}

/** Post, institution, telephones and e-mail of a contact in one line, and what time it is there. */
export function addressOf(
  { text, zone, kind }: Pick<Contact, 'text' | 'zone' | 'kind'>,
  { t, language, now }: { t: Translate; language: string; now: number },
): string {
  const there = t('requests.there', { time: formatTime(now, zone, language, { zoneLabel: true }) })
  if (!text) return [t(`directory.kind.${kind}`), there].join(', ')
  return [text.post, text.institution, text.emergency, text.telephone, text.email, there].filter(Boolean).join(', ')
}
