import type { DatedData, DatedHead } from '../../core/dated-data/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { formatDate } from '../../text/index.ts'
import { Details, FormLine } from '../../web/index.ts'

/** From when the rules of a page are, where they come from, whose file stands, and whether anybody confirmed them. */
export function DatedNote({
  visit: { t, language },
  files,
}: {
  visit: Pick<Visit, 't' | 'language'>
  files: readonly DatedData<DatedHead>[]
}) {
  const unconfirmed = files.some(({ content }) => content.unconfirmed)
  return (
    <Details summary={t(unconfirmed ? 'dated-data.rules-unconfirmed' : 'dated-data.rules')}>
      {files.map(({ content, own, path }) => (
        <div key={path}>
          <FormLine>
            {t('dated-data.of', {
              date: formatDate(Date.parse(content.dated), 'UTC', language),
              own: own ? 'yes' : 'no',
            })}
          </FormLine>
          <p dir="auto" lang="en">
            {content.source}
          </p>
          {content.unconfirmed && <p>{t('dated-data.unconfirmed')}</p>}
          <p class="quiet small">{t('dated-data.replace', { path: `rules/${path}` })}</p>
        </div>
      ))}
    </Details>
  )
}
