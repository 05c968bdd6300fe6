import { clockState } from '../../../core/clocks/index.ts'
import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import {
  ButtonForm,
  ClockChip,
  Details,
  Entry,
  FormLine,
  LinkButton,
  LiveRegion,
  Pairs,
  Quiet,
  Section,
  Table,
} from '../../../web/index.ts'
import { DatedNote, Signed } from '../../frame/index.ts'
import { clockStateText } from '../../spaces/index.ts'
import type { LoadedOptions } from '../load-options.ts'
import { legalPower } from '../overrides.ts'
import { reviewClock } from '../review-clock.ts'
import type { Measure } from '../catalogue.ts'
import type { Reason, WeighedOption } from '../types.ts'
import { OthersSection } from './others-section.tsx'
import { OptionsFrame, wordsFor } from './parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedOptions
}

/** What can be done about an incident: which measures are open, and what speaks against each of the others. */
export function OptionsPage({ visit, loaded }: Props) {
  const { t, viewer } = visit
  const { incident, catalogue } = loaded
  const at = `/incidents/${incident.id}/options`
  const isOpen = incident.state !== 'closed'
  return (
    <OptionsFrame
      visit={visit}
      incident={incident}
      title={t('response.title')}
      lead={t('response.lead')}
      actions={
        <>
          {isOpen && viewer.may('incidents:draft') && (
            <LinkButton href={`${at}/answers`} label={t('response.action.answer')} />
          )}
          {isOpen && viewer.may(legalPower) && (
            <LinkButton plain href={`${at}/gate`} label={t('response.action.override')} />
          )}
          {isOpen && viewer.may('incidents.response:release') && (
            <LinkButton plain href={`${at}/decide`} label={t('response.action.decide')} />
          )}
          <LinkButton plain href={`${at}/dossiers`} label={t('response.dossier.navigation')} />
        </>
      }
    >
      <LiveRegion topic={`incident:${incident.id}`} id="options">
        <GateSection visit={visit} loaded={loaded} />
        {(['open', 'not-given', 'excluded'] as const).map((standing) => (
          <Standing key={standing} visit={visit} loaded={loaded} standing={standing} />
        ))}
        <Decisions visit={visit} loaded={loaded} />
      </LiveRegion>
      <OthersSection visit={visit} others={loaded.others} />
      <DatedNote visit={visit} files={catalogue.files} />
    </OptionsFrame>
  )
}

function GateSection({ visit, loaded }: Props) {
  const { t, language, viewer } = visit
  const { gate, catalogue, answers, overrides, nameOf, incident } = loaded
  const { rungName, answerName } = wordsFor(visit, catalogue.rules)
  return (
    <Section title={t('response.gate.title')} id="gate">
      <p>
        <strong>{gate.rung === undefined ? t('response.gate.not-given') : rungName(gate.rung)}</strong>
      </p>
      <Quiet>{t(gate.overridden ? 'response.gate.overridden' : 'response.gate.how')}</Quiet>
      <Pairs
        items={[
          gate.overridden && {
            term: t('response.gate.computed'),
            detail: gate.computed === undefined ? t('response.gate.not-given') : rungName(gate.computed),
          },
        ]}
      />
      <Table
        caption={t('response.answers.title')}
        head={[t('response.answers.question'), t('response.answers.answer'), t('response.answers.by')]}
        rows={catalogue.rules.questions.map((question) => {
          const given = answers.get(question.id)
          return [
            named(question.names, language),
            given ? answerName({ of: 'case', input: question.id }, given.value) : t('response.answers.missing'),
            given ? (
              <>
                <span dir="auto">{given.why}</span>
                <Signed visit={visit} by={nameOf(given.by)} at={given.at} />
              </>
            ) : (
              ''
            ),
          ]
        })}
      />
      {overrides.map((one) => (
        <Entry key={one.id} margin={<Signed visit={visit} by={nameOf(one.by)} at={one.at} />}>
          <FormLine>{t('response.override.title')}</FormLine>
          <p>
            {one.target === 'rung'
              ? t('response.override.gives', { rung: rungName(one.gives) })
              : t('response.override.sets-aside', {
                  rule: wordsFor(visit, catalogue.rules).ruleName({ rule: one.target }),
                })}
          </p>
          <p dir="auto">{one.reason}</p>
          {one.withdrawn && <Quiet>{t('response.override.withdrawn', { name: nameOf(one.withdrawn.by) })}</Quiet>}
          {!one.withdrawn && one.stale && <Quiet>{t('response.override.stale')}</Quiet>}
          {!one.withdrawn && incident.state !== 'closed' && viewer.may(legalPower) && (
            <ButtonForm
              plain
              action={`/incidents/${incident.id}/options/overrides/${one.id}/withdraw`}
              label={t('response.override.withdraw')}
            />
          )}
        </Entry>
      ))}
    </Section>
  )
}

