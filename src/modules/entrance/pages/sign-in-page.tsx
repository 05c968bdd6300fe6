import type { House } from '../../../core/auth/index.ts'
import { localPath } from '../../../core/http/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import {
  Button,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Quiet,
  Trouble,
  Section,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { fieldLabels } from '../field-labels.ts'

export interface SignInPageProps {
  visit: Visit
  house: House
  /** The code form is the one main method; otherwise the passkey is. */
  withCode: boolean
  canUsePasskeys: boolean
  errors: Record<string, string>
  refusal?: string
}

/** One main method, the way round it, and a telephone. Nothing that tells who exists. */
export function SignInPage(props: SignInPageProps) {
  const { visit, house, withCode, canUsePasskeys, refusal } = props
  const { t, services, language } = visit
  const party = services.nameOf(services.party, language)
  const state =
    house.drill === undefined ? t('entrance.sign-in.live') : t('entrance.sign-in.drill', { drill: house.drill })
  return (
    <Framed
      visit={visit}
      title={t('entrance.sign-in.title')}
      drill={house.drill}
      scripts={withCode ? [] : ['passkey.js']}
    >
      <PageHead form={services.party} title={t('entrance.sign-in.heading', { party })} lead={state} />
      {refusal && <Trouble what={t(`refusal.${refusal}`)} />}
      {withCode ? <CodeForm {...props} /> : <PasskeyForm {...props} />}
      {withCode && canUsePasskeys && (
        <p>
          <a href={`/sign-in${query(visit)}`}>{t('entrance.sign-in.use-passkey')}</a>
        </p>
      )}
      <Section title={t('entrance.help.title')}>
        <p>{t('entrance.help.lost')}</p>
        <Telephone house={house} visit={visit} />
      </Section>
    </Framed>
  )
}

function PasskeyForm({ visit }: SignInPageProps) {
  const { t } = visit
  const other = new URLSearchParams({ with: 'code', ...destination(visit) })
  return (
    <>
      <form class="fields" data-passkey="sign-in" data-failed={t('entrance.passkey.failed')}>
        <Hidden name="to" value={visit.query.get('to') ?? '/'} />
        <Button label={t('entrance.sign-in.with-passkey')} />
        <p class="error" role="alert" data-passkey-message hidden />
        <noscript>
          <p>{t('entrance.sign-in.needs-javascript')}</p>
        </noscript>
      </form>
      <p>
        <a href={`/sign-in?${other}`}>{t('entrance.sign-in.cannot')}</a>
      </p>
    </>
  )
}

function CodeForm({ visit, errors }: SignInPageProps) {
  const { t, values = {} } = visit
  const to = typeof values.to === 'string' ? values.to : visit.query.get('to')
  return (
    <>
      <ErrorSummary errors={errors} labels={{ ...fieldLabels(t), name: t('entrance.sign-in.name') }} />
      <Form action="/sign-in?with=code">
        <Hidden name="to" value={localPath(to)} />
        <Field
          name="name"
          label={t('entrance.sign-in.name')}
          hint={t('entrance.sign-in.name-hint')}
          required
          maxlength={200}
          autocomplete="username"
          value={typeof values.name === 'string' ? values.name : ''}
          error={errors.name}
        />
        <Field
          name="code"
          label={t('entrance.sign-in.code')}
          hint={t('entrance.sign-in.code-hint')}
          required
          maxlength={12}
          autocomplete="one-time-code"
          inputmode="numeric"
          width="short"
          error={errors.code}
        />
        <Button label={t('entrance.sign-in.submit')} />
      </Form>
    </>
  )
}

function Telephone({ house, visit: { t } }: { house: House; visit: Visit }) {
  if (house.publicTelephone === undefined) return <Quiet>{t('entrance.help.no-telephone')}</Quiet>
  const href = `tel:${house.publicTelephone.replace(/[^\d+]/g, '')}`
  return (
    <Pairs
      items={[
        {
          term: t('entrance.help.telephone'),
          detail: (
            <a href={href} dir="ltr">
              {house.publicTelephone}
            </a>
          ),
        },
        house.hours && { term: t('entrance.help.hours'), detail: t(`entrance.hours.${house.hours}`) },
      ].filter((item) => typeof item === 'object')}
    />
  )
}

const destination = ({ query }: Visit): Record<string, string> => (query.get('to') ? { to: query.get('to')! } : {})

function query(visit: Visit): string {
  const search = new URLSearchParams(destination(visit)).toString()
  return search === '' ? '' : `?${search}`
}
