import { ClockChip, LinkButton, LiveRegion, PageHead, Quiet, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { ConfidenceColumn } from './confidence-column.tsx'
import { endedFacts, type OfficesProps } from './offices-props.ts'
import { SingleText } from './single-text.tsx'

/** Good offices: the single text, and each confidence this node holds. A side sees its own and nothing of the other. */
export function OfficesPage({ visit, offices }: OfficesProps) {
  const { services, t, language, viewer } = visit
  const { joint, isMediator, confidences, ended } = offices
  const title = joint.title[language] ?? Object.values(joint.title)[0] ?? ''
  const topics = [joint, ...confidences.map(({ space }) => space)].map(({ id }) => `space:${id}`)
  return (
    <Framed visit={visit} title={title} current="/good-offices" drill={joint.drill}>
      <PageHead
        form={t('good-offices.mediated-by', { mediator: services.nameOf(offices.mediator, language) })}
        title={title}
        lead={<span dir="auto">{joint.purpose}</span>}
      />
      <p>{t(isMediator ? 'good-offices.rule.mediator' : 'good-offices.rule.side')}</p>
      {ended && <ClockChip state="met" text={t('good-offices.ended-at', endedFacts(visit, ended))} />}
      <LiveRegion topic={topics} id="good-offices">
        <SingleText visit={visit} offices={offices} />
        <Section title={t(isMediator ? 'good-offices.confidences' : 'good-offices.our-confidence')}>
          <div class="side-by-side">
            {confidences.map((one) => (
              <ConfidenceColumn key={one.space.id} visit={visit} offices={offices} confidence={one} />
            ))}
          </div>
          {confidences.length === 0 && <Quiet>{t('good-offices.not-here-yet')}</Quiet>}
        </Section>
      </LiveRegion>
      {isMediator && !ended && viewer.may('good-offices.mediation-ended:draft') && (
        <Row>
          <LinkButton
            plain
            href={`/spaces/${joint.id}/write/good-offices.mediation-ended`}
            label={t('good-offices.wish.ended')}
          />
        </Row>
      )}
    </Framed>
  )
}
