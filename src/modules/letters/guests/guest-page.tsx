import type { Visit } from '../../../core/module/types.ts'
import { createTranslator, direction, formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  Layout,
  markingText,
  PageHead,
  Paper,
  Quiet,
  Row,
} from '../../../web/index.ts'
import { letterWords } from '../letter-words.ts'
import type { Letter } from '../load-letter.ts'
import { LetterText } from '../pages/letter-text.tsx'

/** What the guest has come to. */
export type GuestState =
  | { step: 'code'; failed: boolean }
  | { step: 'read'; letter: Letter; code: string }
  | { step: 'done'; at: number }

interface Props {
  visit: Visit<unknown>
  language: string
  token: string
  state: GuestState
}

/** The one page of a guest, in the guest's language: no navigation, no session, nothing of the house beside its name. */
export function GuestPage({ visit: { services }, language, token, state }: Props) {
  const t = createTranslator(language)
  const party = services.signedNameOf(services.party, language)
  const action = `/guest/${language}/${encodeURIComponent(token)}`
  const title = t(`letters.guest.title-${state.step}`)
  const letter = state.step === 'read' ? state.letter : undefined
  return (
    <Layout
      title={title}
      language={language}
      direction={direction(language)}
      house={{ name: party, party: services.party, drill: letter?.space.drill?.name, live: true }}
      nav={[]}
      marking={letter && markingText(letter.marking)}
    >
      <PageHead form={party} title={title} lead={t(`letters.guest.lead-${state.step}`, { party })} />
      {state.step === 'code' && <CodeForm {...{ t, action }} failed={state.failed} />}
      {state.step === 'read' && <ReadLetter {...{ services, t, action, ...state }} />}
      {state.step === 'done' && (
        <>
          <p>{t('letters.guest.recorded', { time: formatDateTime(state.at, 'Etc/UTC', language), party })}</p>
          <Quiet>{t('letters.guest.closed')}</Quiet>
        </>
      )}
    </Layout>
  )
}

type T = ReturnType<typeof createTranslator>

function CodeForm({ t, action, failed }: { t: T; action: string; failed: boolean }) {
  const errors: Record<string, string> = failed ? { code: t('letters.guest.wrong') } : {}
  return (
    <>
      <ErrorSummary errors={errors} labels={{ code: t('letters.guest.code') }} />
      <Form action={action} label={t('letters.guest.code')}>
        <Field
          name="code"
          label={t('letters.guest.code')}
          hint={t('letters.guest.code-hint')}
          error={failed ? errors.code : undefined}
          inputmode="numeric"
          autocomplete="one-time-code"
          width="short"
          maxlength={20}
          required
        />
        <Row>
          <Button label={t('letters.guest.open')} />
        </Row>
      </Form>
    </>
  )
}

function ReadLetter({
  services,
  t,
  action,
  letter,
  code,
}: {
  services: Visit['services']
  t: T
  action: string
  letter: Letter
  code: string
}) {
  const words = letterWords(services, letter)
  return (
    <>
      <div class="letter-sheet">
        <Paper language={letter.body.language}>
          <div class="letterhead">
            {words.names.map(({ language, name }, index) => (
              <p key={language} lang={language} dir={direction(language)} class={index === 0 ? 'house' : undefined}>
                {name}
              </p>
            ))}
          </div>
          <LetterText letter={letter} words={words} />
        </Paper>
      </div>
      <p>{t('letters.guest.meaning')}</p>
      <Form action={`${action}/acknowledge`} label={t('letters.guest.acknowledge')}>
        <Hidden name="code" value={code} />
        <Row>
          <Button label={t('letters.guest.acknowledge')} />
        </Row>
      </Form>
    </>
  )
}
