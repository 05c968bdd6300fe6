import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatDateTime } from '../../../text/index.ts'
import { Details, Entry, Pairs, Quiet, Section } from '../../../web/index.ts'
import type { NotedRelation } from '../relation.ts'

/** Our relation as it stands, and what was noted before. */
export function RelationSection({ visit, relations }: { visit: Visit; relations: NotedRelation[] }) {
  const { t } = visit
  const [current, ...earlier] = relations
  return (
    <Section title={t('directory.relation.heading')} id="relation">
      <Quiet>{t('directory.relation.at-home')}</Quiet>
      {current ? <NotedEntry visit={visit} noted={current} /> : <p>{t('directory.relation.nothing')}</p>}
      {earlier.length > 0 && (
        <Details summary={t('directory.relation.earlier', { count: earlier.length })}>
          {earlier.map((noted, index) => (
            <NotedEntry key={index} visit={visit} noted={noted} />
          ))}
        </Details>
      )}
    </Section>
  )
}

function NotedEntry({ visit, noted }: { visit: Visit; noted: NotedRelation }) {
  const { t, language, viewer, services } = visit
  const { relation, protecting, level, recalled, recalledOn, displayName, note } = noted
  const names = [...new Set(Object.values(displayName))]
  return (
    <Entry
      margin={
        <Pairs
          items={[
            { term: t('directory.relation.noted-by'), detail: noted.by },
            {
              term: t('common.time'),
              detail: formatDateTime(noted.at, viewer.person.zone, language, { short: true }),
            },
          ]}
        />
      }
    >
      <p>{relation ? t(`directory.relation.is.${relation}`) : t('directory.relation.is.not-noted')}</p>
      <Pairs
        items={[
          protecting !== undefined && {
            term: t('directory.relation.protecting'),
            detail: services.nameOf(protecting, language),
          },
          level && { term: t('directory.relation.level'), detail: t(`directory.relation.at-level.${level}`) },
          recalled && {
            term: t('directory.relation.recalled'),
            detail: t('directory.relation.since', { date: dateText(recalledOn, language) }),
          },
          names.length > 0 && {
            term: t('directory.relation.display-name'),
            detail: names.map((name, index) => [index > 0 && ' · ', <bdi key={name}>{name}</bdi>]),
          },
          note !== undefined && {
            term: t('directory.relation.note'),
            detail: <span dir="auto">{note}</span>,
          },
        ]}
      />
    </Entry>
  )
}

/** A day of the calendar, the same in every zone. */
function dateText(day: string | undefined, language: string): string {
  if (day === undefined) return ''
  return formatDate(Temporal.PlainDate.from(day).toZonedDateTime('UTC').epochMilliseconds, 'UTC', language)
}
