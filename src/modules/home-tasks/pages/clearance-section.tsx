import { newId } from '../../../protocol/index.ts'
import { formatDate, formatDateTime } from '../../../text/index.ts'
import { ButtonForm, LinkButton, Quiet, Section } from '../../../web/index.ts'
import { barTo } from '../end-task.ts'
import { powerOf } from '../kinds.ts'
import { Actions } from './parts.tsx'
import type { TaskProps } from './task-page.tsx'

/** Who has to look at it, in order; each another person, and none who wrote in it. */
export function ClearanceSection({ visit, task, loaded }: TaskProps) {
  const { t, viewer, language } = visit
  const answered = task.steps.find(({ kind }) => kind === 'answered')
  const bar = barTo(viewer, task)
  const stage = task.nextStage ?? task.stages.at(-1)
  const maySendBack =
    task.state === 'open' && task.texts.length > 0 && stage !== undefined && viewer.may(powerOf[stage])
  const wasCleared = task.steps.some(({ kind, facts }) => kind === 'cleared' && facts.as !== task.as)
  return (
    <Section title={t('home-tasks.clearance.title')} id="clearance">
      <ol>
        {task.stages.map((one) => {
          const found = task.cleared.find((cleared) => cleared.stage === one)
          return (
            <li key={one}>
              {found
                ? t('home-tasks.cleared-by', {
                    stage: t(`home-tasks.stage.${one}`),
                    name: loaded.nameOf(found.by),
                    time: formatDateTime(found.at, viewer.person.zone, language),
                  })
                : t('home-tasks.not-cleared-by', { stage: t(`home-tasks.stage.${one}`) })}
            </li>
          )
        })}
      </ol>
      <Legal {...{ visit, task, loaded }} />
      {!answered && wasCleared && <p>{t('home-tasks.clearance.void')}</p>}
      {task.state === 'open' && task.nextStage !== undefined && bar === undefined && (
        <ButtonForm
          action={`/home-tasks/${task.id}/clear`}
          label={t('home-tasks.clearance.clear', { stage: t(`home-tasks.stage.${task.nextStage}`) })}
          fields={{ id: newId(), stage: task.nextStage, seen: task.as }}
        />
      )}
      {task.state === 'open' && bar !== undefined && bar !== 'not-yours' && (
        <Quiet>{t(`refusal.home-tasks.bar.${bar}`)}</Quiet>
      )}
      {maySendBack && (
        <LinkButton plain href={`/home-tasks/${task.id}/form/send-back`} label={t('home-tasks.form-title.send-back')} />
      )}
    </Section>
  )
}

/** Why a legal adviser looks at it, where the order of its kind does not say so; and that nobody here could. */
function Legal({ visit, task, loaded }: TaskProps) {
  const { t, viewer, language } = visit
  const { legal } = task
  const day = (date: string) => formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', language)
  const waits = task.state === 'open' && task.stages.includes('legal')
  return (
    <>
      {legal?.since !== undefined && <Quiet>{t('home-tasks.legal.rule', { day: day(legal.since) })}</Quiet>}
      {legal?.asked && (
        <p>
          {t('home-tasks.legal.asked', {
            name: loaded.nameOf(legal.asked.by),
            time: formatDateTime(legal.asked.at, viewer.person.zone, language),
          })}{' '}
          <bdi>{legal.asked.reason}</bdi>
        </p>
      )}
      {waits && !loaded.hasAdviser && (
        <p>
          <strong>{t('home-tasks.legal.nobody')}</strong>
        </p>
      )}
      {!task.stages.includes('legal') && loaded.hasAdviser && <Actions {...{ visit, task }} forms={['legal']} />}
    </>
  )
}
