import { formatDate } from '../../../text/index.ts'
import { Details } from '../../../web/index.ts'
import type { TaskStep } from '../read-tasks.ts'
import { Signed } from '../../frame/index.ts'
import type { TaskProps } from './task-page.tsx'

/** Every step, as it was recorded; none is changed. */
export function History({ visit, task, loaded }: TaskProps) {
  const { t, language } = visit
  if (task.steps.length === 0) return null
  const words = ({ kind, facts }: TaskStep): string =>
    t(`home-tasks.step.${kind}`, {
      name: loaded.nameOf(facts.person ?? ''),
      stage: facts.stage ? t(`home-tasks.stage.${facts.stage}`) : '',
      on: facts.on ? formatDate(Date.parse(facts.on), 'UTC', language) : '',
      to: facts.to ?? '',
      reason: facts.reason ?? '',
    })
  return (
    <Details summary={t('home-tasks.history', { count: task.steps.length })}>
      <ol>
        {task.steps.map((step) => (
          <li key={step.id}>
            <span dir="auto">{words(step)}</span>
            <Signed visit={visit} by={loaded.nameOf(step.by)} at={step.at} />
          </li>
        ))}
      </ol>
    </Details>
  )
}
