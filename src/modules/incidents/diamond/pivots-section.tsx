import { Quiet, Section, Table } from '../../../web/index.ts'
import type { DiamondProps } from './diamond-props.ts'
import { ItemWords } from './placing-parts.tsx'

/** Other incidents that share what stands at a corner; no more than where to look next. */
export function PivotsSection({ visit, pivots }: DiamondProps) {
  const { t } = visit
  return (
    <Section title={t('diamond.pivots')} id="pivots">
      <Quiet>{t('diamond.pivots-method')}</Quiet>
      {pivots.length === 0 ? (
        <p>{t('diamond.no-pivots')}</p>
      ) : (
        <Table
          cards
          caption={t('diamond.pivots')}
          quietCaption
          head={[t('diamond.stands'), t('diamond.shared-by'), t('diamond.shares')]}
          rows={pivots.flatMap(({ item, incidents, more }) => [
            ...incidents.map(({ id, reference, codeName, title, by }) => [
              <ItemWords visit={visit} item={item} />,
              <a href={`/incidents/${id}`}>
                {reference} · <bdi>{codeName}</bdi>: <bdi>{title}</bdi>
              </a>,
              t(`diamond.by.${by}`),
            ]),
            ...(more ? [[<ItemWords visit={visit} item={item} />, t('diamond.more-incidents'), '–']] : []),
          ])}
        />
      )}
    </Section>
  )
}
