import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { LinkButton, LiveRegion, PageHead, Quiet, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { type TaskKind, taskKinds } from '../kinds.ts'
import type { Task } from '../read-tasks.ts'
import { Standing } from './parts.tsx'

/** What parliament, citizens and ministers asked: kind, whose turn it is, and by when. */
export function ListPage({
  visit,
  tasks,
  asked,
}: {
  visit: Visit
  tasks: readonly Task[]
  asked: { all: boolean; kind?: TaskKind }
}) {
  const { t, viewer, language } = visit
  const link = (more: Record<string, string | undefined>) =>
    `/home-tasks?${new URLSearchParams(Object.entries(more).flatMap(([name, value]) => (value ? [[name, value]] : [])))}`
  const narrowing: Record<string, string> = asked.kind ? { kind: asked.kind } : {}
  return (
    <Framed visit={visit} title={t('home-tasks.title')} current="/home-tasks">
      <PageHead
        title={t('home-tasks.title')}
        lead={t('home-tasks.lead')}
        actions={
          viewer.may('incidents.tasks:draft') &&
          taskKinds.map((kind) => (
            <LinkButton key={kind} plain href={`/home-tasks/open?kind=${kind}`} label={t(`home-tasks.open.${kind}`)} />
          ))
        }
      />
      <nav class="row" aria-label={t('home-tasks.narrow')}>
        {[undefined, ...taskKinds].map((kind) => (
          <a
            key={kind ?? 'every'}
            href={link({ ...(kind && { kind }), ...(asked.all && { state: 'all' }) })}
            aria-current={kind === asked.kind ? 'true' : undefined}
          >
            {kind ? t(`home-tasks.kind.${kind}`) : t('home-tasks.every')}
          </a>
        ))}
        <a href={link(asked.all ? narrowing : { ...narrowing, state: 'all' })}>
          {t(asked.all ? 'home-tasks.only-open' : 'home-tasks.with-ended')}
        </a>
      </nav>
      <LiveRegion topic="home-tasks" id="home-tasks">
        {tasks.length === 0 ? (
          <Quiet>{t('home-tasks.none')}</Quiet>
        ) : (
          <Table
            cards
            caption={t('home-tasks.title')}
            quietCaption
            head={['task', 'kind', 'received', 'turn', 'due'].map((one) => t(`home-tasks.column.${one}`))}
            rows={tasks.map((task) => [
              <a key="task" href={`/home-tasks/${task.id}`}>
                <bdi>{task.reference}</bdi> · <span dir="auto">{task.title}</span>
              </a>,
              t(`home-tasks.kind.${task.kind}`),
              formatDate(Date.parse(task.receivedOn), 'UTC', language),
              turnOf(visit, task),
              <Standing key="due" visit={visit} task={task} />,
            ])}
          />
        )}
      </LiveRegion>
    </Framed>
  )
}

/** Whose turn it is. */
export function turnOf({ t }: Visit, task: Task): string {
  if (task.state !== 'open') return t(`home-tasks.state.${task.state}`)
  if (task.assigned === undefined) return t('home-tasks.turn.assign')
  if (task.texts.length === 0) return t('home-tasks.turn.write')
  if (task.drawn.some(({ isFlagged }) => isFlagged)) return t('home-tasks.turn.flagged')
  return task.nextStage === undefined ? t('home-tasks.turn.answer') : t(`home-tasks.turn.${task.nextStage}`)
}
