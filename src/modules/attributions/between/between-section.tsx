import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Details, LinkButton, Quiet, Row, Section, Table, TlpLabel } from '../../../web/index.ts'
import type { LoadedRegister } from '../load-register.ts'
import { pathOf } from '../pages/parts.tsx'
import { JointList } from '../joint/joint-list.tsx'
import { standingWords } from './faces.tsx'
import type { Between } from './read-between.ts'
import { likelihoodText, StatedItems } from './stated-words.tsx'

/** What parties stated to each other in the spaces of this incident, each with its proof. */
export function BetweenSection({ visit, register }: { visit: Visit; register: LoadedRegister }) {
  const { t, services, language, viewer } = visit
  const { between, joint, loaded } = register
  return (
    <Section title={t('attributions.between.title')} id="between">
      {between.length === 0 ? (
        <Quiet>{t(loaded.spaces.length === 0 ? 'attributions.between.no-space' : 'attributions.between.none')}</Quiet>
      ) : (
        <>
          <Table
            caption={t('attributions.between.caption')}
            head={[
              t('attributions.claim.maker'),
              t('attributions.between.says'),
              t('attributions.claim.accused'),
              t('attributions.claim.basis'),
              t('attributions.between.on'),
              t('attributions.between.state'),
              t('attributions.register.contested'),
              t('markings.marking'),
            ]}
            rows={between.map((one) => {
              const { state, contestedBy } = standingWords(one, visit)
              return [
                <bdi>{services.nameOf(one.row.author, language)}</bdi>,
                t(one.body ? `attributions.choice.${one.body.choice}` : 'attributions.stated.withheld'),
                accusedIn(visit, one),
                one.body ? t(`published-incidents.basis.${one.body.basis}`) : '–',
                <a href={`/spaces/${one.row.space}/acts/${one.row.hash}`}>
                  {formatDateTime(one.row.at, viewer.person.zone, language, { short: true })}
                </a>,
                state,
                contestedBy === '' ? '–' : <bdi>{contestedBy}</bdi>,
                <TlpLabel marking={{ tlp: one.tlp }} />,
              ]
            })}
          />
          <Quiet small>{t('attributions.between.proof')}</Quiet>
          {between.map((one) => (
            <One key={one.row.hash} visit={visit} one={one} />
          ))}
        </>
      )}
      <JointList visit={visit} joint={joint} />
      {loaded.incident.state !== 'closed' &&
        viewer.may('attributions.text-proposed:draft') &&
        viewer.may('spaces.open:manage') && (
          <Row>
            <LinkButton plain href={`${pathOf(loaded.incident)}/joint`} label={t('attributions.start.begin')} />
          </Row>
        )}
    </Section>
  )
}

const accusedIn = ({ t }: Visit, { text }: Between) =>
  text === undefined ? (
    t('attributions.stated.withheld')
  ) : text.accused === undefined ? (
    t('attributions.not-named')
  ) : (
    <bdi>{text.accused}</bdi>
  )

function One({ visit, one }: { visit: Visit; one: Between }) {
  const { t, services, language } = visit
  const { row, body, text } = one
  const { answers } = standingWords(one, visit)
  const party = services.nameOf(row.author, language)
  return (
    <Details
      id={`stated-${row.hash}`}
      summary={t('attributions.between.one', { party, subject: text?.subject ?? t('attributions.stated.withheld') })}
    >
      {text?.paragraphs.map((words, at) => (
        <p key={at} dir="auto" lang={body?.language}>
          {words}
        </p>
      ))}
      {body?.assessment && <p>{likelihoodText(t, body.assessment)}</p>}
      {body && <StatedItems t={t} items={body.evidence} words={text?.evidence ?? []} />}
      {answers.length > 0 && (
        <ul>
          {answers.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {one.contests.map((contest) => (
        <p key={contest.hash}>
          <a href={actHref(contest.space, contest.hash)}>
            {t('attributions.contest.line', {
              party: services.nameOf(contest.author, language),
              ground: t(`attributions.contest.${contest.ground}`),
            })}
          </a>
          {contest.withdrawn_by !== null && ` · ${t('attributions.between.withdrawn')}`}
        </p>
      ))}
      <Row>
        <LinkButton plain href={actHref(row.space, row.hash)} label={t('attributions.between.in-space')} />
        <LinkButton
          plain
          href={`/spaces/${row.space}/acts/${row.hash}#proof`}
          label={t('attributions.between.prove')}
        />
      </Row>
    </Details>
  )
}
