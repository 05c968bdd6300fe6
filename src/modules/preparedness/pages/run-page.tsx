import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  ClockChip,
  Details,
  Entry,
  Form,
  FormLine,
  Hidden,
  LinkButton,
  LiveRegion,
  Pairs,
  Quiet,
  Section,
  Select,
  Table,
  TextArea,
  Time,
} from '../../../web/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import { clockStateText } from '../../spaces/index.ts'
import { mayBeUsed, type TextClearance } from '../plan/clear-text.ts'
import type { PlanText } from '../plan/content.ts'
import type { Names } from '../plan/load-names.ts'
import type { AssignedRole, Run, StepStanding } from '../run/read-runs.ts'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { holderWords, termWords } from './parts.tsx'
import { ContactLine, PlanContentView } from './plan-content.tsx'
import { countWords } from './runs-page.tsx'

export interface RunProps {
  visit: Visit
  incident: Incident
  run: Run
  names: Names
  clearances: ReadonlyMap<string, TextClearance>
  /** Spaces of the incident in which something can be drafted. */
  spaces: { id: string; title: string }[]
  returned?: Returned
}

/** A plan at work in one incident: its checklist, who does what, and what is overdue. */
export function RunPage(props: RunProps) {
  const { visit, incident, run, returned } = props
  const { t, viewer, language } = visit
  const mayWrite = incident.state !== 'closed' && viewer.may('incidents:draft')
  const at = `/incidents/${incident.id}/plans/${run.id}`
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={run.content.name}
      lead={t('preparedness.run.lead', { number: run.version })}
      actions={<LinkButton plain href={`${at}/review`} label={t('preparedness.review.title')} />}
    >
      <WhatIsWrong returned={returned} />
      {incident.drill && <p class="box leaves">{t('preparedness.run.exercise')}</p>}
      <LiveRegion topic={`incident:${incident.id}`} id="run">
        <Pairs
          items={[
            {
              term: t('preparedness.run.started'),
              detail: (
                <>
                  <Time ms={run.startedAt} zone={viewer.person.zone} language={language} short /> ·{' '}
                  <bdi>{props.names.person(run.startedBy)}</bdi>
                </>
              ),
            },
            { term: t('preparedness.run.stands'), detail: countWords(visit, run) },
            {
              term: t('preparedness.plan'),
              detail: (
                <a href={`/plans/${run.plan.id}?version=${run.version}`}>
                  {t('preparedness.version', { number: run.version })}
                </a>
              ),
            },
          ]}
        />
        <Newer {...props} mayWrite={mayWrite} />
        <Section title={t('preparedness.part.steps')} id="steps">
          {run.steps.map((standing, place) => (
            <StepEntry key={standing.step.id} {...props} standing={standing} place={place + 1} mayWrite={mayWrite} />
          ))}
        </Section>
        <Roles {...props} />
        <Section title={t('preparedness.part.contacts')} id="contacts">
          {run.content.contacts.length === 0 && <Quiet>{t('preparedness.none.contacts')}</Quiet>}
          <ul>
            {run.content.contacts.map((one) => (
              <li key={one.id}>
                <ContactLine visit={visit} names={props.names} reference={one} />
              </li>
            ))}
          </ul>
        </Section>
        <Texts {...props} mayWrite={mayWrite} />
      </LiveRegion>
      {mayWrite && <AssignForm {...props} />}
    </RecordFrame>
  )
}

function Newer({ visit, incident, run, returned, mayWrite }: RunProps & { mayWrite: boolean }) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'move')
  const moves = run.follows.slice(1)
  return (
    <>
      {moves.map((move) => (
        <Quiet key={move.version}>{t('preparedness.run.moved', { number: move.version, reason: move.reason })}</Quiet>
      ))}
      {run.newer !== undefined && (
        <Section title={t('preparedness.run.newer', { number: run.newer })} id="newer">
          <p>
            {t('preparedness.run.keeps', { number: run.version })}{' '}
            <a href={`/plans/${run.plan.id}#changes`}>{t('preparedness.changes')}</a>
          </p>
          {mayWrite && (
            <Form action={`/incidents/${incident.id}/plans/${run.id}/move`}>
              <Hidden name="id" value={newId()} />
              <Hidden name="version" value={run.newer} />
              <TextArea
                name="reason"
                label={t('preparedness.field.reason')}
                rows={2}
                value={value('reason')}
                error={error('reason')}
                required
                maxlength={2000}
              />
              <Button plain label={t('preparedness.run.move', { number: run.newer })} />
            </Form>
          )}
        </Section>
      )}
    </>
  )
}

type StepProps = RunProps & { standing: StepStanding; place: number; mayWrite: boolean }

