import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatNumber } from '../../../text/index.ts'
import { Quiet, Section, Table } from '../../../web/index.ts'
import type { WhatOthersDid } from '../../published-incidents/index.ts'

const mostShown = 15

/** Which responses a data set has recorded, with its n and what it cannot show; nothing where none was imported. */
export function OthersSection({ visit, others }: { visit: Visit; others: WhatOthersDid }) {
  const { t, language, viewer } = visit
  if (!others.imported)
    return (
      <Section title={t('response.others.title')} id="others">
        <Quiet>{t('response.others.none')}</Quiet>
      </Section>
    )
  const { incidents, answered, responses, unusable } = others
  const number = (n: number) => formatNumber(n, language)
  return (
    <Section title={t('response.others.title')} id="others">
      <p>
        {t('response.others.counted', {
          incidents,
          any: answered.any,
          political: answered.political,
          legal: answered.legal,
        })}
      </p>
      <p>{t(others.bias)}</p>
      <Table
        caption={t('response.others.recorded')}
        numeric={[1]}
        head={[t('response.others.kind'), t('response.others.count')]}
        rows={responses
          .slice(0, mostShown)
          .map(({ type, subtype, n }) => [
            [t(`published-incidents.response.${type}`), subtype].filter(Boolean).join(' · '),
            number(n),
          ])}
      />
      <Quiet small>
        {t('response.others.source', {
          set: others.set,
          edition: others.edition,
          licence: others.licence,
          date: formatDate(others.importedAt, viewer.person.zone, language),
          unusable,
          more: Math.max(0, responses.length - mostShown),
        })}
      </Quiet>
    </Section>
  )
}
