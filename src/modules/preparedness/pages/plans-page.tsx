import type { Visit } from '../../../core/module/types.ts'
import { Entry, FormLine, LinkButton, Quiet, TlpLabel } from '../../../web/index.ts'
import type { ListedPlan } from '../plan/read-plans.ts'
import { PlanFrame } from './parts.tsx'

/** Every response plan this person may read. */
export function PlansPage({ visit, plans }: { visit: Visit; plans: readonly ListedPlan[] }) {
  const { t, viewer } = visit
  return (
    <PlanFrame
      visit={visit}
      title={t('preparedness.title')}
      lead={t('preparedness.lead')}
      actions={viewer.may('incidents:draft') && <LinkButton href="/plans/write" label={t('preparedness.begin')} />}
    >
      {plans.length === 0 && <Quiet>{t('preparedness.none-yet')}</Quiet>}
      {plans.map(({ id, inForce, pending, latest }) => (
        <Entry key={id} margin={<TlpLabel marking={{ tlp: latest.marking }} />}>
          <FormLine>
            {inForce
              ? t(inForce.content.isInUse ? 'preparedness.in-force' : 'preparedness.out-of-use', {
                  number: inForce.number,
                })
              : t('preparedness.not-in-force')}
            {inForce && pending && ` · ${t('preparedness.next-written')}`}
          </FormLine>
          <h2>
            <a href={`/plans/${id}`} dir="auto">
              {(inForce ?? latest).content.name}
            </a>
          </h2>
          <p dir="auto">{(inForce ?? latest).content.purpose}</p>
        </Entry>
      ))}
    </PlanFrame>
  )
}
