import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Translate } from '../../../text/index.ts'
import { type Contact, listContacts } from '../../directory/index.ts'
import type { NoteBody } from '../acts.ts'
import { addressOf } from './address-request.ts'

/** Contacts that requests on a page name, as our directories know them; by party and id. */
export async function contactsOfRequests(
  services: Services,
  viewer: Viewer,
  bodies: readonly (Partial<NoteBody> | undefined)[],
): Promise<Map<string, Contact>> {
  if (!bodies.some((body) => body?.request)) return new Map()
  const contacts = await listContacts(services, viewer)
  return new Map(contacts.map((one) => [`${one.party} ${one.contact}`, one]))
}

interface Props {
  body: NoteBody
  author: string
  contacts: ReadonlyMap<string, Contact>
  services: Services
  t: Translate
  language: string
}

/** What kind of request it is, who sends and who takes it, and whether our directory knows them as such. */
export function requestPairs({ body, author, contacts, services, t, language }: Props) {
  const { request } = body
  if (!request) return []
  const now = services.clock.now()
  const side = ({ kind, contact }: typeof request.from, party: string) => {
    const known = contacts.get(`${party} ${contact}`)
    const words = known?.kind === kind ? addressOf(known, { t, language, now }) : t('requests.not-in-directory')
    return (
      <>
        {t(`directory.kind.${kind}`)}: <bdi>{words}</bdi>
      </>
    )
  }
  return [
    { term: t('requests.request'), detail: t(`requests.kind.${request.kind}`) },
    { term: t('requests.sent-by'), detail: side(request.from, author) },
    { term: t('requests.taken-by'), detail: side(request.to, body.addressee) },
    ...(request.overrules
      ? [{ term: t('requests.overrules'), detail: t(`requests.overrule.${request.overrules}`) }]
      : []),
  ]
}
