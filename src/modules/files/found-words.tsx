import type { Finding, Format } from '../../core/attachments/index.ts'
import type { Translate } from '../../text/index.ts'

/** What was found, a line each. */
export function Found({ findings, t }: { findings: readonly Finding[]; t: Translate }) {
  if (findings.length === 0) return <p class="small">{t('files.found.nothing')}</p>
  return (
    <ul class="small">
      {findings.map((one) => (
        <li key={`${one.code}${one.at ?? ''}`}>
          {foundText(one, t)}
          {one.detail !== undefined && one.detail !== '' && !isFormat(one) && (
            <>
              {' '}
              <bdi>{one.detail}</bdi>
            </>
          )}
          {one.at !== undefined && (
            <>
              {' '}
              <bdi>
                <code>{one.at}</code>
              </bdi>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Findings whose detail names a format, which the sentence says in words. */
const isFormat = ({ code }: Finding): boolean =>
  ['active', 'said-otherwise', 'archive-other', 'image-other', 'office-old', 'rich-text'].includes(code)

function foundText(one: Finding, t: Translate): string {
  return t(`files.found.${one.code}`, {
    count: one.count ?? 1,
    format: isFormat(one) ? formatText(one.detail as Format, t) : '',
  })
}

export const formatText = (format: Format | null, t: Translate): string => t(`files.format.${format ?? 'unknown'}`)
