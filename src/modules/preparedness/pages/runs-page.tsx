import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Details, Entry, Form, FormLine, Hidden, Quiet, Section, TextArea } from '../../../web/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import type { ListedPlan } from '../plan/read-plans.ts'
import type { Run } from '../run/read-runs.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { runVersion } from './parts.tsx'
import { AnnexBoxes } from './write-pages.tsx'

interface Props {
  visit: Visit
  incident: Incident
  runs: readonly Run[]
  /** Plans that do not run here: those in force, and those that nobody approved yet. */
  offered: {
    suggested: readonly ListedPlan[]
    others: readonly ListedPlan[]
    unapproved: readonly ListedPlan[]
    isAssessed: boolean
  }
  returned?: Returned
}

/** Plans of an incident: those that run, those its severity suggests, and all others. */
export function RunsPage(props: Props) {
  const { visit, incident, runs, offered, returned } = props
  const { t, viewer } = visit
  const { suggested, others, unapproved, isAssessed } = offered
  const mayStart = incident.state !== 'closed' && viewer.may('incidents:draft')
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('preparedness.room.label')}
      lead={t('preparedness.runs.lead')}
    >
      <WhatIsWrong returned={returned} />
      {runs.length > 0 && (
        <Section title={t('preparedness.runs.running')} id="running">
          {runs.map((run) => (
            <Entry key={run.id}>
              <FormLine>
                {incident.drill && `${t('preparedness.figures.drill')} · `}
                {runVersion(visit, run)}
              </FormLine>
              <h3>
                <a href={`/incidents/${incident.id}/plans/${run.id}`} dir="auto">
                  {run.content.name}
                </a>
              </h3>
              <p>{countWords(visit, run)}</p>
            </Entry>
          ))}
        </Section>
      )}
      {mayStart && (
        <>
          <Section title={t('preparedness.runs.suggested')} id="suggested">
            {suggested.length === 0 && (
              <Quiet>{t(isAssessed ? 'preparedness.runs.none-fits' : 'preparedness.runs.no-severity')}</Quiet>
            )}
            {suggested.map((plan) => (
              <StartForm key={plan.id} {...props} plan={plan} />
            ))}
          </Section>
          {others.length > 0 && (
            <Details summary={t('preparedness.runs.others')} open={returned?.form === 'start'}>
              {others.map((plan) => (
                <StartForm key={plan.id} {...props} plan={plan} />
              ))}
            </Details>
          )}
          {unapproved.length > 0 && viewer.may('preparedness.emergency:release') && (
            <Details
              summary={t('preparedness.emergency.offer', { count: unapproved.length })}
              open={returned?.form === 'emergency'}
            >
              <p>{t('preparedness.emergency.lead')}</p>
              {unapproved.map((plan) => (
                <EmergencyForm key={plan.id} {...props} plan={plan} />
              ))}
            </Details>
          )}
        </>
      )}
      <p>
        <a href="/plans">{t('preparedness.back')}</a>
      </p>
    </RecordFrame>
  )
}

/** "3 of 8 steps open, 1 overdue". */
export const countWords = ({ t }: Visit, { steps }: Run): string =>
  t('preparedness.runs.count', {
    open: steps.filter(({ state }) => state === 'open').length,
    all: steps.length,
    overdue: steps.filter(({ clockState }) => clockState === 'overdue').length,
  })

function StartForm({ visit, incident, plan, returned }: Props & { plan: ListedPlan }) {
  const { t } = visit
  const { inForce } = plan
  if (!inForce) return null
  return (
    <Entry>
      <h3>
        <a href={`/plans/${plan.id}`} dir="auto">
          {inForce.content.name}
        </a>
      </h3>
      <p dir="auto">{inForce.content.purpose}</p>
      <Form
        action={`/incidents/${incident.id}/plans`}
        id={`start-${plan.id}`}
        label={t('preparedness.runs.start-named', { name: inForce.content.name })}
      >
        <Hidden name="id" value={newId()} />
        <Hidden name="plan" value={plan.id} />
        <Hidden name="version" value={inForce.number} />
        <AnnexBoxes
          visit={visit}
          content={inForce.content}
          name={`annexes-${plan.id}`}
          values={returnedTo(returned, 'start').values(`annexes-${plan.id}`)}
        />
        <Button label={t('preparedness.runs.start', { number: inForce.number })} />
      </Form>
    </Entry>
  )
}

/** Starts a plan as it was written, though nobody approved it: with a reason that stays. */
function EmergencyForm({ visit, incident, plan, returned }: Props & { plan: ListedPlan }) {
  const { t } = visit
  const { latest } = plan
  const back = returnedTo(returned?.values.plan === plan.id ? returned : undefined, 'emergency')
  const [annexes, reason] = [`annexes-${plan.id}`, `reason-${plan.id}`]
  return (
    <Entry>
      <FormLine>{t('preparedness.unapproved')}</FormLine>
      <h3>
        <a href={`/plans/${plan.id}`} dir="auto">
          {latest.content.name}
        </a>
      </h3>
      <p dir="auto">{latest.content.purpose}</p>
      <Form
        action={`/incidents/${incident.id}/plans/emergency`}
        id={`emergency-${plan.id}`}
        label={t('preparedness.runs.start-named', { name: latest.content.name })}
      >
        <Hidden name="id" value={newId()} />
        <Hidden name="plan" value={plan.id} />
        <Hidden name="seen" value={latest.id} />
        <AnnexBoxes visit={visit} content={latest.content} name={annexes} values={back.values(annexes)} />
        <TextArea
          name={reason}
          label={t('preparedness.emergency.reason')}
          rows={2}
          value={back.value(reason)}
          error={back.error(reason)}
          required
          maxlength={2000}
        />
        <Button danger label={t('preparedness.emergency.start')} />
      </Form>
    </Entry>
  )
}
