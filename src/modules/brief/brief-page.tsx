import { clockState } from '../../core/clocks/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { formatDateTime } from '../../text/index.ts'
import {
  Button,
  ButtonForm,
  ClockChip,
  Details,
  ErrorSummary,
  Form,
  Hidden,
  LinkButton,
  Paper,
  Quiet,
  Section,
  Select,
  TextArea,
} from '../../web/index.ts'
import { factStates, IncidentFrame } from '../incidents/index.ts'
import { clockStateText } from '../spaces/index.ts'
import { type Brief, lineLength, mostLines, type Signature } from './brief.ts'

interface Props {
  visit: Visit
  brief: Brief
  /** Lines that came back, as they were typed, and what is wrong with them. */
  returned?: { lines: string; error: string }
}

/** One sheet: what happened, what we know and do not, which clocks run, what to say. */
export function BriefPage({ visit, brief, returned }: Props) {
  const { t, viewer, language, services } = visit
  const { incident, bottomLine } = brief.loaded
  const title = t('brief.title', { name: incident.codeName })
  return (
    <IncidentFrame
      visit={visit}
      incident={incident}
      title={title}
      lead={t('brief.lead', {
        title: incident.title,
        time: formatDateTime(services.clock.now(), viewer.person.zone, language),
      })}
      actions={
        <LinkButton
          plain
          href={`/incidents/${incident.id}`}
          label={t('incidents.action.back', { name: incident.codeName })}
        />
      }
    >
      <p>
        <Standing visit={visit} brief={brief} />
      </p>
      <Clearance visit={visit} brief={brief} />
      <Print visit={visit} brief={brief} />
      <div class="one-sheet">
        <Section title={t('incidents.bottom-line.title')}>
          {bottomLine ? (
            <Paper>
              <p dir="auto">{bottomLine.sentences.join(' ')}</p>
            </Paper>
          ) : (
            <Quiet>
              {t('incidents.bottom-line.none')}{' '}
              {visit.viewer.may('incidents:draft') && (
                <a href={`/incidents/${incident.id}/record#bottom-line`}>{t('incidents.action.record')}</a>
              )}
            </Quiet>
          )}
        </Section>
        <Section title={t('brief.lines')} id="lines">
          <Lines visit={visit} brief={brief} />
        </Section>
        <Known visit={visit} brief={brief} />
        <Clocks visit={visit} brief={brief} />
        <Quiet small>{t('brief.foot', { party: services.nameOf(services.party, language) })}</Quiet>
      </div>
      <LinesForm visit={visit} brief={brief} returned={returned} />
    </IncidentFrame>
  )
}

/** What is said at once and when asked; how many lines are left out, which all readers of the sheet could look up. */
function Lines({ visit: { t, viewer, language }, brief: { loaded, lines, leftOut } }: Props) {
  const all = `/incidents/${loaded.incident.id}/lines`
  return (
    <>
      {lines.length === 0 && <Quiet>{t('brief.no-lines')}</Quiet>}
      {(['holding', 'if-asked'] as const).map((kind) => {
        const said = lines.filter(({ line }) => line.kind === kind)
        if (said.length === 0) return null
        return (
          <div key={kind}>
            {kind === 'if-asked' && <h3>{t('lines.kind.if-asked')}</h3>}
            <ol>
              {said.map(({ line: { id, wording }, notBefore }) => (
                <li key={id}>
                  <span dir="auto">{wording.words}</span>
                  {notBefore !== undefined && (
                    <p>
                      <strong>
                        {t('brief.not-before', { time: formatDateTime(notBefore, viewer.person.zone, language) })}
                      </strong>
                    </p>
                  )}
                </li>
              ))}
            </ol>
          </div>
        )
      })}
      {leftOut > 0 && <Quiet small>{t('brief.left-out', { count: leftOut })}</Quiet>}
      <a href={all}>{t('brief.all-lines')}</a>
    </>
  )
}

