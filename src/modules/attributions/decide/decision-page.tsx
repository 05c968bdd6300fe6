import { atHome, mark, reveal } from '../../../core/markings/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  Form,
  Hidden,
  LinkButton,
  Pairs,
  Paper,
  Quiet,
  Section,
  Table,
  TextArea,
  TlpLabel,
} from '../../../web/index.ts'
import { AssessmentDissents, assessmentWords, fingerprintOf } from '../../incidents/index.ts'
import { rungName } from '../../response/index.ts'
import type { LoadedRegister } from '../load-register.ts'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { AttributionFrame, dayIn, pathOf } from '../pages/parts.tsx'
import type { RestedItem } from '../tables.ts'
import { levels } from '../vocabulary.ts'
import type { Standing } from './looks.ts'
import { RestsOn } from './own-section.tsx'

interface Props {
  visit: Visit
  register: LoadedRegister
  standing: Standing
  returned?: Returned
}

/** A decision as it was minuted, with what it rested on that day, and what became of that since. */
export function DecisionPage(props: Props) {
  const { visit, register, standing } = props
  const { t, language, services } = visit
  const { decision } = standing
  const { incident } = register.loaded
  const { assessment, gate, ranking } = decision.basis
  const assessed = register.loaded.weighing.assessments.find(({ number }) => number === assessment?.number)
  const words = (value: string) => <span dir="auto">{value}</span>
  return (
    <AttributionFrame
      visit={visit}
      incident={incident}
      title={t('attributions.decision.number', { number: decision.number })}
      actions={<Propose {...props} />}
      sub
    >
      <Paper>
        <Pairs
          items={[
            { term: t('attributions.decision.choice'), detail: t(`attributions.choice.${decision.choice}`) },
            {
              term: t('attributions.decision.accused'),
              detail: decision.accused === '' ? t('attributions.not-named') : words(decision.accused),
            },
            { term: t('attributions.decision.why'), detail: words(decision.why) },
            {
              term: t('attributions.decision.dissent'),
              detail: decision.dissent === '' ? t('attributions.decision.no-dissent') : words(decision.dissent),
            },
            { term: t('attributions.decision.decidedOn'), detail: dayIn(decision.decidedOn, language) },
            { term: t('attributions.decision.decidedBy'), detail: words(decision.decidedBy) },
            decision.reviewOn !== undefined && {
              term: t('attributions.decision.reviewOn'),
              detail: dayIn(decision.reviewOn, language),
            },
            {
              term: t('attributions.decision.assessment'),
              detail: assessment
                ? assessmentWords(visit, assessment, assessment.hypothesis.number)
                : t('attributions.decision.no-assessment'),
            },
            {
              term: t('response.gate.then'),
              detail: gate === '' ? t('response.gate.not-given') : rungName(services, gate, language),
            },
          ]}
        />
      </Paper>
      <Signed visit={visit} by={register.nameOf(decision.by)} at={decision.at} />
      {assessed && <AssessmentDissents {...{ visit, loaded: register.loaded, assessment: assessed }} />}
      <Section title={t('attributions.decision.evidence')} id="evidence">
        <RestsOn visit={visit} standing={standing} />
        <Items visit={visit} items={decision.basis.evidence} />
        {ranking.length > 0 && (
          <Table
            caption={t('attributions.inputs.then')}
            numeric={[0, 2]}
            head={[t('incidents.weighing.place'), t('incidents.weighing.hypothesis'), t('incidents.weighing.against')]}
            rows={ranking.map((one) => [
              String(one.place),
              <>
                {t('incidents.hypothesis-short', { number: one.hypothesis })} <bdi>{one.words}</bdi>
              </>,
              String(one.points),
            ])}
          />
        )}
      </Section>
      <Looks {...props} />
    </AttributionFrame>
  )
}

/** Items as they stood, those that this person may see; the others are counted. */
export function Items({ visit, items }: { visit: Visit; items: readonly RestedItem[] }) {
  const { t, services, viewer } = visit
  const shown = items.flatMap((item) => {
    const revealed = reveal(mark(item, { tlp: item.tlp }), atHome(services, viewer), 'page')
    return revealed.shown ? [revealed.value] : []
  })
  return (
    <>
      {shown.length > 0 && (
        <ul>
          {shown.map(({ id, number, words, grade, tlp }) => (
            <li key={id}>
              {number} · <bdi>{words}</bdi> · {grade} <TlpLabel marking={{ tlp }} />
            </li>
          ))}
        </ul>
      )}
      {items.length > shown.length && (
        <Quiet small>{t('attributions.items-withheld', { count: items.length - shown.length })}</Quiet>
      )}
    </>
  )
}

function Propose({ visit, register, standing: { decision } }: Props) {
  const { t, viewer } = visit
  const { incident } = register.loaded
  const isStanding = register.decisions[0]?.id === decision.id
  if (!isStanding || incident.state === 'closed' || !viewer.may('incidents:draft')) return null
  return (
    <>
      {levels.map((level) => (
        <LinkButton
          key={level}
          plain
          href={`${pathOf(incident)}/decisions/${decision.id}/say?level=${level}`}
          label={t(`attributions.say.${level}`)}
        />
      ))}
    </>
  )
}

function Looks({ visit, register, standing, returned }: Props) {
  const { t, viewer } = visit
  const { decision, changed, looks, isUnseen } = standing
  const mayLook = isUnseen && viewer.may('incidents.attribution:release')
  if (looks.length === 0 && !mayLook) return null
  const { value, error } = returnedTo(returned)
  const labels = { why: t('attributions.look.why') }
  return (
    <Section title={t('attributions.look.title')} id="look">
      {looks.map((one) => (
        <div key={one.at}>
          <p dir="auto">{one.why}</p>
          <Signed visit={visit} by={register.nameOf(one.by)} at={one.at} />
        </div>
      ))}
      {mayLook && (
        <>
          <p>{t('attributions.look.explained')}</p>
          <WhatIsWrong returned={returned} labels={labels} />
          <Form
            action={`${pathOf(register.loaded.incident)}/decisions/${decision.id}/look`}
            label={t('attributions.look.title')}
          >
            <Hidden name="id" value={newId()} />
            <Hidden name="seen" value={fingerprintOf(changed)} />
            <TextArea
              name="why"
              label={labels.why}
              rows={3}
              value={value('why')}
              error={error('why')}
              required
              maxlength={8_000}
            />
            <Button label={t('attributions.look.save')} />
          </Form>
        </>
      )}
    </Section>
  )
}
