import { z } from 'zod'
import { addDuration, isDuration } from '../../../core/clocks/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Answer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Button, ErrorSummary, Field, Form, Hidden, PageHead, Quiet, Row, Section, Select } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace } from '../find-space.ts'
import { titleOf } from '../space-words.ts'

/** Scenario ms per real ms: stands still, real time, a minute a second, an hour a minute's twelfth. */
const offeredRates = [0, 1, 60, 720] as const
const offeredSteps = ['PT10M', 'PT1H', 'PT4H', 'PT24H', 'P7D']

export const clockInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** Scenario instant, RFC 3339 or as a date-time field gives it (then UTC). */
  scenario: z.string().max(40).optional(),
  /** Instead of an instant: move on from the present one. */
  advance: z.string().max(40).optional(),
  rate: z.coerce.number().int().min(0).max(1_000_000).optional(),
})
type ClockInput = z.infer<typeof clockInput>

async function getDrill(visit: Visit): Promise<SpaceFacts> {
  const space = await getSpace(visit.services, visit.params.space)
  if (!space.drill) throw new Refusal('spaces.not-a-drill')
  return space
}

/** The clock of an exercise: what it shows, and how it is set or moved on. */
export async function clockForm(visit: Visit, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, viewer, t, language } = visit
  const space = await getDrill(visit)
  const now = await services.ledger.scenarioNow(space)
  const title = t('spaces.clock.title')
  const here = `/spaces/${space.id}/clock`
  const rates = offeredRates.map((rate) => ({ value: String(rate), label: t(`spaces.clock.rate.${rate}`) }))
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead
          form={titleOf(space, language)}
          title={title}
          lead={t('spaces.clock.shows', { time: formatDateTime(now, viewer.person.zone, language) })}
        />
        <Quiet>{t('spaces.clock.explained')}</Quiet>
        <ErrorSummary
          errors={errors}
          labels={{ advance: t('spaces.clock.by'), scenario: t('spaces.clock.instant'), rate: t('spaces.clock.then') }}
        />
        <Section title={t('spaces.clock.advance')}>
          <Form action={here} label={t('spaces.clock.advance')}>
            <Hidden name="id" value={newId()} />
            <Select
              name="advance"
              label={t('spaces.clock.by')}
              value="PT1H"
              error={errors.advance}
              options={offeredSteps.map((step) => ({ value: step, label: t(`spaces.duration.${step}`) }))}
            />
            <Select name="rate" label={t('spaces.clock.then')} value="1" error={errors.rate} options={rates} />
            <Row>
              <Button label={t('spaces.clock.do-advance')} />
            </Row>
          </Form>
        </Section>
        <Section title={t('spaces.clock.set')}>
          <Form action={here} label={t('spaces.clock.set')} scope="set">
            <Hidden name="id" value={newId()} />
            <Field
              name="scenario"
              type="datetime-local"
              label={t('spaces.clock.instant')}
              hint={t('spaces.clock.utc')}
              value={new Date(now).toISOString().slice(0, 16)}
              error={errors.scenario}
              required
            />
            <Select name="rate" label={t('spaces.clock.then')} value="1" error={errors.rate} options={rates} />
            <Row>
              <Button label={t('spaces.clock.do-set')} plain />
            </Row>
          </Form>
        </Section>
        <p>
          <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
        </p>
      </Framed>
    ),
  }
}

/** Puts the new setting on the record; everybody's duties in this space follow it. */
export async function setClock(visit: Visit<ClockInput>): Promise<Answer> {
  const { services, viewer, input, t } = visit
  const space = await getDrill(visit)
  const scenario = await scenarioOf(visit, space)
  const submission = await services.outbox.send({
    space: space.id,
    type: 'drill.clock-set',
    id: input.id,
    office: viewer.office.id,
    body: { scenario, rate: input.rate ?? 1 },
    marking: { tlp: 'AMBER' },
  })
  if (submission.state === 'refused') throw new Refusal('spaces.act-refused', { rule: submission.rule })
  return {
    redirect: `/spaces/${space.id}`,
    data: {
      id: input.id,
      actHash: submission.hash,
      state: submission.state,
      scenario: new Date(scenario).toISOString(),
    },
    notice: t(`spaces.clock.${submission.state}`),
  }
}

async function scenarioOf({ services, input }: Visit<ClockInput>, space: SpaceFacts): Promise<number> {
  if (input.advance !== undefined) {
    if (!isDuration(input.advance)) throw InvalidInput.at('advance', 'spaces.invalid.duration')
    return addDuration(await services.ledger.scenarioNow(space), input.advance, 'Etc/UTC')
  }
  const given = input.scenario ?? ''
  const scenario = Date.parse(/Z$|[+-]\d\d:\d\d$/.test(given) ? given : `${given}Z`)
  if (!Number.isSafeInteger(scenario) || scenario < 0) throw InvalidInput.at('scenario', 'http.invalid.date')
  return scenario
}
