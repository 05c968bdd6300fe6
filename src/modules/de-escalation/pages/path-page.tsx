import { actHref } from '../../../core/module/act-href.ts'
import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ClockChip, LinkButton, PageHead, Quiet, Row, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { findFace, titleOf } from '../../spaces/index.ts'
import { proposalComposer } from '../cooling-off/proposal-composer.tsx'
import type { PeriodRow } from '../cooling-off/tables.ts'
import type { Path, Stage, Step } from '../path.ts'
import { PathPicture } from './path-picture.tsx'

interface Props {
  visit: Visit
  space: SpaceFacts
  path: Path
  /** Where a step that nothing shows yet can begin, for whoever looks. */
  proposals: { stage: Stage; href: string }[]
  /** The cooling-off period that runs now. */
  running?: PeriodRow
  mayPropose?: boolean
}

/** The way of a case as a picture and as its table, and what could come next. */
export function PathPage({ visit, space, path, proposals, running, mayPropose = false }: Props) {
  const { services, t, language, viewer } = visit
  const title = titleOf(space, language)
  const stands = path.stands
    ? t('de-escalation.stands', { stage: t(`de-escalation.stage.${path.stands}`) })
    : t('de-escalation.nothing-yet')
  const newest = ({ acts }: Step) => {
    const last = acts.at(-1)
    if (!last) return t('de-escalation.not-yet')
    const isOpening = last.type === 'space.opened'
    const form = (isOpening ? undefined : findFace(services, last.type)?.form(t)) ?? t('de-escalation.space-opened')
    return (
      <>
        <a href={actHref(last.space, last.hash)}>{form}</a> · <bdi>{services.nameOf(last.author, language)}</bdi> ·{' '}
        {formatDateTime(last.at, viewer.person.zone, language)}
      </>
    )
  }
  return (
    <Framed visit={visit} title={t('de-escalation.title')} current="/spaces" drill={space.drill}>
      <PageHead form={title} title={t('de-escalation.title')} lead={stands} />
      <p>{t('de-escalation.base')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section class="table-scroll" aria-label={t('de-escalation.picture')} tabIndex={0}>
        <PathPicture path={path} t={t} />
      </section>
      <Table
        caption={t('de-escalation.table')}
        quietCaption
        head={[t('de-escalation.step'), t('de-escalation.shown-by'), t('de-escalation.newest')]}
        rows={path.steps.map((step) => [
          t(`de-escalation.stage.${step.stage}`),
          t('de-escalation.acts', { count: step.acts.length }),
          newest(step),
        ])}
      />
      <p>{t('de-escalation.open', { count: path.open })}</p>
      <Section title={t('de-escalation.cooling.title')}>
        <p>
          {running ? (
            <ClockChip
              state="running"
              text={t('de-escalation.cooling.runs-until', {
                until: formatDateTime(running.ends_at, viewer.person.zone, language),
              })}
            />
          ) : (
            t('de-escalation.cooling.none-runs')
          )}
        </p>
        <Row>
          <LinkButton plain href={`/spaces/${space.id}/cooling-off`} label={t('de-escalation.cooling.open-page')} />
          {mayPropose && !running && (
            <LinkButton
              plain
              href={`/spaces/${space.id}/write/${proposalComposer.type}`}
              label={t('de-escalation.cooling.wish.proposed')}
            />
          )}
        </Row>
      </Section>
      <Section title={t('de-escalation.next')}>
        {proposals.length === 0 && <Quiet>{t('de-escalation.no-proposals')}</Quiet>}
        <Row>
          {proposals.map(({ stage, href }) => (
            <LinkButton key={stage} plain href={href} label={t(`de-escalation.propose.${stage}`)} />
          ))}
        </Row>
        <Quiet small>{t('de-escalation.next-means')}</Quiet>
      </Section>
      <p>
        <a href={`/spaces/${space.id}`}>{t('de-escalation.back')}</a>
      </p>
    </Framed>
  )
}
