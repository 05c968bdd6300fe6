import { formatDate, languageName } from '../../../text/index.ts'
import { Paper, Quiet, Reg, Section } from '../../../web/index.ts'
import { Actions } from './parts.tsx'
import type { TaskProps } from './task-page.tsx'

/** How it ends: answered, with its words frozen; passed on; taken back. And its end moved on, once. */
export function EndSection(props: TaskProps) {
  const { visit, task } = props
  const { t, viewer } = visit
  if (task.state !== 'open') return <Ended {...props} />
  if (!viewer.may('incidents.tasks:draft')) return null
  return (
    <Section title={t('home-tasks.end.title')} id="end">
      {task.nextStage !== undefined && <Quiet>{t('home-tasks.end.not-yet')}</Quiet>}
      <Actions
        {...props}
        forms={[
          ...(task.nextStage === undefined ? (['answer'] as const) : []),
          ...(mayExtend(props) ? (['extend'] as const) : []),
          'transfer',
          'withdraw',
        ]}
      />
    </Section>
  )
}

function Ended({ visit, task }: TaskProps) {
  const { t, language } = visit
  const answered = task.steps.find(({ kind }) => kind === 'answered')
  if (!answered) return null
  const { on = '', to = '', hash = '', texts = [] } = answered.facts
  return (
    <Section title={t('home-tasks.end.frozen')} id="end">
      <p>{t('home-tasks.step.answered', { on: formatDate(Date.parse(on), 'UTC', language), to })}</p>
      {texts.map(({ language: own, words }) => (
        <div key={own}>
          <h3>{languageName(own)}</h3>
          <Paper language={own}>
            <p dir="auto">{words}</p>
          </Paper>
        </div>
      ))}
      <Reg text={`SHA-256 ${hash}`} />
    </Section>
  )
}

/** Once, before its end, and where its rule knows an extension. */
function mayExtend({ task, loaded }: TaskProps): boolean {
  const term = loaded.rules.content.terms.find(({ id }) => id === task.term)
  const isExtended = task.steps.some(({ kind }) => kind === 'extended')
  return !isExtended && task.clockState !== 'overdue' && (task.term === undefined || term?.extension !== undefined)
}
