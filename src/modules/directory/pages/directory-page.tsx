import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { LinkButton, PageHead, Quiet, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Shift } from '../rota/on-duty.ts'
import type { Contact } from '../contacts.ts'
import { firstInWords } from '../rota/rota-words.ts'
import { mayNominateBy } from '../nominations.ts'
import { rulesInWords } from '../rules-in-words.ts'
import { ContactEntry } from './contact-entry.tsx'

interface Props {
  visit: Visit
  parties: string[]
  contacts: Contact[]
  directories: SpaceFacts[]
  onDuty: Shift[]
}

/** Parties with their points of contact. */
export function DirectoryPage({ visit, parties, contacts, directories, onDuty }: Props) {
  const { t, language, services, viewer } = visit
  return (
    <Framed visit={visit} title={t('directory.title')} current="/directory">
      <PageHead
        title={t('directory.title')}
        lead={t('directory.lead', { count: contacts.length })}
        actions={
          <>
            <LinkButton href="/directory/now" label={t('directory.now.title')} />
            <LinkButton plain href="/checks" label={t('directory.checks')} />
            {viewer.may('directory.relation:manage') && (
              <LinkButton plain href="/directory/import" label={t('directory.lists.import')} />
            )}
            <LinkButton plain href="/directory/compare" label={t('directory.lists.compare')} />
          </>
        }
      />
      <Quiet>{t('directory.no-recognition')}</Quiet>
      {directories.map((space) => (
        <div key={space.id}>
          <Row>
            <a href={`/spaces/${space.id}`}>
              <bdi>{space.title[language] ?? Object.values(space.title)[0]}</bdi>
            </a>
            {viewer.may('directory.contact-nominated:draft') && mayNominateBy(space, services.party) && (
              <LinkButton
                plain
                href={`/spaces/${space.id}/write/directory.contact-nominated`}
                label={t('directory.wish.contact')}
              />
            )}
          </Row>
          <Quiet>{rulesInWords(space, language, t)}</Quiet>
        </div>
      ))}
      {parties.map((party) => (
        <Section key={party} title={<a href={`/directory/parties/${party}`}>{services.nameOf(party, language)}</a>}>
          {contacts
            .filter((contact) => contact.party === party)
            .map((contact) => (
              <ContactEntry key={`${contact.space} ${contact.contact}`} visit={visit} contact={contact} mayChange />
            ))}
          {contacts.every((contact) => contact.party !== party) && <Quiet>{t('directory.no-contacts')}</Quiet>}
        </Section>
      ))}
      <Section title={t('directory.lists.export')}>
        <Quiet>{t('directory.lists.export-hint')}</Quiet>
        <Row>
          {(['csv', 'vcard', 'json'] as const).map((format) => (
            <a key={format} href={`/directory/export?format=${format}`} download>
              {t(`directory.lists.format.${format}`)}
            </a>
          ))}
          <a href="/directory/export/aggregate" download>
            {t('directory.lists.format.aggregate')}
          </a>
        </Row>
      </Section>
      <Section title={t('directory.rota.title')}>
        <Quiet>{firstInWords(onDuty, t)}</Quiet>
        <LinkButton plain href="/directory/rota" label={t('directory.rota.see')} />
      </Section>
    </Framed>
  )
}
