import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { languages } from '../../../text/index.ts'
import { Layout, PageHead, Trouble, Steps } from '../../../web/index.ts'
import type { Progress } from '../set-up/progress.ts'

export const setUpSteps = ['address', 'names', 'keys', 'administrators', 'duty-desk', 'mail', 'peer', 'unsafe'] as const
/** `protection` is a second page of the step of keys. */
export type SetUpStep = (typeof setUpSteps)[number] | 'protection'

export interface SetUpFrameProps {
  visit: Visit
  step?: SetUpStep
  party?: string
  /** Why the last form was refused, in the reader's words. */
  refusal?: string
  children?: ComponentChildren
}

/** A page before there is a house: no navigation, no person, only the steps. */
export function SetUpFrame({ visit, step, party = '', refusal, children }: SetUpFrameProps) {
  const { t, language, request } = visit
  const title = t(`entrance.set-up.${step ?? 'start'}.title`)
  return (
    <Layout
      title={title}
      language={language}
      direction={t.direction}
      languages={languages()}
      path={new URL(request.url).pathname}
      house={{ name: t('entrance.set-up.house'), party, live: false }}
      nav={[]}
      notice={visit.notice}
    >
      {step && (
        <Steps
          current={setUpSteps.indexOf(step === 'protection' ? 'keys' : step)}
          steps={setUpSteps.map((name) => ({ label: t(`entrance.set-up.${name}.step`), href: `/set-up/${name}` }))}
        />
      )}
      <PageHead form={party || undefined} title={title} lead={t(`entrance.set-up.${step ?? 'start'}.lead`)} />
      {refusal && <Trouble what={refusal} />}
      {children}
    </Layout>
  )
}

/** The first step that is not finished. */
export function nextStep(progress: Progress): SetUpStep {
  if (!progress.address?.accepted) return 'address'
  if (!progress.names) return 'names'
  if (!progress.keys?.holders) return 'keys'
  if (!progress.protection && !progress.administrators) return 'protection'
  if (!progress.administrators) return 'administrators'
  if (!progress['duty-desk']) return 'duty-desk'
  if (!progress.mail || !progress.backup) return 'mail'
  if (!progress.peer) return 'peer'
  return 'unsafe'
}
