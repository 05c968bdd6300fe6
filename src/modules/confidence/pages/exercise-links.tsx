import type { Visit } from '../../../core/module/types.ts'

interface Props {
  visit: Visit
  path: string
  drill?: string
  drills: string[]
}

/** What happened in exercises counts for nothing outside of them: it is shown apart. */
export function ExerciseLinks({ visit, path, drill, drills }: Props) {
  const { t } = visit
  const others = drills.filter((name) => name !== drill)
  if (drill === undefined && others.length === 0) return null
  return (
    <p class="quiet">
      {drill !== undefined && (
        <>
          {t('confidence.in-exercise', { name: drill })} <a href={path}>{t('confidence.outside')}</a>{' '}
        </>
      )}
      {others.map((name) => (
        <span key={name}>
          <a href={`${path}?drill=${encodeURIComponent(name)}`}>{t('confidence.see-exercise', { name })}</a>{' '}
        </span>
      ))}
    </p>
  )
}
