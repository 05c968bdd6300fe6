import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { alphabetical, formatDate } from '../../../text/index.ts'
import {
  Button,
  ClockChip,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Table,
} from '../../../web/index.ts'
import { requestKindNames } from '../../channels/index.ts'
import { Framed } from '../../frame/index.ts'
import { states } from '../course.ts'
import { dayIn } from '../faces/terms-of-use.tsx'
import type { Figure } from '../figures.ts'
import type { FilterInput } from '../inputs.ts'
import { clockFilters, type ListedRequest } from '../list-requests.ts'
import { regimesEdition, regimesSource } from '../regimes.ts'
import type { Spoken } from '../spoken.ts'
import { FiguresSection } from './figures-section.tsx'
import { ClockLine, StateChip } from './parts.tsx'

interface Props {
  visit: Visit
  filter: FilterInput
  listed: readonly ListedRequest[]
  spoken: readonly Spoken[]
  figures: readonly Figure[]
  /** Now of each space, scenario ms in a drill. */
  nows: ReadonlyMap<string, number>
  parties: readonly string[]
  /** Only requests that belong to it are listed. */
  incident?: { id: string; codeName: string } | undefined
}

/** Requests for assistance, ours and theirs, with how far each has come and what is due. */
export function ListPage(props: Props) {
  const { visit, listed, spoken, incident } = props
  const { t, language, viewer } = visit
  const title = t('assistance.title')
  return (
    <Framed visit={visit} title={title} current="/assistance">
      <PageHead title={title} lead={t('assistance.lead')} />
      {viewer.may('channels.note-sent:draft') && (
        <Row>
          <LinkButton
            href={`/assistance/ask${incident ? `?incident=${incident.id}` : ''}`}
            label={t('assistance.action.ask')}
          />
        </Row>
      )}
      {incident && (
        <p>
          {t('assistance.of-incident')} <a href={`/incidents/${incident.id}`}>{incident.codeName}</a> ·{' '}
          <a href="/assistance">{t('assistance.filter.all')}</a>
        </p>
      )}
      <Filter {...props} />
      {listed.length === 0 ? (
        <Quiet>{t('assistance.none')}</Quiet>
      ) : (
        <Table
          caption={t('assistance.title')}
          quietCaption
          head={['kind', 'from', 'to', 'subject', 'state', 'clock', 'since'].map((one) =>
            t(`assistance.column.${one}`),
          )}
          rows={listed.map((one) => rowOf(props, one))}
        />
      )}
      {spoken.length > 0 && <SpokenSection {...props} />}
      <FiguresSection visit={visit} figures={props.figures} />
      <Quiet small>
        {t('assistance.rules', { date: formatDate(Date.parse(regimesEdition), 'UTC', language) })}{' '}
        <span lang="en" dir="ltr">
          {regimesSource}
        </span>
      </Quiet>
    </Framed>
  )
}

function rowOf({ visit, nows }: Props, one: ListedRequest) {
  const { t, language, services, viewer } = visit
  return [
    <a key="kind" href={one.href}>
      {t(`requests.kind.${one.kind}`)}
    </a>,
    services.nameOf(one.author, language),
    services.nameOf(one.addressee, language),
    <span key="subject" dir="auto">
      {one.subject ?? t('assistance.withheld')}
    </span>,
    <span key="state">
      <StateChip state={one.state} t={t} />
      {one.keptUntil !== null && ` ${t('assistance.kept-until', { day: dayIn(one.keptUntil, language) })}`}
    </span>,
    one.clock ? <ClockLine key="clock" visit={visit} clock={one.clock} now={nows.get(one.space) ?? 0} /> : '–',
    formatDate(one.at, viewer.person.zone, language),
  ]
}

function Filter({ visit, filter, parties }: Props) {
  const { t, language, services } = visit
  const choose = (name: keyof FilterInput, options: { value: string; label: string }[]) => (
    <Select
      name={name}
      label={t(`assistance.filter.${name}`)}
      value={filter[name] ?? ''}
      options={[{ value: '', label: t('assistance.filter.all') }, ...options]}
    />
  )
  const words = (names: readonly string[], key: string) =>
    names.map((one) => ({ value: one, label: t(`${key}.${one}`) }))
  return (
    <Form action="/assistance" method="get" label={t('assistance.filter.title')}>
      {filter.incident !== undefined && <Hidden name="incident" value={filter.incident} />}
      <Row>
        {choose('side', words(['ours', 'theirs'], 'assistance.side'))}
        {choose('state', words(states, 'assistance.state'))}
        {choose('clock', words(clockFilters, 'assistance.clock'))}
        {choose('kind', words(requestKindNames, 'requests.kind'))}
        {choose(
          'party',
          parties
            .toSorted(alphabetical(language, (one) => services.nameOf(one, language)))
            .map((one) => ({ value: one, label: services.nameOf(one, language) })),
        )}
      </Row>
      <Row>
        <Button label={t('assistance.filter.show')} plain />
      </Row>
    </Form>
  )
}

/** What was asked by voice: whether the call is confirmed, and whether it came in writing. */
function SpokenSection({ visit, spoken, nows }: Props) {
  const { t, language, services, viewer } = visit
  const mayWrite = viewer.may('channels.note-sent:draft')
  return (
    <Section title={t('assistance.spoken.title')} id="spoken">
      <ul>
        {spoken.map((one) => (
          <li key={one.hash}>
            <a href={actHref(one.space, one.hash)}>
              {t('assistance.spoken.line', {
                kind: t(`requests.kind.${one.kind}`),
                from: services.nameOf(one.author, language),
                to: services.nameOf(one.addressee, language),
              })}
            </a>{' '}
            <CallChip one={one} t={t} />{' '}
            {one.clock && <ClockLine visit={visit} clock={one.clock} now={nows.get(one.space) ?? 0} />}{' '}
            {one.clock?.metBy !== undefined && (
              <a href={`/assistance/${one.clock.metBy}`}>{t('assistance.spoken.written')}</a>
            )}
            {one.clock?.metBy === undefined && one.author === services.party && mayWrite && (
              <a
                href={`/assistance/ask?kind=${one.kind}&party=${encodeURIComponent(one.addressee)}&space=${one.space}&follows=${one.hash}`}
              >
                {t('assistance.action.write')}
              </a>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function CallChip({ one, t }: { one: Spoken; t: Visit['t'] }) {
  const answer = one.call ? (one.call.answer ?? 'unanswered') : 'not-logged'
  return (
    <ClockChip state={answer === 'confirmed' ? 'met' : 'unanswered'} text={t(`assistance.spoken.call-${answer}`)} />
  )
}
