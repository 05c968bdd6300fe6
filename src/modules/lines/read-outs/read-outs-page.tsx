import { actHref } from '../../../core/module/act-href.ts'
import type { LoggedAct, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate, formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Details,
  Field,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Paper,
  Quiet,
  Section,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { Framed, type Returned, returnedTo, Signature, Signed, WhatIsWrong } from '../../frame/index.ts'
import { HeldUntil, type ReleaseChoice } from '../releases/held-until.tsx'
import { Comparison } from './comparison.tsx'
import { LegalClearance } from './legal-clearance.tsx'
import { type Account, isCleared, type ReadOuts } from './read-outs.ts'

export interface ReadOutsPageProps {
  visit: Visit
  space: SpaceFacts
  act: LoggedAct
  /** What the talks, the call or the note is called. */
  headline: string
  readOuts: ReadOuts
  choices: readonly ReleaseChoice[]
  /** Whether anybody of the house can give a legal clearance. */
  hasAdviser: boolean
  nameOf(person: string): string
  returned?: Returned | undefined
}

/** Our account of talks, a call or a note, and those of the others beside it, paragraph by paragraph. */
export function ReadOutsPage(props: ReadOutsPageProps) {
  const { visit, space, act, headline, readOuts, returned } = props
  const { t, services, language } = visit
  return (
    <Framed
      visit={visit}
      title={`${t('read-outs.title')}: ${headline}`}
      current="/talks"
      drill={space.drill}
      marking={act.statement.marking}
    >
      <PageHead
        form={t('read-outs.title')}
        title={<bdi>{headline}</bdi>}
        lead={t('read-outs.lead')}
        actions={<LinkButton plain href={whereOf(space, act)} label={t('read-outs.back')} />}
      />
      <WhatIsWrong
        returned={returned}
        labels={Object.fromEntries(
          Object.keys(returned?.errors ?? {}).map((name) => [name, t(`read-outs.field.${name}`)]),
        )}
      />
      <Ours {...props} />
      {readOuts.own.length > 0 && (
        <HeldUntil
          visit={visit}
          embargo={readOuts.embargo}
          choices={props.choices}
          returned={returned}
          {...(visit.viewer.may('talks.read-out-given:send') && { action: `${addressOf(props)}/until` })}
        />
      )}
      {readOuts.withheld.length > 0 && (
        <Quiet>
          {t('read-outs.withheld', {
            parties: readOuts.withheld.map((one) => services.nameOf(one, language)).join(', '),
          })}
        </Quiet>
      )}
      {readOuts.accounts.length === 0 && <Quiet>{t('read-outs.none-of-theirs')}</Quiet>}
      {readOuts.accounts.map((account, at) => (
        <Theirs key={`${account.party} ${account.at}`} {...props} account={account} number={at + 1} />
      ))}
      <Published {...props} />
      <Earlier {...props} />
    </Framed>
  )
}

const isOfTalks = ({ statement }: LoggedAct) => statement.type === 'talks.meeting-proposed'
const whereOf = (space: SpaceFacts, act: LoggedAct) =>
  isOfTalks(act) ? `/spaces/${space.id}/talks/${act.hash}` : actHref(space.id, act.hash)
const addressOf = ({ space, act }: ReadOutsPageProps) => `/spaces/${space.id}/acts/${act.hash}/read-outs`

function Ours(props: ReadOutsPageProps) {
  const { visit, space, act, readOuts, nameOf, returned } = props
  const { t, viewer } = visit
  const [own, ...before] = readOuts.own
  const { value, error } = returnedTo(returned, 'own')
  const mayClear =
    own &&
    !own.cleared &&
    own.by !== viewer.person.id &&
    own.legal?.by !== viewer.person.id &&
    viewer.may('talks.read-out-given:release')
  return (
    <Section title={t('read-outs.ours')} id="ours">
      {own ? (
        <>
          <Signed visit={visit} by={nameOf(own.by)} at={own.at} />
          <p>
            {own.cleared ? (
              <>
                {t('read-outs.cleared')} <Signature visit={visit} by={nameOf(own.cleared.by)} at={own.cleared.at} />
              </>
            ) : (
              <strong>{t('read-outs.not-cleared')}</strong>
            )}
          </p>
          <LegalClearance {...props} own={own} at={addressOf(props)} />
          {isCleared(own, readOuts.wanted) && (readOuts.embargo?.isOver ?? true) && (
            <LinkButton plain href={`${addressOf(props)}/text`} label={t('read-outs.text')} />
          )}
          {mayClear && (
            <ButtonForm action={`${addressOf(props)}/clear`} label={t('read-outs.clear')} fields={{ seen: own.id }} />
          )}
          {readOuts.accounts.length === 0 && (
            <Paper>
              {own.words.split('\n\n').map((paragraph, at) => (
                <p key={at} dir="auto">
                  {paragraph}
                </p>
              ))}
            </Paper>
          )}
        </>
      ) : (
        <Quiet>{t('read-outs.none-of-ours')}</Quiet>
      )}
      {viewer.may('talks.read-out-given:send') && (
        <Details summary={t(own ? 'read-outs.change' : 'read-outs.write')} open={!own || returned?.form === 'own'}>
          <Form action={`${addressOf(props)}/own`} label={t('read-outs.ours')}>
            <Hidden name="id" value={newId()} />
            <TextArea
              name="account"
              label={t('read-outs.field.account')}
              hint={t('read-outs.field.account-hint')}
              value={value('account', own?.words)}
              error={error('account')}
              required
              rows={10}
            />
            <Button label={t('read-outs.keep')} />
          </Form>
        </Details>
      )}
      {isOfTalks(act) && viewer.may('talks.read-out-given:draft') && (
        <LinkButton
          plain
          href={`/spaces/${space.id}/write/talks.read-out-given?proposal=${act.hash}`}
          label={t('read-outs.give')}
        />
      )}
      {before.length > 0 && (
        <Details summary={t('read-outs.before', { count: before.length })}>
          {before.map(({ id, words, by, at }) => (
            <div key={id} class="comment">
              <Signed visit={visit} by={nameOf(by)} at={at} />
              <p dir="auto">{words}</p>
            </div>
          ))}
        </Details>
      )}
    </Section>
  )
}

function Theirs(props: ReadOutsPageProps & { account: Account; number: number }) {
  const { visit, space, account, number } = props
  const { t, services, viewer, language } = visit
  const { given, published } = account
  const party = services.nameOf(account.party, language)
  return (
    <Section title={t(given ? 'read-outs.given-by' : 'read-outs.published-by', { party })} id={`theirs-${number}`}>
      <Quiet small>
        {given && (
          <a href={actHref(space.id, given.hash)}>
            {t('read-outs.on-record', { time: formatDateTime(account.at, viewer.person.zone, language) })}
          </a>
        )}
        {published && (
          <>
            <bdi>{published.source}</bdi> · {formatDate(Date.parse(`${published.on}T12:00:00Z`), 'UTC', language)} ·{' '}
            <Signature visit={visit} by={props.nameOf(published.by)} at={account.at} />
          </>
        )}
      </Quiet>
      <Comparison {...props} party={party} action={`${addressOf(props)}/findings`} />
    </Section>
  )
}

function Published(props: ReadOutsPageProps) {
  const { visit, space, returned } = props
  const { t, services, viewer, language } = visit
  if (!viewer.may('talks.read-out-given:send')) return null
  const { value, error } = returnedTo(returned, 'published')
  const others = space.members.filter(({ party }) => party !== services.party)
  return (
    <Details summary={t('read-outs.note-published')} open={returned?.form === 'published'} id="published">
      <Form action={`${addressOf(props)}/published`} label={t('read-outs.note-published')} scope="published">
        <Hidden name="id" value={newId()} />
        <Select
          name="party"
          label={t('read-outs.field.party')}
          value={value('party', others[0]?.party)}
          error={error('party')}
          required
          options={others.map(({ party }) => ({ value: party, label: services.nameOf(party, language) }))}
        />
        <Field
          name="source"
          label={t('read-outs.field.source')}
          hint={t('read-outs.field.source-hint')}
          value={value('source')}
          error={error('source')}
          required
          maxlength={500}
        />
        <Field
          name="on"
          type="date"
          width="short"
          label={t('read-outs.field.on')}
          value={value('on')}
          error={error('on')}
          required
        />
        <TextArea
          name="account"
          label={t('read-outs.field.theirs')}
          hint={t('read-outs.field.account-hint')}
          value={value('account')}
          error={error('account')}
          required
          rows={8}
        />
        <Button label={t('read-outs.keep')} />
      </Form>
    </Details>
  )
}

/** Minutes beside words that are others by now. */
function Earlier({ visit, readOuts: { earlier }, nameOf }: ReadOutsPageProps) {
  const { t, services, language } = visit
  if (earlier.length === 0) return null
  return (
    <Section title={t('read-outs.earlier')} id="earlier">
      {earlier.map((one) => (
        <div key={one.id} class="comment">
          <p>
            <strong>{t(`read-outs.finding.${one.finding}`, { party: services.nameOf(one.party, language) })}</strong>{' '}
            <Signature visit={visit} by={nameOf(one.by_person)} at={one.at} />
          </p>
          {one.words !== '' && <p dir="auto">{one.words}</p>}
          {one.ours !== '' && (
            <p>
              {t('read-outs.ours')}: <del dir="auto">{one.ours}</del>
            </p>
          )}
          {one.theirs !== '' && (
            <p>
              {services.nameOf(one.party, language)}: <del dir="auto">{one.theirs}</del>
            </p>
          )}
        </div>
      ))}
    </Section>
  )
}
