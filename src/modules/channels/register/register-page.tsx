import type { Visit } from '../../../core/module/types.ts'
import { alphabetical, formatDateTime, type Translate } from '../../../text/index.ts'
import {
  Button,
  Details,
  Field,
  Form,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Table,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { narrowest } from '../../../core/markings/index.ts'
import { documentStates } from '../../../core/module/registered.ts'
import type { PlannedFile } from './filing.ts'
import type { RegisterEntry } from './list-documents.ts'
import { documentKinds, fileTitle, formWords, keptWords, partyWords, stateWords } from './register-words.ts'

interface Props {
  visit: Visit
  entries: readonly RegisterEntry[]
  files: readonly PlannedFile[]
  parties: string[]
  /** Of this page, from 0; `more` follow it. */
  page: number
  more: boolean
}

/** Everything that came and went, with number, references, file and how long it is kept; prints as a register. */
export function RegisterPage({ visit, entries, files, parties, page, more }: Props) {
  const { t, language, viewer, query } = visit
  const title = t('channels.register.title')
  const address = (over: Record<string, string>) => {
    const search = new URLSearchParams(query)
    for (const [name, value] of Object.entries(over)) search.set(name, value)
    return search
  }
  return (
    <Framed
      visit={visit}
      title={title}
      current="/register"
      marking={entries.length > 0 ? narrowest(entries.map(({ marking }) => marking)) : undefined}
    >
      <PageHead title={title} lead={t('channels.register.lead')} />
      <Details
        summary={t('channels.register.filter.label')}
        open={[...query].some(([name, value]) => name !== 'page' && value !== '')}
      >
        <Filter visit={visit} files={files} parties={parties} />
      </Details>
      <Row>
        <LinkButton plain href={`/register/pdf?${address({ page: '0' })}`} label={t('channels.register.pdf')} />
        <LinkButton plain href={`/register/csv?${address({ page: '0' })}`} label={t('channels.register.csv')} />
        <LinkButton plain href="/register/files" label={t('channels.register.files')} />
        {(viewer.may('register.transfer:draft') || viewer.may('register.transfer:release')) && (
          <LinkButton plain href="/register/transfers" label={t('channels.transfer.title')} />
        )}
      </Row>
      <Section title={t('channels.register.documents')}>
        {entries.length === 0 ? (
          <Quiet>{t('channels.register.none')}</Quiet>
        ) : (
          <Table
            caption={t('channels.register.documents')}
            quietCaption
            head={['our-ref', 'your-ref', 'incoming', 'sent', 'party', 'form', 'subject', 'state', 'file', 'kept'].map(
              (name) => t(`channels.register.column.${name}`),
            )}
            rows={entries.map((one) => [
              one.ourRef === undefined && one.stamp ? '–' : <Card entry={one} number={one.ourRef} t={t} />,
              one.yourRef ?? '–',
              one.ourRef === undefined && one.stamp ? (
                <Card entry={one} number={one.stamp.number} t={t} />
              ) : (
                (one.stamp?.number ?? '–')
              ),
              formatDateTime(one.sentAt, viewer.person.zone, language, { short: true }),
              partyWords(one, visit),
              formWords(one, visit),
              one.subject ?? t('channels.register.no-words'),
              stateWords(one, t),
              one.code ?? t('channels.register.unfiled'),
              keptWords(one, { t, language }),
            ])}
          />
        )}
        <Row>
          {page > 0 && (
            <LinkButton
              plain
              href={`/register?${address({ page: String(page - 1) })}`}
              label={t('channels.register.newer')}
            />
          )}
          {more && (
            <LinkButton
              plain
              href={`/register?${address({ page: String(page + 1) })}`}
              label={t('channels.register.older')}
            />
          )}
        </Row>
      </Section>
    </Framed>
  )
}

/** The way to what the house notes of a document. */
function Card({ entry, number, t }: { entry: RegisterEntry; number: string | undefined; t: Translate }) {
  return <a href={`/register/${entry.id}`}>{number ?? t('channels.register.no-ref')}</a>
}

function Filter({ visit, files, parties }: Pick<Props, 'visit' | 'files' | 'parties'>) {
  const { t, language, services, query } = visit
  const value = (name: string) => query.get(name) ?? ''
  const any = { value: '', label: t('channels.register.any') }
  const nameOf = (party: string) => services.nameOf(party, language)
  const choice = (name: string, options: { value: string; label: string }[]) => (
    <Select name={name} label={t(`channels.register.filter.${name}`)} value={value(name)} options={[any, ...options]} />
  )
  return (
    <Form action="/register" method="get" label={t('channels.register.filter.label')}>
      <Field
        name="number"
        width="medium"
        label={t('channels.register.filter.number')}
        value={value('number')}
        maxlength={60}
        required={false}
      />
      {choice(
        'direction',
        ['in', 'out'].map((one) => ({ value: one, label: t(`channels.register.filter.${one}`) })),
      )}
      {choice(
        'party',
        parties.toSorted(alphabetical(language, nameOf)).map((one) => ({ value: one, label: nameOf(one) })),
      )}
      {choice(
        'form',
        Object.entries(documentKinds(services)).map(([value, key]) => ({ value, label: t(key) })),
      )}
      {choice(
        'code',
        files.map((one) => ({ value: one.code, label: `${one.code} ${fileTitle(one, t)}` })),
      )}
      {choice(
        'state',
        documentStates.map((one) => ({ value: one, label: t(`channels.register.state.${one}`) })),
      )}
      {['from', 'to'].map((name) => (
        <Field
          key={name}
          name={name}
          type="date"
          width="medium"
          label={t(`channels.register.filter.${name}`)}
          value={value(name)}
          required={false}
        />
      ))}
      <Row>
        <Button label={t('channels.register.filter.show')} plain />
      </Row>
    </Form>
  )
}
