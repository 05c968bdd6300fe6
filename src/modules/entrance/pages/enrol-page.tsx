import { encode } from 'uqr'
import type { BegunCode } from '../../../core/auth/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { Button, ErrorSummary, Field, Form, LinkButton, PageHead, Quiet, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { fieldLabels } from '../field-labels.ts'

export interface EnrolPageProps {
  visit: Visit
  /** Absent when codes are set up already. */
  code?: BegunCode
  canUsePasskeys: boolean
  /** There is already a way to come back. */
  isReady: boolean
  errors: Record<string, string>
}

/** Two ways to come back without a link; either is enough. */
export function EnrolPage({ visit, code, canUsePasskeys, isReady, errors }: EnrolPageProps) {
  const { t } = visit
  return (
    <Framed visit={visit} title={t('entrance.enrol.title')} scripts={['passkey.js']}>
      <PageHead title={t('entrance.enrol.heading')} lead={t('entrance.enrol.lead')} />
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      <Section title={t('entrance.enrol.passkey-title')}>
        {canUsePasskeys ? <PasskeyForm visit={visit} /> : <Quiet>{t('entrance.enrol.no-passkeys-here')}</Quiet>}
      </Section>
      <Section title={t('entrance.enrol.code-title')}>
        {code ? <CodeForm visit={visit} code={code} errors={errors} /> : <p>{t('entrance.enrol.code-ready')}</p>}
      </Section>
      {!isReady && <Quiet>{t('entrance.enrol.later-means')}</Quiet>}
      <LinkButton href="/" label={t(isReady ? 'entrance.enrol.done' : 'entrance.enrol.later')} plain />
    </Framed>
  )
}

function PasskeyForm({ visit: { t } }: { visit: Visit }) {
  return (
    <>
      <p>{t('entrance.enrol.passkey-about')}</p>
      <form class="fields" data-passkey="enrol" data-failed={t('entrance.passkey.failed')}>
        <Field
          name="label"
          label={t('entrance.enrol.key-name')}
          hint={t('entrance.enrol.key-name-hint')}
          value={t('entrance.enrol.key-name-value')}
          maxlength={100}
        />
        <Button label={t('entrance.enrol.make-passkey')} />
        <p class="error" role="alert" data-passkey-message hidden />
        <noscript>
          <p>{t('entrance.enrol.needs-javascript')}</p>
        </noscript>
      </form>
    </>
  )
}

function CodeForm({ visit: { t }, code, errors }: { visit: Visit; code: BegunCode; errors: Record<string, string> }) {
  return (
    <>
      <ol>
        <li>{t('entrance.enrol.scan')}</li>
        <li>{t('entrance.enrol.type')}</li>
      </ol>
      <QrCode text={code.address} label={t('entrance.enrol.qr-label')} />
      <p>
        {t('entrance.enrol.or-type')}{' '}
        <code class="reg" dir="ltr" id="secret">
          {code.secret.match(/.{1,4}/g)!.join(' ')}
        </code>
      </p>
      <Form action="/account/code">
        <Field
          name="code"
          label={t('entrance.enrol.first-code')}
          hint={t('entrance.sign-in.code-hint')}
          required
          maxlength={12}
          autocomplete="one-time-code"
          inputmode="numeric"
          width="short"
          error={errors.code}
        />
        <Button label={t('entrance.enrol.confirm-code')} />
      </Form>
    </>
  )
}

/** Drawn as one path of dark modules on white, whatever the colours of the page: scanners need the contrast. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      role="img"
      aria-label={label}
      width="220"
      height="220"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
