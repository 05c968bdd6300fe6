import { Button, ButtonForm, ErrorSummary, Field, Form, LinkButton, Section } from '../../../web/index.ts'
import type { StepProps } from './foundation-pages.tsx'
import { SetUpFrame } from './set-up-frame.tsx'

/** Whether the keys lie in the clear or under a passphrase: what either means, before anybody chooses. */
export function ProtectionPage({ visit, progress, errors, refusal }: StepProps) {
  const { t } = visit
  const by = progress.protection?.by
  const labels = { word: t('administration.keys.passphrase'), again: t('administration.keys.again') }
  return (
    <SetUpFrame visit={visit} step="protection" party={progress.address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={labels} />
      {by === 'passphrase' ? (
        <>
          <p>{t('entrance.set-up.protection.done')}</p>
          <LinkButton href="/set-up/administrators" label={t('common.next')} />
        </>
      ) : (
        <>
          <Section title={t('entrance.set-up.protection.what')}>
            <p>{t('entrance.set-up.protection.protects')}</p>
            <p>{t('entrance.set-up.protection.starts')}</p>
          </Section>
          <Section title={t('entrance.set-up.protection.lost')}>
            <p>{t('entrance.set-up.protection.lost-about')}</p>
          </Section>
          <Section title={t('entrance.set-up.protection.choose')}>
            <Form action="/set-up/protection">
              {(['word', 'again'] as const).map((name) => (
                <Field
                  key={name}
                  name={name}
                  type="password"
                  label={labels[name]}
                  hint={name === 'word' ? t('administration.keys.passphrase-hint') : undefined}
                  maxlength={1000}
                  autocomplete="new-password"
                  required
                  error={errors[name]}
                />
              ))}
              <Button label={t('entrance.set-up.protection.protect')} />
            </Form>
          </Section>
          <Section title={t('entrance.set-up.protection.later-title')}>
            <p>{t('entrance.set-up.protection.later-about')}</p>
            <ButtonForm action="/set-up/protection/later" label={t('entrance.set-up.protection.later')} plain />
          </Section>
        </>
      )}
    </SetUpFrame>
  )
}
