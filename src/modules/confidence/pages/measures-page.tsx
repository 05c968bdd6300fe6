import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatNumber } from '../../../text/index.ts'
import { ClockChip, Details, Entry, FormLine, LinkButton, PageHead, Quiet, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Evidence } from '../list-evidence.ts'
import { type MeasureStatus, source } from '../measures.ts'
import { ExerciseLinks } from './exercise-links.tsx'

/** Evidence shown of one measure; the rest is counted. */
const mostShown = 12

interface Props {
  visit: Visit
  statuses: MeasureStatus[]
  drill?: string
  drills: string[]
}

/** Each measure with its state and what shows it, and the days on which something is due again. */
export function MeasuresPage({ visit, statuses, drill, drills }: Props) {
  const { t, language, viewer } = visit
  const title = t('confidence.title')
  const date = (ms: number) => formatDate(ms, viewer.person.zone, language)
  const upcoming = statuses
    .flatMap(({ measure, shownUntil }) => (shownUntil === undefined ? [] : [{ measure, shownUntil }]))
    .toSorted((a, b) => a.shownUntil - b.shownUntil)
  const query = drill === undefined ? '' : `?drill=${encodeURIComponent(drill)}`
  return (
    <Framed visit={visit} title={title} current="/confidence" drill={drill}>
      <PageHead
        title={title}
        lead={t('confidence.lead', { shown: statuses.filter(({ state }) => state === 'shown').length })}
        actions={
          <>
            <LinkButton href={`/confidence/network${query}`} label={t('confidence.network.title')} />
            <LinkButton plain href="/checks" label={t('checks.title')} />
            <LinkButton plain href={`/confidence/measures.csv${query}`} label={t('confidence.csv')} />
          </>
        }
      />
      <Quiet>{t('confidence.computed', { source })}</Quiet>
      <ExerciseLinks visit={visit} path="/confidence" {...{ drill, drills }} />
      <Section title={t('confidence.calendar')}>
        {upcoming.length === 0 && <Quiet>{t('confidence.nothing-due')}</Quiet>}
        <ul>
          {upcoming.map(({ measure, shownUntil }) => (
            <li key={measure.number}>
              <a href={`#measure-${measure.number}`}>
                {t('confidence.due', {
                  date: date(shownUntil),
                  number: measure.number,
                  title: t(`confidence.measure.${measure.number}`),
                })}
              </a>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('confidence.measures')}>
        {statuses.map((status) => (
          <Measure key={status.measure.number} visit={visit} status={status} />
        ))}
      </Section>
    </Framed>
  )
}

const looks = { shown: 'met', 'too-little': 'running', none: 'unanswered', 'not-kept': 'unanswered' } as const

function Measure({ visit, status }: { visit: Visit; status: MeasureStatus }) {
  const { t, language } = visit
  const { measure, state, evidence, recent } = status
  return (
    <Entry
      id={`measure-${measure.number}`}
      margin={<ClockChip state={looks[state]} text={t(`confidence.state.${state}`)} />}
    >
      <FormLine>{t('confidence.number', { number: measure.number })}</FormLine>
      <h3>{t(`confidence.measure.${measure.number}`)}</h3>
      <p>
        {t(`confidence.sentence.${state}`, {
          recent,
          needed: measure.count ?? 1,
          months: measure.months ?? 0,
          timed: measure.months === undefined ? 'no' : 'yes',
        })}
      </p>
      {evidence.length > 0 && (
        <Details summary={t('confidence.evidence', { count: evidence.length })}>
          <ul>
            {evidence.slice(0, mostShown).map((one) => (
              <li key={`${one.kind} ${one.hash}`}>
                <EvidenceLink visit={visit} evidence={one} />
              </li>
            ))}
          </ul>
          {evidence.length > mostShown && (
            <Quiet>{t('confidence.more', { count: formatNumber(evidence.length - mostShown, language) })}</Quiet>
          )}
        </Details>
      )}
    </Entry>
  )
}

function EvidenceLink({ visit, evidence }: { visit: Visit; evidence: Evidence }) {
  const { t, language, services, viewer } = visit
  return (
    <a href={actHref(evidence.space, evidence.hash)}>
      {t(`confidence.kind.${evidence.kind}`, {
        party: services.nameOf(evidence.author, language),
        date: formatDate(evidence.at, viewer.person.zone, language),
      })}
    </a>
  )
}