/** In one sentence whether this may be spoken from. */
function Standing({ visit: { t, viewer, language }, brief: { writtenBy, clearedBy, isChanged } }: Props) {
  const say = (key: string, { name, at }: Signature) =>
    t(`brief.${key}`, { name, time: formatDateTime(at, viewer.person.zone, language) })
  return (
    <>
      {writtenBy && say('written', writtenBy)}{' '}
      <strong>
        {clearedBy && !isChanged
          ? say('cleared', clearedBy)
          : t(isChanged ? 'brief.changed' : writtenBy ? 'brief.not-cleared' : 'brief.draft')}
      </strong>
    </>
  )
}

function Clearance({ visit: { t, viewer }, brief: { loaded, writtenBy, clearedBy, isOwn, isChanged, as } }: Props) {
  const { incident } = loaded
  if (!writtenBy || (clearedBy && !isChanged) || incident.state === 'closed') return null
  if (isOwn || !viewer.may('incidents.brief:release')) return null
  return <ButtonForm action={`/incidents/${incident.id}/brief/clear`} label={t('brief.clear')} fields={{ seen: as }} />
}

/** The sheet as a file, at the marking of the incident or another one. */
function Print({ visit: { t, viewer }, brief: { loaded } }: Props) {
  const { incident } = loaded
  return (
    <Form action={`/incidents/${incident.id}/brief/pdf`} method="get" label={t('brief.print.title')}>
      <Select
        name="marking"
        label={t('brief.print.marking')}
        hint={t('brief.print.hint')}
        value={incident.marking}
        required
        options={tlpLabels
          .filter((label) => tlpRank(label) <= tlpRank(viewer.ceiling))
          .map((label) => ({ value: label, label: t(`markings.tlp.${label}`) }))}
      />
      <Button plain label={t('brief.print.action')} />
    </Form>
  )
}

function LinesForm({ visit: { t, viewer, language }, brief: { loaded, holding }, returned }: Props) {
  const { incident } = loaded
  if (!viewer.may('incidents:draft') || incident.state === 'closed') return null
  const form = (
    <>
      <ErrorSummary errors={returned && { lines: returned.error }} labels={{ lines: t('brief.lines') }} />
      <Form action={`/incidents/${incident.id}/brief/lines`} label={t('brief.lines')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="language" value={language} />
        <TextArea
          name="lines"
          label={t('brief.lines')}
          hint={t('brief.lines-hint', { most: mostLines, length: lineLength })}
          rows={5}
          value={returned?.lines ?? holding.join('\n')}
          error={returned?.error}
          required
          maxlength={mostLines * (lineLength + 2)}
        />
        <Button plain={holding.length > 0} label={t('brief.save')} />
      </Form>
    </>
  )
  if (holding.length === 0) return form
  return (
    <Details summary={t('brief.change')} open={returned !== undefined}>
      {form}
    </Details>
  )
}

function Known({ visit: { t }, brief }: Props) {
  return factStates.map((state) => {
    const facts = brief.loaded.facts.filter((one) => one.state === state)
    return (
      <Section key={state} title={t(`incidents.facts.${state}`)}>
        {facts.length === 0 ? (
          <Quiet>{t(`incidents.facts.no-${state}`)}</Quiet>
        ) : (
          <ul>
            {facts.map((fact) => (
              <li key={fact.id}>
                <span dir="auto">{fact.words}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    )
  })
}

function Clocks({ visit, brief }: Props) {
  const { t, services, viewer, language } = visit
  const { clocks } = brief.loaded
  return (
    <Section title={t('brief.clocks')}>
      {clocks.length === 0 ? (
        <Quiet>{t('incidents.home.no-clock')}</Quiet>
      ) : (
        <ul>
          {clocks.map(({ clock, now }) => (
            <li key={clock.id}>
              {services.nameOf(clock.duty, language)}: {t('clocks.duty', { regime: clock.regime })} ·{' '}
              {formatDateTime(clock.dueAt, viewer.person.zone, language)}{' '}
              <ClockChip
                state={clockState(clock, now)}
                text={clockStateText(clock, { services, t, language, zone: viewer.person.zone, now })}
              />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
