import type { Visit } from '../../../../core/module/types.ts'
import { Quiet, Table } from '../../../../web/index.ts'
import type { Difference } from '../compare.ts'
import type { Listed, ListedField, Problem } from '../listed-contact.ts'

/** Name of a field as the forms call it. */
export function fieldName(field: ListedField, t: Visit['t']): string {
  if (field === 'party') return t('directory.now.party')
  if (field === 'zone' || field === 'languages' || field === 'hours') return t(`directory.${field}`)
  return field === 'id' ? t('directory.lists.id') : t(`directory.contact.${field}`)
}

/** "Duty desk · Technical point of contact · Borovia". */
export function Heading({ visit, contact }: { visit: Visit<any>; contact: Listed }) {
  const { t, language, services } = visit
  const { party, kind, post, name, email } = contact
  return (
    <>
      <bdi>{post ?? name ?? email ?? party}</bdi>
      {kind && ` · ${t(`directory.kind.${kind}`)}`}
      {' · '}
      <bdi>{services.nameOf(party, language)}</bdi>
    </>
  )
}

/** Numbers and addresses run from left to right in every language. */
export function directionOf(field: ListedField): 'ltr' | 'auto' {
  return field === 'telephone' || field === 'emergency' || field === 'email' ? 'ltr' : 'auto'
}

/** Field by field: before and after, with a dash where nothing is said. */
export function DifferenceTable({
  visit: { t },
  differences,
  head,
}: {
  visit: Visit<any>
  differences: readonly Difference[]
  head: readonly [string, string]
}) {
  return (
    <Table
      caption={t('directory.lists.differences')}
      quietCaption
      head={[t('directory.lists.field'), ...head]}
      rows={differences.map(({ field, before, after }) => [
        fieldName(field, t),
        before === undefined ? '–' : <bdi dir={directionOf(field)}>{before}</bdi>,
        after === undefined ? '–' : <bdi dir={directionOf(field)}>{after}</bdi>,
      ])}
    />
  )
}

/** Lines that could not be read, each with its number and why. */
export function ProblemList({ visit: { t }, problems }: { visit: Visit<any>; problems: readonly Problem[] }) {
  if (problems.length === 0) return <Quiet>{t('directory.lists.all-read')}</Quiet>
  return (
    <ul>
      {problems.map(({ line, reason, field }) => (
        <li key={`${line} ${reason}`}>
          {t('directory.lists.line', { line })}{' '}
          {t(`directory.lists.reason.${reason}`, { field: field ? fieldName(field, t) : '' })}
        </li>
      ))}
    </ul>
  )
}
