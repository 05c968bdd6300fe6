import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { originatorControl } from '../../../core/markings/index.ts'
import { formatDate } from '../../../text/index.ts'
import { Checkbox, CheckboxGroup, RadioGroup, Select, TextArea } from '../../../web/index.ts'
import { onwardRules, outcomes, purposes, type TermsOfUse } from '../acts.ts'
import { keptAtLeast } from '../projection.ts'
import { postponementGrounds, refusalGrounds, regimeOf, regimesEdition } from '../regimes.ts'
import { DayField, dayInput, requireComing, stepComposer, stepInput, wordsOf } from './step-composers.tsx'

const part = z.string().trim().max(10_000).default('')

const acceptedInput = z.object({
  ...stepInput,
  scope: z.enum(['whole', 'part']).default('whole'),
  granted: part,
  withheld: part,
  deliverBy: dayInput,
})

export const acceptedComposer = stepComposer({
  type: 'assistance.request-accepted',
  input: acceptedInput,
  step: ({ scope }) => (scope === 'part' ? 'partly' : 'accepted'),
  fields: (props) => {
    const { values, errors, t } = props
    const value = (name: string) => String(values[name] ?? '')
    return (
      <>
        <RadioGroup
          name="scope"
          label={t('assistance.field.scope')}
          value={value('scope') || 'whole'}
          error={errors.scope}
          options={['whole', 'part'].map((one) => ({ value: one, label: t(`assistance.scope.${one}`) }))}
        />
        {(['granted', 'withheld'] as const).map((name) => (
          <TextArea
            key={name}
            name={name}
            label={t(`assistance.field.${name}`)}
            hint={t('assistance.field.part-hint')}
            value={value(name)}
            error={errors[name]}
            rows={3}
            required={false}
          />
        ))}
        <DayField props={props} name="deliverBy" hint={t('assistance.field.deliverBy-hint')} />
      </>
    )
  },
  compose: (input, _found, { now }) => {
    const { request, scope, granted, withheld, deliverBy } = input
    requireComing('deliverBy', deliverBy, now)
    for (const [field, words] of Object.entries({ granted, withheld })) {
      if (scope === 'part' && words === '') throw InvalidInput.at(field, 'assistance.invalid.which-parts')
      if (scope === 'whole' && words !== '') throw InvalidInput.at(field, 'assistance.invalid.whole-has-no-parts')
    }
    return {
      body: { request, scope, ...(deliverBy !== undefined && { deliverBy }) },
      text: { ...wordsOf(input), ...(granted !== '' && { granted }), ...(withheld !== '' && { withheld }) },
    }
  },
})

export const refusedComposer = stepComposer({
  type: 'assistance.request-refused',
  input: z.object({ ...stepInput, grounds: z.array(z.enum(refusalGrounds)).min(1) }),
  step: () => 'refused',
  needsWords: true,
  fields: ({ values, errors, t }, { note }) => (
    <CheckboxGroup
      name="grounds"
      label={t('assistance.field.grounds')}
      hint={t('assistance.field.grounds-hint')}
      values={[values.grounds ?? []].flat().map(String)}
      error={errors.grounds}
      required
      options={(regimeOf(note.request_kind)?.refuse ?? []).map((one) => ({
        value: one,
        label: t(`assistance.ground.${one}`),
      }))}
    />
  ),
  compose: ({ request, grounds }, { note }) => {
    const allowed = regimeOf(note.request_kind)?.refuse ?? []
    if (!grounds.every((one) => allowed.includes(one))) throw InvalidInput.at('grounds', 'http.invalid.choose')
    return { body: { request, edition: regimesEdition, grounds: [...new Set(grounds)] } }
  },
})

