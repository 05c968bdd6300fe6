import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { hash } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, LoggedAct, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { formatDateTime, isZone } from '../../../text/index.ts'
import { CheckboxGroup, Field, Hidden, MomentField, Quiet, Select, TextArea } from '../../../web/index.ts'
import { findFace, isTechnical } from '../../spaces/index.ts'
import { momentIn } from '../../talks/index.ts'
import { beginsAt, findBreach, type PeriodState, stateOf } from './periods.ts'
import { getPeriod } from './proposal-composer.tsx'
import type { PeriodRow } from './tables.ts'

const mostOffered = 40

const starts =
  (type: string) =>
  async ({ party }: Services, viewer: Viewer, space: SpaceFacts): Promise<boolean> =>
    viewer.may(`${type}:draft` as never) && space.members.some((one) => one.party === party && one.until === undefined)

/** What is answered, in one sentence. */
async function AboutPeriod({ services, space, viewer, values, query, t, language }: ComposerProps) {
  const proposal = String(values.proposal ?? query.get('proposal') ?? '')
  if (proposal === '') return <Quiet>{t('de-escalation.cooling.from-page')}</Quiet>
  const row = await getPeriod(services, space, proposal)
  const time = (at: number) => formatDateTime(at, viewer.person.zone, language)
  return (
    <>
      <Hidden name="proposal" value={proposal} />
      <Quiet>
        {t('de-escalation.cooling.about', {
          party: services.nameOf(row.author, language),
          from: time(beginsAt(row)),
          until: time(row.ends_at),
        })}
      </Quiet>
    </>
  )
}

const aboutInput = z.object({ proposal: hash, words: z.string().trim().max(4_000).default('') })

interface Step {
  verb: 'agreed' | 'declined' | 'withdrawn' | 'ended'
  /** States in which there is something to say. */
  states: readonly PeriodState[]
  whose: 'author' | 'others' | 'any'
}

function stepComposer({ verb, states, whose }: Step): Composer<z.infer<typeof aboutInput>> {
  const type = `de-escalation.cooling-off-${verb}`
  return {
    type,
    wish: `de-escalation.cooling.wish.${verb}`,
    begunAtAct: true,
    input: aboutInput,
    mayStart: starts(type),
    async Fields(props) {
      const { values, errors, t } = props
      return (
        <>
          {await AboutPeriod(props)}
          <Quiet>{t(`de-escalation.cooling.means.${verb}`)}</Quiet>
          {verb !== 'agreed' && (
            <TextArea
              name="words"
              label={t('de-escalation.cooling.field.reason')}
              value={String(values.words ?? '')}
              error={errors.words}
              required={false}
              rows={4}
            />
          )}
        </>
      )
    },
    async compose(services, _viewer, space, input) {
      const row = await getPeriod(services, space, input.proposal)
      requireState(row, states, await services.ledger.scenarioNow(space))
      const isAuthor = row.author === services.party
      if ((whose === 'author' && !isAuthor) || (whose === 'others' && isAuthor))
        throw new Refusal('cooling-off-not-ours')
      return {
        body: { proposal: row.hash },
        ...(verb !== 'agreed' && { text: { words: input.words } }),
        refs: [{ act: row.hash }],
      }
    },
  }
}

function requireState(row: PeriodRow, states: readonly PeriodState[], now: number): void {
  const state = stateOf(row, now)
  if (!states.includes(state))
    throw new Refusal(states.includes('proposed') ? 'cooling-off-not-open' : 'cooling-off-not-running')
}

const breachInput = z.object({
  proposal: hash,
  term: z.string().max(4),
  date: z.iso.date(),
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  zone: z.string().min(1).max(64),
  words: z.string().trim().min(1).max(10_000),
  evidence: z.array(hash).max(20).optional(),
})

/** Newest acts of the space that are no record-keeping: what a statement can refer to. */
async function listReferable(services: Services, space: SpaceFacts): Promise<LoggedAct[]> {
  const acts = await services.ledger.acts(space.id, { from: Math.max(0, space.size - 200), limit: 200 })
  return acts
    .filter(({ statement, withoutEffect }) => withoutEffect === undefined && !isTechnical(services, statement.type))
    .slice(-mostOffered)
    .toReversed()
}

