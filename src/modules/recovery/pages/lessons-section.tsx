import type { Visit } from '../../../core/module/types.ts'
import { Quiet, Section, Table } from '../../../web/index.ts'
import type { Lessons } from '../lessons/read-lessons.ts'
import type { Loaded } from '../load-page.ts'
import { dueDay, lessonState } from './lesson-words.ts'

/** Lessons of the recovery, and the way to write one. */
export function LessonsSection({ visit, loaded, lessons }: { visit: Visit; loaded: Loaded; lessons: Lessons }) {
  const { t, viewer } = visit
  const path = `/incidents/${loaded.incident.id}/recovery/lessons`
  return (
    <Section title={t('recovery.lesson.title')} id="lessons">
      <LessonTable visit={visit} loaded={loaded} lessons={lessons} />
      {viewer.may('incidents:draft') && (
        <p>
          <a href={path}>{t('recovery.lesson.write')}</a>
        </p>
      )}
    </Section>
  )
}

export function LessonTable({ visit, loaded, lessons: { lessons, withheld } }: Parameters<typeof LessonsSection>[0]) {
  const { t } = visit
  return (
    <>
      {lessons.length === 0 ? (
        <Quiet>{t('recovery.lesson.none')}</Quiet>
      ) : (
        <Table
          caption={t('recovery.lesson.caption')}
          cards
          head={[
            t('recovery.field.change'),
            t('recovery.field.owner'),
            t('recovery.field.due'),
            t('recovery.lesson.became'),
          ]}
          rows={lessons.map((one) => [
            <a href={`/incidents/${one.incident}/recovery/lessons/${one.id}`}>
              <bdi>{one.content.change}</bdi>
            </a>,
            <bdi>{loaded.holder(one.content.owner) ?? t('recovery.owner-gone')}</bdi>,
            dueDay(visit, one),
            one.isOverdue ? <strong>{lessonState(visit, one)}</strong> : lessonState(visit, one),
          ])}
        />
      )}
      {withheld > 0 && <Quiet>{t('recovery.withheld.lessons', { count: withheld })}</Quiet>}
    </>
  )
}
