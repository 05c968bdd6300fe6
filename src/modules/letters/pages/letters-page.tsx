import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Entry, LinkButton, PageHead, Pairs, Quiet, Row, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { ListedLetter } from '../list-letters.ts'
import type { WithoutNode } from '../parties/party.ts'

/** Parties without a node, and our letters to them with how far each has come. */
export function LettersPage({
  visit,
  parties,
  letters,
}: {
  visit: Visit
  parties: readonly WithoutNode[]
  letters: readonly ListedLetter[]
}) {
  const { t, language, viewer, services } = visit
  const nameOf = (party: string) => services.nameOf(party, language)
  return (
    <Framed visit={visit} title={t('letters.list.title')} current="/letters">
      <PageHead
        title={t('letters.list.title')}
        lead={t('letters.list.lead')}
        actions={
          <>
            {viewer.may('letters.party:release') && (
              <LinkButton plain href="/letters/parties" label={t('letters.party.title')} />
            )}
            {viewer.may('letters.letterhead:manage') && (
              <LinkButton plain href="/letters/letterhead" label={t('letters.letterhead.title')} />
            )}
          </>
        }
      />
      <Section title={t('letters.list.parties')}>
        {parties.length === 0 && <Quiet>{t('letters.list.no-parties')}</Quiet>}
        {parties.map(({ party, space, email, by, at }) => (
          <Entry
            key={party}
            margin={
              <Pairs
                items={[
                  { term: t('letters.list.noted-by'), detail: by },
                  {
                    term: t('letters.list.noted-on'),
                    detail: formatDateTime(at, viewer.person.zone, language, { short: true }),
                  },
                ]}
              />
            }
          >
            <h3>
              <bdi>{nameOf(party)}</bdi>
            </h3>
            <p>
              <bdi dir="ltr">{party}</bdi>
              {email !== undefined && (
                <>
                  {' · '}
                  <bdi dir="ltr">{email}</bdi>
                </>
              )}
            </p>
            <Row>
              {viewer.may('channels.note-sent:draft') && (
                <LinkButton
                  href={`/spaces/${space}/write/channels.note-sent?to=${party}`}
                  label={t('letters.list.write')}
                />
              )}
              {viewer.may('letters.party:release') && (
                <LinkButton plain href={`/letters/parties?party=${party}`} label={t('letters.party.change')} />
              )}
            </Row>
          </Entry>
        ))}
      </Section>
      <Section title={t('letters.list.letters')}>
        {letters.length === 0 ? (
          <Quiet>{t('letters.list.no-letters')}</Quiet>
        ) : (
          <Table
            caption={t('letters.list.letters')}
            quietCaption
            head={['number', 'sent', 'to', 'form', 'subject', 'state'].map((name) => t(`letters.column.${name}`))}
            rows={letters.map((one) => [
              <a href={`/letters/${one.act}`}>{one.number}</a>,
              formatDateTime(one.sentAt, viewer.person.zone, language, { short: true }),
              nameOf(one.party),
              <>
                {t(`channels.form.${one.form}`)} ·{' '}
                <a href={`/spaces/${one.space}/notes/${one.act}/letter`}>{t('letters.action.letter')}</a>
              </>,
              one.subject ?? t('channels.note.withheld-subject'),
              t(`letters.state.${one.state}`),
            ])}
          />
        )}
      </Section>
    </Framed>
  )
}