function Standing({ visit, loaded, standing }: Props & { standing: WeighedOption['standing'] }) {
  const { t } = visit
  const mine = loaded.options.filter((one) => one.standing === standing)
  const measures = new Map(loaded.catalogue.measures.map((one) => [one.id, one]))
  return (
    <Section title={t(`response.standing.${standing}`, { count: mine.length })} id={standing}>
      {mine.length === 0 && <Quiet>{t('response.standing.none')}</Quiet>}
      {mine.map((option) => (
        <OptionEntry
          key={option.measure}
          visit={visit}
          loaded={loaded}
          option={option}
          measure={measures.get(option.measure) as Measure}
        />
      ))}
    </Section>
  )
}

function OptionEntry({ visit, loaded, option, measure }: Props & { option: WeighedOption; measure: Measure }) {
  const { t, language } = visit
  const sheet = loaded.sheets.get(measure.id)
  return (
    <Entry
      id={measure.id}
      margin={
        <Pairs
          items={[
            { term: t('response.decides'), detail: named(measure.body, language) },
            {
              term: t('response.input.reversibility'),
              detail: t(`response.value.reversibility.${measure.traits.reversibility}`),
            },
            { term: t('response.escalation'), detail: t(`response.degree.${measure.escalation}`) },
          ]}
        />
      }
    >
      <FormLine>
        {t(`response.practice.${measure.practice}`)} · {t(`response.category.${measure.category}`)}
      </FormLine>
      <h3>
        <a href={`/incidents/${loaded.incident.id}/options/measures/${measure.id}`}>{named(measure.names, language)}</a>
      </h3>
      <Reasons visit={visit} loaded={loaded} reasons={option.exclusions} />
      {option.missing.length > 0 && (
        <Details summary={t('response.missing-count', { count: option.missing.length })}>
          <Reasons visit={visit} loaded={loaded} reasons={option.missing} />
        </Details>
      )}
      {option.setAside.map((reason) => (
        <p key={reason.rule}>
          {t('response.set-aside', { rule: wordsFor(visit, loaded.catalogue.rules).ruleName(reason) })}
        </p>
      ))}
      {sheet && <Quiet small>{t('response.sheet.written', { name: loaded.nameOf(sheet.by) })}</Quiet>}
    </Entry>
  )
}

/** Each reason with its rule, the input it looked at, what stands there and what would have to. */
export function Reasons({ visit, loaded, reasons }: Props & { reasons: readonly Reason[] }) {
  const { t, language } = visit
  const { ruleName, inputName, answerName } = wordsFor(visit, loaded.catalogue.rules)
  if (reasons.length === 0) return null
  return (
    <ul>
      {reasons.map((reason) => (
        <li key={reason.rule}>
          {t(reason.answer === undefined ? 'response.reason-missing' : 'response.reason', {
            rule: ruleName(reason),
            input: inputName(reason),
            answer: reason.answer === undefined ? '' : answerName(reason, reason.answer),
            wanted: formatList(
              reason.wanted.map((one) => answerName(reason, one)),
              language,
              'or',
            ),
          })}
        </li>
      ))}
    </ul>
  )
}

function Decisions({ visit, loaded }: Props) {
  const { t, language, services, viewer } = visit
  const now = services.clock.now()
  return (
    <Section title={t('response.decision.title')} id="decisions">
      {loaded.decisions.length === 0 && <Quiet>{t('response.decision.none')}</Quiet>}
      {loaded.decisions.map((one) => {
        const clock = reviewClock(services, one, viewer.person.zone)
        return (
          <Entry
            key={one.id}
            margin={
              <>
                <Signed visit={visit} by={loaded.nameOf(one.by)} at={one.at} />
                {clock && (
                  <ClockChip
                    state={clockState(clock, now)}
                    text={clockStateText(clock, { services, t, language, zone: viewer.person.zone, now })}
                  />
                )}
              </>
            }
          >
            <h3>
              <a href={`/incidents/${loaded.incident.id}/options/decisions/${one.id}`}>
                {t('response.decision.number', { number: one.number })}
              </a>
            </h3>
            <p>
              <bdi>{one.decidedBy}</bdi>: {loaded.measureNames(one.chosen, language) || t('response.decision.nothing')}
            </p>
          </Entry>
        )
      })}
    </Section>
  )
}
