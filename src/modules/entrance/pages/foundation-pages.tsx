import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, languageName, languages } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  ErrorSummary,
  Field,
  Fingerprint,
  Form,
  LinkButton,
  Paper,
  Pairs,
  Quiet,
  Section,
} from '../../../web/index.ts'
import type { Progress, Reach } from '../set-up/progress.ts'
import { SetUpFrame } from './set-up-frame.tsx'
import { fieldLabels } from '../field-labels.ts'

export interface StepProps {
  visit: Visit
  progress: Progress
  errors: Record<string, string>
  refusal?: string
}

/** What was typed last, else the value that is kept. */
export function typed({ values = {} }: Visit, name: string, kept = ''): string {
  return typeof values[name] === 'string' ? values[name] : kept
}

/** The door of set-up: opening it changes nothing. */
export function StartPage({ visit, refusal }: { visit: Visit; refusal?: string }) {
  const { t, params } = visit
  return (
    <SetUpFrame visit={visit} refusal={refusal}>
      {!refusal && (
        <Form action={`/set-up/${encodeURIComponent(params.token ?? '')}`}>
          <Button label={t('entrance.set-up.start.begin')} />
        </Form>
      )}
    </SetUpFrame>
  )
}

export function AddressPage({ visit, progress, errors, refusal, domain }: StepProps & { domain: string }) {
  const { t } = visit
  const { address } = progress
  return (
    <SetUpFrame visit={visit} step="address" party={address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {progress.keys ? (
        <p>{t('entrance.set-up.address.fixed', { party: address?.party ?? '' })}</p>
      ) : (
        <Form action="/set-up/address">
          <Field
            name="party"
            label={t('entrance.set-up.address.domain')}
            hint={t('entrance.set-up.address.domain-hint')}
            maxlength={253}
            value={typed(visit, 'party', address?.party ?? domain)}
            error={errors.party}
            required
          />
          <Button label={t('entrance.set-up.address.test')} plain={address !== undefined} />
        </Form>
      )}
      {address && <AddressFound visit={visit} address={address} />}
    </SetUpFrame>
  )
}

function AddressFound({
  visit: { t, language },
  address,
}: {
  visit: Visit
  address: NonNullable<Progress['address']>
}) {
  return (
    <Section title={t('entrance.set-up.address.found', { time: formatDateTime(address.testedAt, 'UTC', language) })}>
      <Pairs
        items={[
          { term: t('entrance.set-up.address.public-url'), detail: <ReachText reach={address.publicUrl} t={t} /> },
          { term: t('entrance.set-up.address.peer-url'), detail: <ReachText reach={address.peerUrl} t={t} /> },
        ]}
      />
      {address.accepted ? (
        <LinkButton href="/set-up/names" label={t('common.next')} />
      ) : (
        <ButtonForm action="/set-up/address/accept" label={t('entrance.set-up.address.accept')} plain />
      )}
    </Section>
  )
}

function ReachText({ reach, t }: { reach: Reach; t: Visit['t'] }) {
  const how = reach.https ? 'https' : reach.loopback ? 'http-loopback' : 'http-open'
  return (
    <>
      <span class="reg" dir="ltr">
        {reach.url}
      </span>{' '}
      {t(`entrance.set-up.address.${reach.ok ? 'answers' : (reach.trouble ?? 'unreachable')}`)}{' '}
      {t(`entrance.set-up.address.${how}`)}
    </>
  )
}

export function NamesPage({ visit, progress, errors, refusal }: StepProps) {
  const { t } = visit
  return (
    <SetUpFrame visit={visit} step="names" party={progress.address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {progress.keys && <p>{t('entrance.set-up.names.fixed')}</p>}
      <Form action="/set-up/names">
        {languages().map((language) => (
          <Field
            key={language}
            name={`name-${language}`}
            language={language}
            maxlength={200}
            error={errors[`name-${language}`]}
            label={t('entrance.set-up.names.name-in', { language: languageName(language) })}
            value={typed(visit, `name-${language}`, progress.names?.[language])}
            readonly={progress.keys !== undefined}
          />
        ))}
        {progress.keys ? (
          <LinkButton href="/set-up/keys" label={t('common.next')} />
        ) : (
          <Button label={t('common.next')} />
        )}
      </Form>
    </SetUpFrame>
  )
}

export function KeysPage({ visit, progress, errors, refusal, sheets }: StepProps & { sheets?: string[] }) {
  const { t } = visit
  const { keys } = progress
  return (
    <SetUpFrame visit={visit} step="keys" party={progress.address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {!keys && <ButtonForm action="/set-up/keys" label={t('entrance.set-up.keys.make')} />}
      {keys && (
        <Section title={t('entrance.set-up.keys.fingerprint')}>
          <p>{t('entrance.set-up.keys.fingerprint-about')}</p>
          <Paper>
            <Fingerprint digits={keys.fingerprint} />
          </Paper>
        </Section>
      )}
      {keys && sheets && <Sheets visit={visit} progress={progress} errors={errors} sheets={sheets} />}
      {keys?.holders && (
        <>
          <p>{t('entrance.set-up.keys.held-by', { first: keys.holders[0], second: keys.holders[1] })}</p>
          <LinkButton href="/set-up/protection" label={t('common.next')} />
        </>
      )}
    </SetUpFrame>
  )
}

function Sheets({ visit, errors, sheets }: StepProps & { sheets: string[] }) {
  const { t } = visit
  return (
    <>
      <Section title={t('entrance.set-up.keys.sheets')}>
        <p>{t('entrance.set-up.keys.sheets-about')}</p>
        {sheets.map((text, index) => (
          <Paper key={index}>
            <h3>{t('entrance.set-up.keys.sheet', { number: index + 1 })}</h3>
            <p class="reg" dir="ltr" id={`sheet-text-${index + 1}`}>
              {text}
            </p>
            <p>{t('entrance.set-up.keys.sheet-about')}</p>
          </Paper>
        ))}
      </Section>
      <Section title={t('entrance.set-up.keys.read-back')}>
        <Quiet>{t('entrance.set-up.keys.read-back-about')}</Quiet>
        <Form action="/set-up/keys/read-back">
          {[1, 2].map((number) => (
            <>
              <Field
                name={`holder-${number}`}
                label={t('entrance.set-up.keys.holder', { number })}
                maxlength={200}
                required
                value={typed(visit, `holder-${number}`)}
                error={errors[`holder-${number}`]}
              />
              <Field
                name={`sheet-${number}`}
                label={t('entrance.set-up.keys.typed', { number })}
                maxlength={120}
                required
                autocomplete="off"
                value={typed(visit, `sheet-${number}`)}
                error={errors[`sheet-${number}`]}
              />
            </>
          ))}
          <Button label={t('entrance.set-up.keys.compare')} />
        </Form>
      </Section>
    </>
  )
}
