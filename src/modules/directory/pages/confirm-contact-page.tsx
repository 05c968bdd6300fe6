import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { Button, Form, Hidden, LinkButton, PageHead, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Contact } from '../contacts.ts'
import { ContactEntry } from './contact-entry.tsx'

/** The entry as it stands, and the one button that says it is right. */
export function ConfirmContactPage({ visit, contact, space }: { visit: Visit; contact: Contact; space: SpaceFacts }) {
  const { t } = visit
  const title = t('directory.confirm.title')
  // What was announced is what has to be right.
  const { announced, ...standing } = contact
  return (
    <Framed visit={visit} title={title} current="/directory" drill={space.drill}>
      <PageHead title={title} lead={t('directory.confirm.lead')} />
      <ContactEntry visit={visit} contact={announced?.entry ?? standing} />
      <Form action={`/spaces/${contact.space}/contacts/${contact.contact}/confirm`}>
        <Hidden name="nomination" value={announced?.hash ?? contact.hash} />
        <Hidden name="after" value={contact.confirmedBy ?? 'first'} />
        <Row>
          <Button label={t('directory.confirm.do')} />
          {visit.viewer.may('directory.contact-nominated:draft') && (
            <LinkButton
              plain
              href={`/spaces/${contact.space}/write/directory.contact-nominated?contact=${contact.contact}`}
              label={t('directory.remove.change')}
            />
          )}
        </Row>
      </Form>
    </Framed>
  )
}