export const postponedComposer = stepComposer({
  type: 'assistance.request-postponed',
  input: z.object({ ...stepInput, ground: z.enum(postponementGrounds), until: z.iso.date() }),
  step: () => 'postponed',
  fields: (props) => {
    const { values, errors, t } = props
    return (
      <>
        <Select
          name="ground"
          label={t('assistance.field.ground')}
          value={String(values.ground ?? '')}
          error={errors.ground}
          placeholder={t('assistance.choose')}
          options={postponementGrounds.map((one) => ({ value: one, label: t(`assistance.ground.${one}`) }))}
        />
        <DayField props={props} name="until" hint={t('assistance.field.until-hint')} />
      </>
    )
  },
  compose: ({ request, ground, until }, _found, { now }) => {
    requireComing('until', until, now)
    return { body: { request, ground, until } }
  },
})

const executedInput = z.object({
  ...stepInput,
  complete: z.enum(['yes', 'no']).default('yes'),
  keptUntil: dayInput,
  purpose: z.union([z.literal('').transform(() => undefined), z.enum(purposes)]).optional(),
  confidential: z.literal('yes').optional(),
  onward: z.enum(onwardRules).default('none'),
  returnBy: dayInput,
  deleteBy: dayInput,
  takenFirst: z.literal('yes').optional(),
  conditions: part,
})

export const executedComposer = stepComposer({
  type: 'assistance.request-executed',
  input: executedInput,
  step: ({ complete }) => (complete === 'no' ? 'handed-over' : 'executed'),
  needsWords: true,
  fields: (props, { note }) => {
    const { values, errors, t, language } = props
    const value = (name: string) => String(values[name] ?? '')
    const days = regimeOf(note.request_kind)?.keepsDays
    const earliest = days && keptAtLeast(props.services.clock.now(), days)
    const choose = (name: string, options: readonly string[]) =>
      options.map((one) => ({ value: one, label: t(`assistance.${name}.${one}`) }))
    return (
      <>
        <RadioGroup
          name="complete"
          label={t('assistance.field.complete')}
          value={value('complete') || 'yes'}
          options={choose('complete', ['yes', 'no'])}
        />
        {earliest && (
          <DayField
            props={props}
            name="keptUntil"
            hint={t('assistance.field.keptUntil-hint', {
              days: days ?? 0,
              day: formatDate(Date.parse(earliest), 'UTC', language),
            })}
          />
        )}
        <fieldset>
          <legend>{t('assistance.terms.title')}</legend>
          <p class="hint">{t('assistance.terms.hint')}</p>
          <Select
            name="purpose"
            label={t('assistance.field.purpose')}
            value={value('purpose')}
            error={errors.purpose}
            placeholder={t('assistance.terms.none')}
            options={choose('purpose', purposes)}
          />
          <Select
            name="onward"
            label={t('assistance.field.onward')}
            hint={t('assistance.field.onward-hint')}
            value={value('onward') || 'none'}
            error={errors.onward}
            options={choose('onward', onwardRules)}
          />
          <Checkbox
            name="confidential"
            label={t('assistance.field.confidential')}
            checked={value('confidential') === 'yes'}
          />
          <DayField props={props} name="returnBy" />
          <DayField props={props} name="deleteBy" />
          <Checkbox
            name="takenFirst"
            label={t('assistance.field.takenFirst')}
            hint={t('assistance.field.takenFirst-hint')}
            checked={value('takenFirst') === 'yes'}
          />
          <TextArea
            name="conditions"
            label={t('assistance.field.conditions')}
            value={value('conditions')}
            error={errors.conditions}
            rows={3}
            required={false}
          />
        </fieldset>
      </>
    )
  },
  compose: (input, { note }, { now }) => {
    const { request, keptUntil, conditions } = input
    const complete = input.complete === 'yes'
    const days = regimeOf(note.request_kind)?.keepsDays
    const keeps = complete && days !== undefined
    if (!keeps && keptUntil !== undefined) throw InvalidInput.at('keptUntil', 'assistance.invalid.nothing-is-kept')
    if (keeps && (keptUntil === undefined || keptUntil < keptAtLeast(now, days)))
      throw new Refusal('assistance-kept-too-short', { field: 'keptUntil', days, day: keptAtLeast(now, days) })
    const terms = termsFrom(input, now)
    return {
      body: {
        request,
        edition: regimesEdition,
        complete,
        ...(keptUntil !== undefined && { keptUntil }),
        ...(terms && { terms }),
      },
      text: { ...wordsOf(input), ...(conditions !== '' && { conditions }) },
      // What may not be handed on without us bears the caveat by which every node holds it back.
      ...(terms && terms.onward !== 'free' && { carried: { tlp: 'CLEAR' as const, caveats: [originatorControl] } }),
    }
  },
})

