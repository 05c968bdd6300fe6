import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate } from '../../../text/index.ts'
import { Button, Entry, Field, Form, Hidden, Pairs, Paper, Quiet, Section, TextArea } from '../../../web/index.ts'
import { type Decision, findingHeads } from '../decisions.ts'
import type { LoadedOptions } from '../load-options.ts'
import { Reasons } from './options-page.tsx'
import { type Returned, Signed, WhatIsWrong } from '../../frame/index.ts'
import { OptionsFrame, typed, wordsFor } from './parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedOptions
  decision: Decision
  returned?: Returned
}

/** A decision as it was minuted, with the options as they stood that day, and what was found later. */
export function DecisionPage(props: Props) {
  const { visit, loaded, decision } = props
  const { t, language } = visit
  const day = (date: string) => formatDate(Date.parse(date), 'UTC', language)
  const { rungName } = wordsFor(visit, loaded.catalogue.rules)
  const words = (value: string) => <span dir="auto">{value}</span>
  return (
    <OptionsFrame
      visit={visit}
      incident={loaded.incident}
      title={t('response.decision.number', { number: decision.number })}
      sub
    >
      <Paper>
        <Pairs
          items={[
            { term: t('response.decision.on'), detail: day(decision.decidedOn) },
            { term: t('response.decision.by'), detail: words(decision.decidedBy) },
            {
              term: t('response.decision.chosen'),
              detail: loaded.measureNames(decision.chosen, language) || t('response.decision.nothing'),
            },
            { term: t('response.decision.why'), detail: words(decision.why) },
            decision.despite !== '' && { term: t('response.decision.despite'), detail: words(decision.despite) },
            {
              term: t('response.decision.dissent'),
              detail: decision.dissent === '' ? t('response.none') : words(decision.dissent),
            },
            {
              term: t('response.gate.then'),
              detail: decision.rung === '' ? t('response.gate.not-given') : rungName(decision.rung),
            },
            {
              term: t('response.review-on'),
              detail: decision.reviewOn ? day(decision.reviewOn) : t('response.review.done'),
            },
          ]}
        />
      </Paper>
      <Signed visit={visit} by={loaded.nameOf(decision.by)} at={decision.at} />
      <Section title={t('response.decision.considered-then')} id="considered">
        {decision.considered.length === 0 && <Quiet>{t('response.none')}</Quiet>}
        {decision.considered.map((one) => (
          <Entry key={one.measure} margin={t(`response.standing-here.${one.standing}`)}>
            <h3>{loaded.measureNames([one.measure], language)}</h3>
            <Reasons visit={visit} loaded={loaded} reasons={one.exclusions} />
            <Reasons visit={visit} loaded={loaded} reasons={one.missing} />
            {one.setAside.map((reason) => (
              <p key={reason.rule}>
                {t('response.set-aside', { rule: wordsFor(visit, loaded.catalogue.rules).ruleName(reason) })}
              </p>
            ))}
          </Entry>
        ))}
      </Section>
      <Reviews {...props} />
    </OptionsFrame>
  )
}

function Reviews({ visit, loaded, decision, returned }: Props) {
  const { t, viewer, language } = visit
  const labels = {
    ...Object.fromEntries(findingHeads.map((head) => [head, t(`response.review.head.${head}`)])),
    nextOn: t('response.review.next'),
  }
  return (
    <Section title={t('response.review.title')} id="review">
      {decision.reviews.length === 0 && <Quiet>{t('response.review.none')}</Quiet>}
      {decision.reviews.map((one) => (
        <Entry key={one.id} margin={<Signed visit={visit} by={loaded.nameOf(one.by)} at={one.at} />}>
          <Pairs
            items={[
              ...findingHeads
                .filter((head) => one.findings[head])
                .map((head) => ({
                  term: t(`response.review.head.${head}`),
                  detail: <span dir="auto">{one.findings[head]}</span>,
                })),
              one.nextOn !== undefined && {
                term: t('response.review.next'),
                detail: formatDate(Date.parse(one.nextOn), 'UTC', language),
              },
            ]}
          />
        </Entry>
      ))}
      {viewer.may('incidents:draft') && (
        <>
          <WhatIsWrong returned={returned} labels={labels} />
          <Form
            action={`/incidents/${loaded.incident.id}/options/decisions/${decision.id}/review`}
            label={t('response.review.title')}
          >
            <Hidden name="id" value={newId()} />
            {findingHeads.map((head) => (
              <TextArea
                key={head}
                name={head}
                label={t(`response.review.head.${head}`)}
                rows={2}
                value={typed(returned, head)}
                error={returned?.errors[head]}
                required={false}
                maxlength={4000}
              />
            ))}
            <Field
              name="nextOn"
              type="date"
              label={t('response.review.next')}
              hint={t('response.review.next-hint')}
              value={typed(returned, 'nextOn')}
              error={returned?.errors.nextOn}
              required={false}
            />
            <Button label={t('response.review.save')} />
          </Form>
        </>
      )}
    </Section>
  )
}
