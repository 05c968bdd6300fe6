import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDuration, formatList } from '../../../text/index.ts'
import { Button, CheckboxGroup, Entry, Form, FormLine, Hidden, Section, TextArea } from '../../../web/index.ts'
import { type Returned, returnedTo } from '../../frame/index.ts'
import type { PlanService, ServiceStanding } from '../../preparedness/index.ts'
import type { Offered } from '../from-plan/planned-of.ts'
import type { Loaded } from '../load-page.ts'
import { inside } from './words.ts'

interface Props {
  visit: Visit
  loaded: Loaded
  offered: readonly Offered[]
  returned: Returned | undefined
}

/** Services that response plans at work in the incident name, to be made its recovery plan. */
export function FromPlanSection(props: Props) {
  const { t } = props.visit
  if (props.offered.length === 0) return null
  return (
    <Section title={t('recovery.from-plan.title')} id="from-plan">
      <p>{t('recovery.from-plan.lead')}</p>
      {props.offered.map((one) => (
        <FromPlanForm key={one.run.id} {...props} {...one} />
      ))}
    </Section>
  )
}

function FromPlanForm({ visit, loaded, run, services, returned }: Props & Offered) {
  const { t } = visit
  const mine = returned?.values.run === run.id ? returned : undefined
  const { value, values, error } = returnedTo(mine, 'from-plan')
  const [items, why] = [`items-${run.id}`, `why-${run.id}`]
  const chosen = services.flatMap(({ service, state }) => (state === 'open' ? [service.id] : []))
  return (
    <Entry>
      <FormLine>
        {t('preparedness.plan')} ·{' '}
        {run.version === undefined ? t('preparedness.unapproved') : t('preparedness.version', { number: run.version })}
      </FormLine>
      <h3>
        <a href={`/incidents/${run.incident}/plans/${run.id}#services`} dir="auto">
          {run.content.name}
        </a>
      </h3>
      <Form
        action={`/incidents/${loaded.incident.id}/recovery/from-plan`}
        label={t('recovery.from-plan.of', { name: run.content.name })}
      >
        <Hidden name="id" value={newId()} />
        <Hidden name="run" value={run.id} />
        <CheckboxGroup
          name={items}
          label={t('recovery.from-plan.items')}
          values={values(items, chosen)}
          error={error(items)}
          required={false}
          options={services.map((one) => ({
            value: one.service.id,
            label: inside(visit.language, one.service.name),
            hint: words(visit, loaded, { one, all: run.content.services }),
          }))}
        />
        <TextArea
          name={why}
          label={t('recovery.from-plan.why')}
          hint={t('recovery.from-plan.why-hint')}
          rows={2}
          value={value(why)}
          error={error(why)}
          required={false}
          maxlength={2_000}
        />
        <Button label={t('recovery.from-plan.take')} />
      </Form>
    </Entry>
  )
}

/** "Network desk · back within 4 hours · needs: Power". */
function words(
  { t, language }: Visit,
  { holder }: Loaded,
  { one: { service, state, mark }, all }: { one: ServiceStanding; all: readonly PlanService[] },
): string {
  const needs = service.needs.flatMap((id) => all.find((other) => other.id === id)?.name ?? [])
  return [
    inside(language, holder(service.owner) ?? t('recovery.owner-gone')),
    t(`recovery.priority.${service.priority}`),
    ...(service.rto === null
      ? []
      : [t('recovery.from-plan.within', { duration: formatDuration(service.rto * 60_000, language) })]),
    ...(needs.length === 0
      ? []
      : [
          t('recovery.from-plan.needs', {
            names: formatList(
              needs.map((name) => inside(language, name)),
              language,
            ),
          }),
        ]),
    ...(state === 'otherwise' && mark ? [t('recovery.from-plan.left', { why: inside(language, mark.words) })] : []),
  ].join(' · ')
}