function termsFrom(input: z.infer<typeof executedInput>, now: number): TermsOfUse | undefined {
  const { purpose, confidential, onward, returnBy, deleteBy, takenFirst, conditions } = input
  const isSaid = [confidential, returnBy, deleteBy, takenFirst].some((one) => one !== undefined) || conditions !== ''
  if (purpose === undefined) {
    if (isSaid) throw InvalidInput.at('purpose', 'assistance.invalid.terms-without-purpose')
    return undefined
  }
  requireComing('returnBy', returnBy, now)
  requireComing('deleteBy', deleteBy, now)
  return {
    purpose,
    confidential: confidential === 'yes',
    onward,
    ...(returnBy !== undefined && { returnBy }),
    ...(deleteBy !== undefined && { deleteBy }),
    takenFirst: takenFirst === 'yes',
  }
}

export const supplementedComposer = stepComposer({
  type: 'assistance.request-supplemented',
  input: z.object(stepInput),
  step: () => 'supplemented',
  needsWords: true,
  compose: ({ request }) => ({ body: { request } }),
})

export const extensionRequestedComposer = stepComposer({
  type: 'assistance.extension-requested',
  input: z.object({ ...stepInput, until: z.iso.date() }),
  step: () => 'extension-requested',
  needsWords: true,
  fields: (props, { standing }) => (
    <DayField
      props={props}
      name="until"
      hint={props.t('assistance.field.kept-now', {
        day: formatDate(Date.parse(standing.keptUntil ?? ''), 'UTC', props.language),
      })}
    />
  ),
  compose: ({ request, until }, { standing }) => {
    if (until <= (standing.keptUntil ?? '')) throw InvalidInput.at('until', 'assistance.invalid.no-longer')
    return { body: { request, until } }
  },
})

export const extensionAnsweredComposer = stepComposer({
  type: 'assistance.extension-answered',
  input: z.object({ ...stepInput, keptUntil: dayInput }),
  step: ({ keptUntil }) => (keptUntil === undefined ? 'extension-refused' : 'extension-granted'),
  fields: (props) => <DayField props={props} name="keptUntil" hint={props.t('assistance.field.extension-hint')} />,
  compose: ({ keptUntil, words }, { standing }) => {
    if (keptUntil === undefined && words === '') throw new Refusal('assistance-words-missing', { field: 'words' })
    if (keptUntil !== undefined && keptUntil <= (standing.keptUntil ?? ''))
      throw InvalidInput.at('keptUntil', 'assistance.invalid.no-longer')
    return {
      body: {
        extension: standing.extension ?? '',
        edition: regimesEdition,
        ...(keptUntil !== undefined && { keptUntil }),
      },
    }
  },
})

export const closedComposer = stepComposer({
  type: 'assistance.request-closed',
  input: z.object({ ...stepInput, outcome: z.enum(outcomes) }),
  step: () => 'closed',
  fields: ({ values, errors, t }) => (
    <RadioGroup
      name="outcome"
      label={t('assistance.field.outcome')}
      value={values.outcome === undefined ? undefined : String(values.outcome)}
      error={errors.outcome}
      required
      options={outcomes.map((one) => ({ value: one, label: t(`assistance.outcome.${one}`) }))}
    />
  ),
  compose: ({ request, outcome }) => ({ body: { request, outcome } }),
})
