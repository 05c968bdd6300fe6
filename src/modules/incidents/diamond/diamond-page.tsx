import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { Details, FormLine, LinkButton, Pairs, Quiet, Section } from '../../../web/index.ts'
import { AssessmentDissents } from '../challenge/dissent-list.tsx'
import { ownTime, toldTime } from '../facts/particular-words.ts'
import { DatedNote, Signed, WhatIsWrong } from '../../frame/index.ts'
import { InCompartment } from '../pages/parts.tsx'
import { RecordFrame } from '../pages/record-frame.tsx'
import { assessmentWords } from '../weigh/assessment-words.ts'
import { stepName } from '../weigh/responsibility-section.tsx'
import { FeaturesForm, PlacingForm, StepForm } from './diamond-forms.tsx'
import { diamondHref } from './diamonds-page.tsx'
import { DiamondPicture } from './diamond-picture.tsx'
import type { DiamondProps } from './diamond-props.ts'
import { PivotsSection } from './pivots-section.tsx'
import { Corners, Edges, History, PictureTable } from './placing-parts.tsx'
import type { Features } from './read-diamonds.ts'
import { type FeatureLists, readFeatureLists } from './read-features.ts'

/** One diamond: four corners with what people placed there and what is not known, edges, pivots, and what is judged. */
export function DiamondPage(props: DiamondProps) {
  const { visit, loaded, diamond, chosen, form, returned } = props
  const { t, viewer } = visit
  const { incident } = loaded
  const { subject } = diamond
  const mayWrite = viewer.may('incidents:draft') && incident.state !== 'closed'
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={
        subject.number === undefined
          ? t('diamond.title-event')
          : t('diamond.title-hypothesis', { number: subject.number })
      }
      lead={subject.words}
      actions={
        mayWrite &&
        form !== 'placing' && (
          <LinkButton plain href={`${diamondHref(incident.id, subject)}#place`} label={t('diamond.place-item')} />
        )
      }
      back={{ href: `/incidents/${incident.id}/weighing/diamond`, label: t('diamond.title') }}
    >
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      {!subject.isStanding && <FormLine>{t(`diamond.not-standing-${subject.kind}`)}</FormLine>}
      <Section title={t('diamond.picture')} id="picture">
        <figure>
          <DiamondPicture visit={visit} diamond={diamond} />
          <figcaption>{t('diamond.caption')}</figcaption>
        </figure>
        <PictureTable {...props} />
        <Quiet>{t('diamond.never-adversary')}</Quiet>
      </Section>
      {mayWrite && form === 'step' && chosen && <StepForm {...props} chosen={chosen} />}
      <Corners {...props} mayWrite={mayWrite} />
      <Edges {...props} mayWrite={mayWrite} />
      <FeaturesSection {...props} mayWrite={mayWrite} />
      <PivotsSection {...props} />
      <Judged {...props} />
      {mayWrite && form === 'placing' && <PlacingForm {...props} />}
      <History {...props} />
    </RecordFrame>
  )
}

/** Phase, direction, result, method and means as they stand, and how they stood before. */
function FeaturesSection(props: DiamondProps & { mayWrite: boolean }) {
  const { visit, diamond, loaded, names, form, mayWrite } = props
  const { t } = visit
  const file = readFeatureLists(visit.services)
  const last = diamond.features.at(-1)
  const { when } = diamond.subject
  const own = when && ownTime(visit, when)
  const pairs = [
    ...(when ? [{ term: t('diamond.feature.time'), detail: <bdi>{toldTime(visit, when)}</bdi> }] : []),
    ...(own ? [{ term: t('diamond.feature.own-time'), detail: <bdi>{own}</bdi> }] : []),
    ...featureList(visit, file.content, last),
  ]
  return (
    <Section title={t('diamond.features')} id="features">
      <Pairs items={pairs} />
      {last && (
        <>
          <InCompartment of={last.compartment} compartments={loaded.compartments} />
          <Signed visit={visit} by={names.get(last.by) ?? last.by} at={last.at} />
        </>
      )}
      {diamond.features.length > 1 && (
        <Details summary={t('diamond.features-before')}>
          <ol>
            {diamond.features.slice(0, -1).map((one) => (
              <li key={one.id}>
                {featureList(visit, file.content, one).map(({ term, detail }) => (
                  <span key={term}>
                    {term}: {detail}.{' '}
                  </span>
                ))}
                <Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />
              </li>
            ))}
          </ol>
        </Details>
      )}
      <DatedNote visit={visit} files={[file]} />
      {mayWrite && form === 'features' && <FeaturesForm {...props} lists={file.content} last={last} />}
      {mayWrite && form !== 'features' && (
        <p>
          <a href={`${diamondHref(loaded.incident.id, diamond.subject)}?say=features#features`}>
            {t('diamond.say-features')}
          </a>
        </p>
      )}
    </Section>
  )
}

