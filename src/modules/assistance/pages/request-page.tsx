import { actHref } from '../../../core/module/act-href.ts'
import type { ShownAct, Visit } from '../../../core/module/types.ts'
import { Entry, LinkButton, LiveRegion, PageHead, Pairs, Paper, Quiet, Row, Section, Time } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { findFace, titleOf } from '../../spaces/index.ts'
import { executionActions } from '../execution-actions.ts'
import { dayIn, TermsOfUseLines } from '../faces/terms-of-use.tsx'
import { type Handed, type LoadedRequest, subjectOf } from '../load-request.ts'
import { regimeOf } from '../regimes.ts'
import { stepActions } from '../request-actions.ts'
import { CallChip } from './list-page.tsx'
import { ClockLine, StateChip } from './parts.tsx'
import { AtHomeSection } from './work-section.tsx'

interface Props {
  visit: Visit
  loaded: LoadedRequest
  errors?: Record<string, string> | undefined
  people: readonly { id: string; name: string }[]
  incidents: readonly { id: string; name: string }[]
}

/** One request as one story: where it stands, what is due, both sides' words, what was given, and our own work. */
export function RequestPage(props: Props) {
  const { visit, loaded } = props
  const { t, services, viewer } = visit
  const { note, standing, space } = loaded
  const kind = t(`requests.kind.${note.request_kind ?? 'incident-information'}`)
  const subject = subjectOf(loaded)
  const marking = loaded.acts.find(({ act }) => act.hash === note.hash)?.act.statement.marking
  return (
    <Framed visit={visit} title={`${kind} ${note.number}`} current="/assistance" drill={space.drill} marking={marking}>
      <PageHead
        form={`${kind} · ${note.number}`}
        title={<bdi>{subject ?? t('assistance.withheld')}</bdi>}
        actions={
          <>
            {stepActions(loaded, services.party, viewer).map(({ label, href, primary }) => (
              <LinkButton key={href} href={href} label={t(label)} plain={!primary} />
            ))}
            <FollowUp {...props} />
            <a href={`/assistance/${note.hash}/sheet.pdf`}>{t('assistance.action.sheet')}</a>
          </>
        }
      />
      <LiveRegion topic={`space:${space.id}`} id="request">
        <Standing {...props} />
        {loaded.clocks.length > 0 && (
          <Section title={t('assistance.clocks')} id="clocks">
            <ul>
              {loaded.clocks.map((clock) => (
                <li key={clock.id}>
                  <ClockLine visit={visit} clock={clock} now={loaded.now} />
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Course {...props} />
        {loaded.spoken.length > 0 && <SpokenBefore {...props} />}
        {loaded.handed.length > 0 && <Materials {...props} />}
        <Section title={t('assistance.story')} id="story">
          {loaded.acts.map((shown) => (
            <Said key={shown.act.hash} {...props} shown={shown} />
          ))}
        </Section>
      </LiveRegion>
      <AtHomeSection {...props} subject={standing.state} />
    </Framed>
  )
}

/** What is kept is handed over only on a request of its own. */
function FollowUp({ visit: { t, services, viewer }, loaded: { note, standing } }: Props) {
  const next = regimeOf(note.request_kind)?.followedBy
  const isOurs = note.author === services.party && standing.state === 'executed'
  if (next === undefined || !isOurs || !viewer.may('channels.note-sent:draft')) return null
  return (
    <LinkButton
      plain
      href={`/assistance/ask?kind=${next}&party=${encodeURIComponent(note.addressee)}&space=${note.space}&follows=${note.hash}`}
      label={t('assistance.action.follow-up', { kind: t(`requests.kind.${next}`) })}
    />
  )
}

function Standing({ visit, loaded }: Props) {
  const { t, services, language } = visit
  const { note, standing, space, incident } = loaded
  return (
    <Pairs
      items={[
        { term: t('assistance.column.state'), detail: <StateChip state={standing.state} t={t} /> },
        { term: t('assistance.column.from'), detail: services.nameOf(note.author, language) },
        { term: t('assistance.column.to'), detail: services.nameOf(note.addressee, language) },
        standing.keptUntil !== null && {
          term: t('assistance.field.keptUntil'),
          detail: dayIn(standing.keptUntil, language),
        },
        {
          term: t('assistance.space'),
          detail: <a href={actHref(space.id, note.hash)}>{titleOf(space, language)}</a>,
        },
        incident !== undefined && {
          term: t('assistance.incident.title'),
          detail: <a href={`/incidents/${incident.id}`}>{incident.codeName}</a>,
        },
      ]}
    />
  )
}

function Course({ visit, loaded: { course, space } }: Props) {
  const { t, services, viewer, language } = visit
  return (
    <Section title={t('assistance.course')} id="course">
      <ol>
        {course.map(({ step, at, author, act }) => (
          <li key={`${step} ${act}`}>
            <a href={actHref(space.id, act)}>{t(`assistance.step.${step}`)}</a> ·{' '}
            <bdi>{services.nameOf(author, language)}</bdi> ·{' '}
            <Time ms={at} zone={viewer.person.zone} language={language} short />
          </li>
        ))}
      </ol>
    </Section>
  )
}

function SpokenBefore({ visit, loaded }: Props) {
  const { t, viewer, language } = visit
  return (
    <Section title={t('assistance.spoken.title')} id="spoken">
      <ul>
        {loaded.spoken.map((one) => (
          <li key={one.hash}>
            <a href={actHref(one.space, one.hash)}>{t('assistance.spoken.said')}</a>{' '}
            <Time ms={one.said_at} zone={viewer.person.zone} language={language} short /> <CallChip one={one} t={t} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Materials({ visit, loaded }: Props) {
  const { t } = visit
  return (
    <Section title={t('assistance.material.title')} id="material">
      {loaded.handed.map((one) => (
        <Material key={one.row.hash} visit={visit} handed={one} />
      ))}
    </Section>
  )
}

/** What was handed over, never without its terms. */
function Material({ visit, handed: { row, terms, files } }: { visit: Visit; handed: Handed }) {
  const { t, language, services, viewer } = visit
  const isShut = row.taken_first && row.taken_by === null && row.recipient === services.party
  return (
    <div>
      {terms ? <TermsOfUseLines terms={terms} t={t} language={language} /> : <p>{t('assistance.terms.none')}</p>}
      {files.length === 0 && <Quiet>{t('assistance.material.no-files')}</Quiet>}
      {isShut && <p>{t('assistance.material.shut')}</p>}
      <ul>
        {files.map(({ hash, name }) => (
          <li key={hash}>
            {isShut ? <bdi>{name}</bdi> : <a href={`/spaces/${row.space}/acts/${row.hash}/parts/${hash}`}>{name}</a>}
          </li>
        ))}
      </ul>
      <Row>
        {executionActions(row, services.party, viewer).map(({ label, href, primary }) => (
          <LinkButton key={href} href={href} label={t(label)} plain={!primary} />
        ))}
      </Row>
    </div>
  )
}

function Said({ visit, loaded, shown }: Props & { shown: ShownAct }) {
  const { services, viewer, t, language } = visit
  const face = findFace(services, shown.act.statement.type)
  if (!face) return null
  const { statement, scenarioTime, hash } = shown.act
  const props = { shown, facts: loaded.facts.get(hash), services, viewer, t, language }
  return (
    <Entry
      id={`act-${hash}`}
      margin={
        <>
          <p>
            <bdi>{services.nameOf(statement.author, language)}</bdi>
          </p>
          <p>
            <Time ms={scenarioTime} zone={viewer.person.zone} language={language} />
          </p>
        </>
      }
    >
      <h3>{face.form(t, shown.content?.body)}</h3>
      {shown.content ? <Paper>{face.Document(props)}</Paper> : <Quiet>{t('assistance.withheld')}</Quiet>}
    </Entry>
  )
}
