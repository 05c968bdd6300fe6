import type { Visit } from '../../../core/module/types.ts'
import { ClockChip, Field, LinkButton, Row } from '../../../web/index.ts'
import { clockStateText } from '../../spaces/index.ts'
import type { Task } from '../read-tasks.ts'
import type { FormName } from './form-page.tsx'
import type { TaskProps } from './task-page.tsx'

/** How a task stands against its day, in words. */
export function Standing({ visit, task }: { visit: Visit; task: Task }) {
  const { t, services, language, viewer } = visit
  const { clock, clockState, state } = task
  if (state === 'transferred' || state === 'withdrawn') return <>{t(`home-tasks.state.${state}`)}</>
  if (!clock || !clockState) return <>{t('home-tasks.no-term')}</>
  const reading = { services, t, language, zone: viewer.person.zone, now: services.clock.now() }
  return <ClockChip state={clockState} text={clockStateText(clock, reading)} />
}

/** A day, and an hour of it if one is meant. */
export function NamedMomentFields({
  visit: { t },
  value,
  error,
  required,
}: {
  visit: Visit
  value(name: string): string
  error(name: string): string | undefined
  required: boolean
}) {
  return (
    <>
      <Field
        name="dueOn"
        type="date"
        label={t('home-tasks.field.dueOn')}
        value={value('dueOn')}
        error={error('dueOn')}
        required={required}
      />
      <Field
        name="dueHour"
        type="time"
        label={t('home-tasks.field.dueHour')}
        hint={t('home-tasks.field.dueHour-hint')}
        value={value('dueHour')}
        error={error('dueHour')}
        required={false}
      />
    </>
  )
}

/** Links to forms of a task, for whoever may draft while it is open. */
export function Actions({
  visit: { t, viewer },
  task,
  forms,
  of,
  label,
}: Pick<TaskProps, 'visit' | 'task'> & { forms: readonly FormName[]; of?: string; label?: string }) {
  if (task.state !== 'open' || !viewer.may('incidents.tasks:draft')) return null
  return (
    <Row>
      {forms.map((name) => (
        <LinkButton
          key={name}
          plain
          href={`/home-tasks/${task.id}/form/${name}${of === undefined ? '' : `?of=${encodeURIComponent(of)}`}`}
          label={label ?? t(`home-tasks.form-title.${name}`)}
        />
      ))}
    </Row>
  )
}
