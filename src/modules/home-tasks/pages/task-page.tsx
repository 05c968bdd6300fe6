import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate } from '../../../text/index.ts'
import { ButtonForm, LinkButton, LiveRegion, PageHead, Pairs, Paper, Quiet, Section } from '../../../web/index.ts'
import { DatedNote, Framed, type Returned, WhatIsWrong } from '../../frame/index.ts'
import type { LoadedTaskPage } from '../load-task-page.ts'
import type { Task } from '../read-tasks.ts'
import { factLines } from '../task-sheet.ts'
import { ClearanceSection } from './clearance-section.tsx'
import { DrawnSection } from './drawn-section.tsx'
import { EndSection } from './end-section.tsx'
import { History } from './history.tsx'
import { turnOf } from './list-page.tsx'
import { PartsSection } from './parts-section.tsx'
import { Actions, Standing } from './parts.tsx'
import { TextSection } from './text-section.tsx'

export interface TaskProps {
  visit: Visit
  task: Task
  loaded: LoadedTaskPage
  returned?: Returned
}

/** One question, request or brief: what was asked, by when, what is said, from what, who cleared it, how it ended. */
export function TaskPage(props: TaskProps) {
  const { visit, task, loaded, returned } = props
  const { t } = visit
  return (
    <Framed
      visit={visit}
      title={`${task.reference} · ${task.title}`}
      current="/home-tasks"
      marking={{ tlp: task.marking }}
    >
      <PageHead
        form={
          <>
            {t(`home-tasks.kind.${task.kind}`)} · <bdi>{task.reference}</bdi> · {turnOf(visit, task)}
          </>
        }
        title={<span dir="auto">{task.title}</span>}
        actions={<LinkButton plain href={`/home-tasks/${task.id}/pdf`} label={t('home-tasks.sheet.action')} />}
      />
      <p>
        <a href="/home-tasks">{t('home-tasks.back')}</a>
      </p>
      <WhatIsWrong returned={returned} />
      <LiveRegion topic={`home-task:${task.id}`} id="standing">
        <p>
          <Standing visit={visit} task={task} />
        </p>
      </LiveRegion>
      <Asked {...props} />
      <TextSection {...props} />
      {task.kind === 'access' && <PartsSection {...props} />}
      <DrawnSection {...props} />
      <ClearanceSection {...props} />
      <EndSection {...props} />
      <History {...props} />
      <DatedNote visit={visit} files={[loaded.rules, ...(task.kind === 'access' ? [loaded.grounds] : [])]} />
    </Framed>
  )
}

function Asked({ visit, task, loaded }: TaskProps) {
  const { t, language } = visit
  const term = loaded.rules.content.terms.find(({ id }) => id === task.term)
  return (
    <Section title={t(`home-tasks.asked.${task.kind}`)} id="asked">
      <Paper>
        <p dir="auto">{task.asked}</p>
      </Paper>
      <Pairs
        items={[
          ...factLines(visit, task).map(([name, value]) => ({ term: name, detail: <bdi>{value}</bdi> })),
          task.kind === 'access' && {
            term: t('home-tasks.field.applicant'),
            detail: loaded.applicant ? (
              <bdi>{[loaded.applicant.name, loaded.applicant.contact].filter(Boolean).join(' · ')}</bdi>
            ) : (
              t('home-tasks.applicant-kept')
            ),
          },
          term && {
            term: t('home-tasks.field.term'),
            detail: `${named(term.names, language)} · ${term.law}${term.unconfirmed ? ` · ${t('dated-data.unconfirmed')}` : ''}`,
          },
          {
            term: t('home-tasks.field.person'),
            detail: task.assigned ? <bdi>{loaded.nameOf(task.assigned)}</bdi> : t('home-tasks.turn.assign'),
          },
        ]}
      />
      <Actions {...{ visit, task, loaded }} forms={['assign', 'link']} />
      <Links {...{ visit, task, loaded }} />
    </Section>
  )
}

/** Incidents it is about, as far as this person may know of them. */
function Links({ visit: { t, viewer, language }, task, loaded }: TaskProps) {
  const mayChange = task.state === 'open' && viewer.may('incidents.tasks:draft')
  const opened = formatDate(task.openedAt, viewer.person.zone, language)
  return (
    <>
      <h3>{t('home-tasks.links.title')}</h3>
      {task.links.length === 0 && <Quiet>{t('home-tasks.links.none')}</Quiet>}
      <ul>
        {task.links.map(({ incident, of }) => (
          <li key={incident}>
            <a href={`/incidents/${incident}`}>
              <bdi>{of.codeName}</bdi> · <span dir="auto">{of.title}</span>
            </a>{' '}
            {mayChange && (
              <ButtonForm
                plain
                action={`/home-tasks/${task.id}/link`}
                label={t('home-tasks.links.untie', { name: of.codeName })}
                fields={{ id: newId(), incident, linked: 'no' }}
              />
            )}
          </li>
        ))}
      </ul>
      <Quiet small>{t('home-tasks.opened', { name: loaded.nameOf(task.openedBy), date: opened })}</Quiet>
    </>
  )
}
