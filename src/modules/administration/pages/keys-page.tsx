import type { ListedKey } from '../../../core/keys/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  Details,
  Entry,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Section,
} from '../../../web/index.ts'
import { AdministrationFrame } from './administration-frame.tsx'
import { DidSection } from './did-section.tsx'
import { type KeysPageProps, OtherKeys, WhatLeaves } from './key-change-parts.tsx'
import { KeyHistory } from './key-history.tsx'
import { KeyRequestSection } from './key-request.tsx'

export function KeysPage(props: KeysPageProps) {
  const { visit, overview, errors = {}, refusal } = props
  const { t } = visit
  return (
    <AdministrationFrame visit={visit} title={t('administration.keys.title')} room="keys" refusal={refusal}>
      <PageHead
        title={t('administration.keys.title')}
        lead={t(`administration.keys.protection.${overview.protection}`)}
      />
      <ErrorSummary
        errors={errors}
        labels={{
          word: t('administration.keys.passphrase'),
          again: t('administration.keys.again'),
          present: t('administration.keys.present'),
          sheet: t('administration.keys.sheet'),
        }}
      />
      <UnderWay {...props} />
      {props.request && <KeyRequestSection {...props} />}
      <KeyList {...props} />
      <ProtectSection {...props} />
      <ReplaceSection {...props} />
      {!props.request && <KeyRequestSection {...props} />}
      <Section title={t('administration.keys.history')} id="history">
        <KeyHistory visit={visit} events={overview.events} />
        <p>{t('administration.keys.room', overview.room)}</p>
        <p>{t('administration.keys.sheets', { count: overview.recoveryKeys })}</p>
      </Section>
      <DidSection {...props} />
    </AdministrationFrame>
  )
}

function UnderWay({ visit: { t, services, language }, overview: { underWay, behind } }: KeysPageProps) {
  if (!underWay && behind.length === 0) return null
  return (
    <Section title={t('administration.keys.under-way-title')} id="under-way">
      {underWay && <p>{t('administration.keys.under-way')}</p>}
      {behind.length > 0 && (
        <ul>
          {behind.map(({ space, party, state }) => (
            <li key={space}>
              <a href={`/spaces/${space}`}>{services.nameOf(party, language)}</a>:{' '}
              {t(`administration.keys.behind.${state}`)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

/** In use first; what was replaced and is still needed somewhere is folded away. */
function KeyList(props: KeysPageProps) {
  const { t } = props.visit
  const former = props.overview.keys.filter(({ state }) => state === 'former')
  return (
    <Section title={t('administration.keys.ours')} id="ours">
      {props.overview.keys
        .filter(({ state }) => state !== 'former')
        .map((key) => (
          <KeyEntry key={key.fingerprint} visit={props.visit} listed={key} />
        ))}
      {former.length > 0 && (
        <Details summary={t('administration.keys.former', { count: former.length })} id="former">
          {former.map((key) => (
            <KeyEntry key={key.fingerprint} visit={props.visit} listed={key} />
          ))}
        </Details>
      )}
    </Section>
  )
}

function KeyEntry({ visit: { t, language, viewer }, listed }: { visit: KeysPageProps['visit']; listed: ListedKey }) {
  const { use, state, fingerprint, made, from } = listed
  return (
    <Entry
      margin={
        <Pairs
          items={[
            { term: t('administration.keys.state-head'), detail: t(`administration.keys.state.${state}`) },
            made !== undefined && {
              term: t('administration.keys.made'),
              detail: formatDateTime(made, viewer.person.zone, language),
            },
            from !== undefined && {
              term: t('administration.keys.counts'),
              detail: t('administration.keys.from', { index: from }),
            },
          ]}
        />
      }
    >
      <p>{t(`administration.keys.use.${use}`)}</p>
      <p class="reg" dir="ltr">
        {fingerprint}
      </p>
    </Entry>
  )
}

function ProtectSection({ visit: { t }, overview: { protection }, errors = {} }: KeysPageProps) {
  const password = { type: 'password', maxlength: 1000, required: true } as const
  return (
    <Section title={t('administration.keys.protect')} id="protect">
      <p>{t('administration.keys.protect-about')}</p>
      {protection === 'key-file' ? (
        <p>{t('refusal.keys.at-the-machine')}</p>
      ) : (
        <Form action="/keys/protect" label={t('administration.keys.protect')}>
          {protection === 'passphrase' && (
            <Field
              {...password}
              name="present"
              label={t('administration.keys.present')}
              autocomplete="current-password"
              error={errors.present}
            />
          )}
          <Field
            {...password}
            name="word"
            label={t('administration.keys.passphrase')}
            hint={t('administration.keys.passphrase-hint')}
            autocomplete="new-password"
            error={errors.word}
          />
          <Field
            {...password}
            name="again"
            label={t('administration.keys.again')}
            autocomplete="new-password"
            error={errors.again}
          />
          <Button label={t('administration.keys.protect-now')} plain />
        </Form>
      )}
    </Section>
  )
}

function ReplaceSection(props: KeysPageProps) {
  const { visit, overview } = props
  const { t } = visit
  const current = (use: string) => overview.keys.find((key) => key.use === use && key.state === 'current')?.fingerprint
  return (
    <Section title={t('administration.keys.replace')} id="replace">
      <p>{t('administration.keys.replace-about')}</p>
      <WhatLeaves {...props} by={t('administration.keys.replace')} />
      <Form action="/keys/replace" label={t('administration.keys.replace')} scope="replace">
        <Hidden name="fingerprint" value={current('act') ?? ''} />
        <OtherKeys visit={visit} />
        <Button label={t('administration.keys.replace-now')} plain />
      </Form>
      <p>{t('administration.keys.host-about')}</p>
      <Form action="/keys/replace-host" label={t('administration.keys.replace-host')}>
        <Hidden name="fingerprint" value={current('host') ?? ''} />
        <Button label={t('administration.keys.replace-host')} plain />
      </Form>
    </Section>
  )
}
