import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDate, formatList } from '../../../text/index.ts'
import { inForceAt, rulesOf } from '../nominations.ts'
import { Button, Form, Hidden, LinkButton, PageHead, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Contact } from '../contacts.ts'
import { ContactEntry } from './contact-entry.tsx'

/** What goes, who will see that it went, and what stays, before it is done. */
export function RemoveContactPage({ visit, contact, space }: { visit: Visit; contact: Contact; space: SpaceFacts }) {
  const { t, language, services, viewer } = visit
  const title = t('directory.remove.title')
  const others = space.members.filter((one) => one.until === undefined && one.party !== services.party)
  return (
    <Framed visit={visit} title={title} current="/directory" drill={space.drill}>
      <PageHead
        title={title}
        lead={t('directory.remove.lead', {
          count: others.length,
          parties: formatList(
            others.map(({ party }) => services.nameOf(party, language)),
            language,
          ),
        })}
      />
      <ContactEntry visit={visit} contact={contact} />
      <p>{t('directory.remove.stays')}</p>
      {rulesOf(space).notice !== undefined && (
        <p>
          {t('directory.rules.notice-then', {
            date: formatDate(inForceAt(space, services.clock.now()), viewer.person.zone, language),
          })}
        </p>
      )}
      <Form action={`/spaces/${contact.space}/contacts/${contact.contact}/remove`}>
        <Hidden name="nomination" value={contact.hash} />
        <Row>
          <Button label={t('directory.remove.do')} />
          <LinkButton plain href="/directory" label={t('directory.remove.keep')} />
        </Row>
      </Form>
    </Framed>
  )
}
