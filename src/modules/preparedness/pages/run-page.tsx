import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  ButtonForm,
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
import { isTaken } from '../run/taken.ts'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { holderWords, runVersion, targetWords, termWords } from './parts.tsx'
import { ContactLine, PlanContentView } from './plan-content.tsx'
import { countWords } from './runs-page.tsx'

export interface RunProps {
  visit: Visit
  incident: Incident
  run: Run
  names: Names
  clearances: ReadonlyMap<string, TextClearance>
  /** People and offices who are with the house. */
  present: ReadonlySet<string>
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
      lead={
        run.version === undefined
          ? t('preparedness.run.lead-unapproved')
          : t('preparedness.run.lead', { number: run.version })
      }
      actions={<LinkButton plain href={`${at}/review`} label={t('preparedness.review.title')} />}
    >
      <WhatIsWrong returned={returned} />
      {incident.drill && <p class="box leaves">{t('preparedness.run.exercise')}</p>}
      <LiveRegion topic={`incident:${incident.id}`} id="run">
        <Emergency {...props} />
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
              detail: <a href={`/plans/${run.plan.id}?version=${run.version ?? 'next'}`}>{runVersion(visit, run)}</a>,
            },
          ]}
        />
        <Newer {...props} mayWrite={mayWrite} />
        <Section title={t('preparedness.part.steps')} id="steps">
          {run.steps.map((standing, place) => (
            <StepEntry key={standing.step.id} {...props} standing={standing} place={place + 1} mayWrite={mayWrite} />
          ))}
        </Section>
        <Roles {...props} mayWrite={mayWrite} />
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
        <Services {...props} mayWrite={mayWrite} />
        <Texts {...props} mayWrite={mayWrite} />
      </LiveRegion>
      {mayWrite && <AssignForm {...props} />}
    </RecordFrame>
  )
}

function Newer({ visit, incident, run, returned, mayWrite }: RunProps & { mayWrite: boolean }) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'move')
  return (
    <>
      {run.moves.map((move) => (
        <Quiet key={move.version}>{t('preparedness.run.moved', { number: move.version, reason: move.reason })}</Quiet>
      ))}
      {run.newer !== undefined && (
        <Section title={t('preparedness.run.newer', { number: run.newer })} id="newer">
          <p>
            {run.version === undefined
              ? t('preparedness.run.keeps-unapproved')
              : t('preparedness.run.keeps', { number: run.version })}{' '}
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

/** That nobody had approved what it began with, why it began all the same, and what became of that. */
function Emergency({ visit, run, names }: RunProps) {
  const { t } = visit
  if (!run.emergency) return null
  const { reason, by, at, approvedAs } = run.emergency
  const since = approvedAs === undefined ? 'moved-since' : 'approved-since'
  return (
    <div class={run.version === undefined ? 'box leaves' : 'box'}>
      <FormLine>
        {run.version === undefined
          ? t('preparedness.unapproved')
          : t(`preparedness.emergency.${since}`, { number: approvedAs ?? run.version })}
      </FormLine>
      <p>
        {t('preparedness.emergency.departure')}: <bdi>{reason}</bdi>
      </p>
      <Signed visit={visit} by={names.person(by)} at={at} />
    </div>
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
      <h3>
        <bdi>{step.title}</bdi>
      </h3>
      {step.words && <p dir="auto">{step.words}</p>}
      <Quiet small>
        <bdi>{role?.title}</bdi>: <bdi>{holderWords(visit, names, standing.who)}</bdi> ·{' '}
        {termWords(visit, step, run.content)}
        {standing.after && state === 'open' && (
          <>
            {' '}
            · <strong>{t('preparedness.run.waits')}</strong>
          </>
        )}
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

function Roles({ visit, incident, run, names, present, mayWrite }: RunProps & { mayWrite: boolean }) {
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
      {!isTaken(role, present) && (
        <div class="row">
          <strong>{t('preparedness.run.not-taken')}</strong>
          {mayWrite && (
            <ButtonForm
              plain
              action={`/incidents/${incident.id}/plans/${run.id}/roles`}
              label={t('preparedness.run.take', { role: role.title })}
              fields={{ id: newId(), role: role.id, who: `person:${viewer.person.id}` }}
            />
          )}
        </div>
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

/** Services that the plan would bring back, and what became of each in the recovery of the incident. */
function Services({ visit, incident, run, names, mayWrite }: RunProps & { mayWrite: boolean }) {
  const { t } = visit
  if (run.services.length === 0) return null
  const isOpen = run.services.some(({ state }) => state === 'open')
  return (
    <Section title={t('preparedness.part.services')} id="services">
      <Table
        caption={t('preparedness.part.services')}
        quietCaption
        cards
        head={[
          t('preparedness.item.services'),
          t('preparedness.field.owner'),
          t('preparedness.target'),
          t('preparedness.field.state'),
        ]}
        rows={run.services.map(({ service, state, mark }) => [
          <bdi>{service.name}</bdi>,
          <bdi>{holderWords(visit, names, service.owner)}</bdi>,
          targetWords(visit, service),
          <>
            {t(`preparedness.service-state.${state}`)}
            {mark?.words && (
              <>
                : <bdi>{mark.words}</bdi>
              </>
            )}
          </>,
        ])}
      />
      <p>
        <a href={`/incidents/${incident.id}/recovery${mayWrite && isOpen ? '#from-plan' : ''}`}>
          {t(mayWrite && isOpen ? 'preparedness.run.recover' : 'preparedness.run.recovery')}
        </a>
      </p>
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
  const { t } = visit
  const today = new Date(run.now).toISOString().slice(0, 10)
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
      today={today}
      underText={offered}
    />
  )
}
