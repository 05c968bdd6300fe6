import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatList, languageName, languages } from '../../../text/index.ts'
import { Button, Form, Quiet, Row, Section, Select } from '../../../web/index.ts'
import type { RegisterEntry } from '../register/list-documents.ts'
import { archiveCeilings } from '../transfers/transfer-facts.ts'
import type { AccessCopy } from './access-copy.ts'
import { copyGrounds } from './copy-words.ts'

interface Props {
  visit: Visit<unknown>
  entry: RegisterEntry
  copies: readonly AccessCopy[]
}

/** On the card of a document: to whom copies of it went, when and without what; and the form that begins one. */
export function CopiesSection({ visit, entry, copies }: Props) {
  const { t, language, viewer } = visit
  return (
    <Section title={t('channels.access.title')}>
      {copies.length === 0 && <Quiet>{t('channels.access.none')}</Quiet>}
      {copies.map((copy) => (
        <div key={copy.id}>
          <p>
            <a href={`/register/copies/${copy.id}`}>
              <bdi>{copy.requester}</bdi> · <bdi>{copy.reference}</bdi>
            </a>
            {' · '}
            {t(`channels.access.state.${copy.state}`)}
            {copy.confirmedBy && ` · ${formatDateTime(copy.confirmedBy.at, viewer.person.zone, language)}`}
            {copy.grounds.length > 0 && (
              <>
                {' · '}
                <bdi>{formatList(copyGrounds(visit, copy), language)}</bdi>
              </>
            )}
          </p>
          {copy.made && (
            <p>
              SHA-256 <code>{copy.made.sha256}</code>
            </p>
          )}
        </div>
      ))}
      {viewer.may('register.access:draft') && (
        <Form method="get" action={`/register/${entry.id}/copy`} label={t('channels.access.begin')}>
          <Select
            name="ceiling"
            label={t('channels.access.field.ceiling')}
            hint={t('channels.access.hint.ceiling')}
            value="CLEAR"
            options={archiveCeilings.map((one) => ({ value: one, label: `TLP:${one}` }))}
          />
          <Select
            name="language"
            label={t('channels.access.field.language')}
            value={language}
            options={languages().map((one) => ({ value: one, label: languageName(one) }))}
          />
          <Row>
            <Button plain label={t('channels.access.begin')} />
          </Row>
        </Form>
      )}
    </Section>
  )
}