async function BreachFields(props: ComposerProps) {
  const { services, space, viewer, values, errors, query, t, language } = props
  const proposal = String(values.proposal ?? query.get('proposal') ?? '')
  if (proposal === '') return <Quiet>{t('de-escalation.cooling.from-page')}</Quiet>
  const [row, acts] = await Promise.all([getPeriod(services, space, proposal), listReferable(services, space)])
  const name = (party: string) => services.nameOf(party, language)
  const happened = (of: 'date' | 'time') => ({
    name: of,
    label: t(`de-escalation.cooling.field.happened-${of}`),
    value: String(values[of] ?? ''),
    error: errors[of],
  })
  return (
    <>
      {await AboutPeriod(props)}
      <Quiet>{t('de-escalation.cooling.means.breach')}</Quiet>
      <Select
        name="term"
        label={t('de-escalation.cooling.field.term')}
        value={String(values.term ?? '')}
        error={errors.term}
        required
        options={row.terms
          .filter(({ party }) => party !== services.party)
          .map(({ id, party, code }) => ({
            value: id,
            label: t('de-escalation.cooling.term', {
              party: name(party),
              code: t(`de-escalation.cooling.code.${code}`),
            }),
          }))}
      />
      <MomentField required date={happened('date')} time={happened('time')} />
      <Field
        name="zone"
        label={t('de-escalation.cooling.field.zone')}
        value={String(values.zone ?? viewer.person.zone)}
        error={errors.zone}
        required
        maxlength={64}
      />
      <TextArea
        name="words"
        label={t('de-escalation.cooling.field.statement')}
        value={String(values.words ?? '')}
        error={errors.words}
        required
        rows={6}
      />
      <CheckboxGroup
        name="evidence"
        label={t('de-escalation.cooling.field.evidence')}
        hint={t('de-escalation.cooling.field.evidence-hint')}
        values={[values.evidence ?? []].flat().map(String)}
        error={errors.evidence}
        options={acts.map(({ hash: act, index, statement, time }) => ({
          value: act,
          label: t('de-escalation.cooling.act', {
            number: index + 1,
            form: findFace(services, statement.type)?.form(t) ?? statement.type,
            party: name(statement.author),
            time: formatDateTime(time, viewer.person.zone, language, { short: true }),
          }),
        }))}
      />
    </>
  )
}

export const breachComposer: Composer<z.infer<typeof breachInput>> = {
  type: 'de-escalation.breach-stated',
  wish: 'de-escalation.cooling.wish.breach',
  begunAtAct: true,
  input: breachInput,
  mayStart: starts('de-escalation.breach-stated'),
  Fields: BreachFields,
  async compose(services, _viewer, space, input) {
    if (!isZone(input.zone)) throw InvalidInput.at('zone', 'talks.invalid.zone')
    const row = await getPeriod(services, space, input.proposal)
    if (row.agreed_at === null || row.prolongs !== null) throw new Refusal('cooling-off-not-running')
    const term = row.terms.find(({ id, party }) => id === input.term && party !== services.party)
    if (!term) throw InvalidInput.at('term', 'de-escalation.cooling.invalid.term')
    const at = momentIn(input.zone, input.date, input.time)
    if (typeof at === 'string') throw InvalidInput.at('time', `talks.invalid.${at}`)
    const now = await services.ledger.scenarioNow(space)
    if (at < beginsAt(row) || at > Math.min(row.ended_at ?? row.ends_at, now))
      throw InvalidInput.at('date', 'de-escalation.cooling.invalid.not-in-period')
    const evidence = [...new Set(input.evidence)]
    const found = await Promise.all(evidence.map((one) => services.ledger.findAct(one)))
    if (found.some((act) => act?.space !== space.id))
      throw InvalidInput.at('evidence', 'de-escalation.cooling.invalid.evidence')
    return {
      body: { proposal: row.hash, term: term.id, at, zone: input.zone, evidence },
      text: { words: input.words },
      refs: [row.hash, ...evidence].map((act) => ({ act })),
    }
  },
}

const answerInput = z.object({ statement: hash, words: z.string().trim().min(1).max(10_000) })

export const breachAnswerComposer: Composer<z.infer<typeof answerInput>> = {
  type: 'de-escalation.breach-answered',
  wish: 'de-escalation.cooling.wish.answered',
  begunAtAct: true,
  input: answerInput,
  mayStart: starts('de-escalation.breach-answered'),
  async Fields({ services, values, errors, query, space, t, language }) {
    const statement = String(values.statement ?? query.get('statement') ?? '')
    const breach = statement ? await findBreach(services, space.id, statement) : undefined
    if (!breach) return <Quiet>{t('de-escalation.cooling.from-page')}</Quiet>
    return (
      <>
        <Hidden name="statement" value={statement} />
        <Quiet>{t('de-escalation.cooling.stated-by', { party: services.nameOf(breach.author, language) })}</Quiet>
        <TextArea
          name="words"
          label={t('de-escalation.cooling.field.answer')}
          value={String(values.words ?? '')}
          error={errors.words}
          required
          rows={6}
        />
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    const breach = await findBreach(services, space.id, input.statement)
    if (!breach) throw new Refusal('not-found')
    if (breach.party !== services.party) throw new Refusal('cooling-off-not-ours')
    return { body: { statement: breach.hash }, text: { words: input.words }, refs: [{ act: breach.hash }] }
  },
}

export const stepComposers = [
  stepComposer({ verb: 'agreed', states: ['proposed'], whose: 'others' }),
  stepComposer({ verb: 'declined', states: ['proposed'], whose: 'others' }),
  stepComposer({ verb: 'withdrawn', states: ['proposed'], whose: 'author' }),
  stepComposer({ verb: 'ended', states: ['running', 'to-come'], whose: 'any' }),
]
