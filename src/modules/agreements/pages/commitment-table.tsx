import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { Table } from '../../../web/index.ts'
import { normTitle } from '../norms.ts'
import type { Commitment } from '../queries.ts'

/** Commitments in force: what, on which norm, who owes it, by when, how far. */
export function CommitmentTable({ visit, commitments }: { visit: Visit; commitments: Commitment[] }) {
  const { t, language, services } = visit
  return (
    <Table
      caption={t('agreements.commitments')}
      quietCaption
      head={[
        t('agreements.commitment.what'),
        t('agreements.commitment.norm'),
        t('agreements.commitment.owner'),
        t('agreements.commitment.due'),
        t('agreements.commitment.state'),
      ]}
      rows={commitments.map((one) => [
        <a key="what" dir="auto" href={actHref(one.space, one.proposal)}>
          {one.text?.[language] ?? Object.values(one.text ?? {})[0] ?? t('agreements.withheld')}
        </a>,
        `13 (${one.norm}) ${normTitle(one.norm, language)}`,
        services.nameOf(one.owner, language),
        formatDate(Date.parse(`${one.due}T12:00:00Z`), one.zone, language),
        t(`agreements.commitment.${one.state}`),
      ])}
    />
  )
}
