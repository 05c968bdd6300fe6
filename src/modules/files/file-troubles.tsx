import type { Visit } from '../../core/module/types.ts'
import { Trouble } from '../../web/index.ts'
import type { FileTrouble } from './troubles.ts'

interface FileTroublesProps {
  visit: Pick<Visit, 'services' | 't' | 'language'>
  troubles: readonly FileTrouble[]
  /** Where they are decided, while they can be. */
  files?: string
}

/** Files that nobody decided on, or that not every reader may have: nothing is handed on before. */
export function FileTroubles({ visit: { services, t, language }, troubles, files }: FileTroublesProps) {
  if (troubles.length === 0) return null
  return (
    <Trouble
      title={t('files.trouble.title')}
      what={
        <ul>
          {troubles.map(({ key, facts: { name, party } }) => (
            <li key={`${name} ${party ?? ''}`}>
              <bdi>{name}</bdi>: {t(key, { party: party === undefined ? '' : services.nameOf(party, language) })}
            </li>
          ))}
        </ul>
      }
      do={files !== undefined && <a href={files}>{t('files.trouble.go')}</a>}
    />
  )
}