function featureList({ t, language }: Visit, lists: FeatureLists, said: Features | undefined) {
  const of = (list: FeatureLists['phases'], id: string | undefined) => {
    if (id === undefined) return t('diamond.unknown')
    const found = list.find((one) => one.id === id)
    return found ? named(found.names, language) : id
  }
  const words = (one: string | undefined) => (one ? <bdi>{one}</bdi> : t('diamond.unknown'))
  return [
    { term: t('diamond.feature.phase'), detail: of(lists.phases, said?.phase) },
    { term: t('diamond.feature.direction'), detail: of(lists.directions, said?.direction) },
    { term: t('diamond.feature.result'), detail: of(lists.results, said?.result) },
    { term: t('diamond.feature.method'), detail: words(said?.method) },
    { term: t('diamond.feature.resources'), detail: words(said?.resources) },
  ]
}

/** What people judged of the hypothesis elsewhere, with those who disagree. */
function Judged({ visit, loaded, diamond: { subject }, placed }: DiamondProps) {
  const { t } = visit
  if (subject.kind !== 'hypothesis') return null
  const { assessments } = loaded.weighing
  const all = assessments.filter(({ hypothesis }) => hypothesis === subject.id)
  // The last of them, and each that somebody disagrees with.
  const mine = all.filter((one) => one === all.at(-1) || one.dissents.length > 0)
  const step = placed.findLast(({ hypothesis }) => hypothesis === subject.id)
  const at = `/incidents/${loaded.incident.id}`
  return (
    <Section title={t('diamond.judged')} id="judged">
      <p>
        <a href={`${at}/hypotheses/${subject.id}#responsibility`}>{t('weighing.responsibility.title')}</a>:{' '}
        {step ? stepName(visit, step.step) : t('weighing.responsibility.none')}
      </p>
      {mine.length === 0 && <Quiet>{t('diamond.not-assessed')}</Quiet>}
      {mine.map((one) => (
        <div key={one.id}>
          <p>
            <a href={`${at}/assessments/${one.id}`}>{assessmentWords(visit, one, subject.number ?? 0)}</a>{' '}
            {one === assessments.at(-1) ? t('weighing.assessment.latest') : t('weighing.assessment.earlier')}
          </p>
          <AssessmentDissents {...{ visit, loaded, assessment: one }} />
        </div>
      ))}
    </Section>
  )
}

/** Names of the fields, for the summary of what needs correcting. */
const labelsOf = ({ t }: Visit): Record<string, string> => ({
  place: t('diamond.field.place'),
  item: t('diamond.field.item'),
  confidence: t('diamond.field.confidence'),
  why: t('diamond.field.why'),
  restsOn: t('diamond.field.rests-on'),
  compartment: t('need-to-know.of'),
  kind: t('diamond.field.step'),
  into: t('diamond.field.into'),
  phase: t('diamond.feature.phase'),
  direction: t('diamond.feature.direction'),
  result: t('diamond.feature.result'),
  method: t('diamond.feature.method'),
  resources: t('diamond.feature.resources'),
})
