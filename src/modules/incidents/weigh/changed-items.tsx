import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import type { Affected } from './affected.ts'
import type { Changed } from './rests-on.ts'

/** What became of items since something was rested on them, without a word of theirs. */
export function ChangedItems({ visit, changed }: { visit: Visit; changed: readonly Changed[] }) {
  const { t, language, viewer } = visit
  if (changed.length === 0) return null
  return (
    <ul>
      {changed.map(({ id, number, fate, at }) => (
        <li key={`${id} ${fate}`}>
          {t(`weighing.fate.${fate}`, {
            number,
            day: at === undefined ? '' : formatDate(at, viewer.person.zone, language),
          })}
        </li>
      ))}
    </ul>
  )
}

/** Stands beside an assessment whose items changed, and leads to what did. */
export function AffectedFlag({ visit, affected }: { visit: Visit; affected?: Affected }) {
  if (!affected) return null
  const { t } = visit
  const { incident, assessment, changed, isUnseen } = affected
  return (
    <p>
      <strong>{t('weighing.affected.flag', { count: new Set(changed.map(({ id }) => id)).size })}</strong>{' '}
      <a href={`/incidents/${incident}/assessments/${assessment}#rests-on`}>
        {t(isUnseen ? 'weighing.affected.unseen' : 'weighing.affected.seen')}
      </a>
    </p>
  )
}