function StepEntry(props: StepProps) {
  const { visit, run, names, standing, place } = props
  const { t, services, language, viewer } = visit
  const { step, state, clock, clockState, dueAt, mark } = standing
  const zone = viewer.person.zone
  const role = run.roles.find(({ id }) => id === step.role)
  return (
    <Entry
      id={`step-${step.id}`}
      margin={
        <>
          {clock && clockState && (
            <p>
              <ClockChip
                state={clockState}
                text={clockStateText(clock, { services, t, language, zone, now: run.now })}
              />
            </p>
          )}
          {dueAt !== undefined && clockState !== 'running' && (
            <p>
              <Time ms={dueAt} zone={zone} language={language} short />
            </p>
          )}
        </>
      }
    >
      <FormLine>
        {t('preparedness.step', { number: place })} · {t(`preparedness.state.${state}`)}
      </FormLine>
      <h3 dir="auto">{step.title}</h3>
      {step.words && <p dir="auto">{step.words}</p>}
      <Quiet small>
        <bdi>{role?.title}</bdi>: <bdi>{holderWords(visit, names, standing.who)}</bdi> ·{' '}
        {termWords(visit, step, run.content)}
      </Quiet>
      {standing.marks.map((one, at) => (
        <div key={at}>
          <p>
            {t(`preparedness.mark.${one.state}`)}
            {one.words && (
              <>
                : <bdi>{one.words}</bdi>
              </>
            )}
          </p>
          <Signed visit={visit} by={names.person(one.by)} at={one.at} />
        </div>
      ))}
      {props.mayWrite && <MarkForm {...props} isOpen={mark === undefined} />}
    </Entry>
  )
}

function MarkForm({ visit, incident, run, standing, isOpen, returned }: StepProps & { isOpen: boolean }) {
  const { t } = visit
  const { step } = standing
  const mine = returned?.form === 'mark' && returned.values.step === step.id ? returned : undefined
  const words = typeof mine?.values.words === 'string' ? mine.values.words : ''
  const name = `words-${step.id}`
  return (
    <Details
      summary={t(isOpen ? 'preparedness.mark.say' : 'preparedness.mark.take-back-ask')}
      open={mine !== undefined}
    >
      <Form
        action={`/incidents/${incident.id}/plans/${run.id}/steps`}
        label={t('preparedness.mark.for', { step: step.title })}
      >
        <Hidden name="id" value={newId()} />
        <Hidden name="step" value={step.id} />
        <TextArea
          name={name}
          label={t(isOpen ? 'preparedness.mark.words' : 'preparedness.field.reason')}
          hint={isOpen ? t('preparedness.mark.words-hint') : undefined}
          rows={2}
          value={words}
          error={mine?.errors[name]}
          required={!isOpen}
          maxlength={2000}
        />
        <div class="row">
          {isOpen ? (
            <>
              <Button name="state" value="done" label={t('preparedness.mark.done-verb')} />
              <Button plain name="state" value="otherwise" label={t('preparedness.mark.otherwise-verb')} />
            </>
          ) : (
            <Button plain name="state" value="open" label={t('preparedness.mark.take-back')} />
          )}
        </div>
      </Form>
    </Details>
  )
}

function Roles({ visit, run, names }: RunProps) {
  const { t, viewer, language } = visit
  const who = (role: AssignedRole) => (
    <>
      <bdi>{holderWords(visit, names, role.assigned?.who ?? role.who)}</bdi>
      {role.assigned && (
        <span class="quiet small">
          {' '}
          · {t('preparedness.run.assigned', { by: names.person(role.assigned.by) })}{' '}
          <Time ms={role.assigned.at} zone={viewer.person.zone} language={language} short />
        </span>
      )}
    </>
  )
  return (
    <Section title={t('preparedness.part.roles')} id="roles">
      <Table
        caption={t('preparedness.part.roles')}
        quietCaption
        head={[t('preparedness.field.role'), t('preparedness.field.who'), t('preparedness.field.deputy')]}
        rows={run.roles.map((role) => [
          <bdi>{role.title}</bdi>,
          who(role),
          <bdi>{holderWords(visit, names, role.deputy)}</bdi>,
        ])}
      />
    </Section>
  )
}

function AssignForm({ visit, incident, run, names, returned }: RunProps) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'assign')
  return (
    <Section title={t('preparedness.run.assign')} id="assign">
      <Form action={`/incidents/${incident.id}/plans/${run.id}/roles`}>
        <Hidden name="id" value={newId()} />
        <Select
          name="role"
          label={t('preparedness.field.role')}
          value={value('role')}
          error={error('role')}
          required
          placeholder={t('incidents.write.choose')}
          options={run.roles.map(({ id, title }) => ({ value: id, label: title }))}
        />
        <Select
          name="who"
          label={t('preparedness.field.who')}
          value={value('who')}
          error={error('who')}
          required
          placeholder={t('incidents.write.choose')}
          options={names.holders}
        />
        <Button plain label={t('preparedness.run.assign-save')} />
      </Form>
    </Section>
  )
}

function Texts({ mayWrite, ...props }: RunProps & { mayWrite: boolean }) {
  const { visit, run, names, clearances, spaces, incident } = props
  const { t, services } = visit
  const today = new Date(services.clock.now()).toISOString().slice(0, 10)
  const offered = (text: PlanText) => {
    if (!mayWrite) return null
    if (!mayBeUsed(clearances, text, today)) return <Quiet>{t('preparedness.run.not-offered')}</Quiet>
    return (
      <ul>
        {spaces.map(({ id, title }) => (
          <li key={id}>
            <a
              href={`/spaces/${id}/write/channels.note-sent?incident=${incident.id}&language=${text.language}&planRun=${run.id}&planText=${text.id}`}
            >
              {t('preparedness.run.draft-from', { text: text.title, space: title })}
            </a>
          </li>
        ))}
      </ul>
    )
  }
  return (
    <PlanContentView
      visit={visit}
      content={run.content}
      names={names}
      clearances={clearances}
      only={['texts', 'annexes']}
      underText={offered}
    />
  )
}
