import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { hash, partyName } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, Services, SpaceFacts } from '../../../core/module/types.ts'
import { formatDateTime, isZone } from '../../../text/index.ts'
import {
  CheckboxGroup,
  Field,
  Hidden,
  MomentField,
  Quiet,
  RadioGroup,
  TextArea,
  writtenMoment,
} from '../../../web/index.ts'
import { momentIn } from '../../talks/index.ts'
import { audiences, codes, mostSides, type Term } from './acts.ts'
import { findPeriod, stateOf } from './periods.ts'
import type { PeriodRow } from './tables.ts'

const kinds: readonly SpaceFacts['kind'][] = ['case', 'channel', 'negotiation']
const dayMs = 86_400_000
const longestDays = 366

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const words = z.string().trim().max(2_000).optional()
const refrains = z.array(z.enum(codes)).max(codes.length).optional()
const proposalInput = z.object({
  with: z
    .array(partyName)
    .max(mostSides - 1)
    .optional(),
  zone: z.string().min(1).max(64),
  'from-date': z.iso.date().optional(),
  'from-time': time.optional(),
  'until-date': z.iso.date(),
  'until-time': time,
  refrains0: refrains,
  refrains1: refrains,
  refrains2: refrains,
  refrains3: refrains,
  refrains4: refrains,
  refrains5: refrains,
  refrains6: refrains,
  refrains7: refrains,
  words0: words,
  words1: words,
  words2: words,
  words3: words,
  words4: words,
  words5: words,
  words6: words,
  words7: words,
  told: z.enum(audiences).default('nobody'),
  'told-words': z.string().trim().max(500).optional(),
  remarks: z.string().trim().max(4_000).optional(),
  insteadOf: hash.optional(),
  prolongs: hash.optional(),
})
type ProposalInput = z.infer<typeof proposalInput>

/** Parties that can be sides here, ourselves first, others as they came. */
const possibleSides = ({ party }: Services, space: SpaceFacts): string[] =>
  space.members
    .filter(({ until, role }) => until === undefined && role !== 'observer')
    .map((one) => one.party)
    .toSorted((a, b) => Number(b === party) - Number(a === party))
    .slice(0, mostSides)

async function ProposalFields(props: ComposerProps) {
  const { services, space, viewer, values, errors, query, t } = props
  const typed = (name: string, otherwise = '') => String(values[name] ?? query.get(name) ?? otherwise)
  const [prolongs, instead] = [typed('prolongs'), typed('insteadOf')]
  const root = prolongs ? await findPeriod(services, space.id, prolongs) : undefined
  const before = instead ? await findPeriod(services, space.id, instead) : undefined
  const moment = (name: 'from' | 'until', at?: number) => {
    const local = at === undefined ? undefined : writtenMoment(viewer.person.zone, at)
    const half = (of: 'date' | 'time') => ({
      name: `${name}-${of}`,
      label: t(`de-escalation.cooling.field.${name}-${of}`),
      value: typed(`${name}-${of}`, local?.[of]),
      error: errors[`${name}-${of}`],
    })
    return <MomentField required date={half('date')} time={half('time')} />
  }
  return (
    <>
      {instead && <Hidden name="insteadOf" value={instead} />}
      {prolongs && <Hidden name="prolongs" value={prolongs} />}
      {root ? <Prolonged {...props} root={root} /> : <Sides {...props} before={before} />}
      <Field
        name="zone"
        label={t('de-escalation.cooling.field.zone')}
        hint={t('de-escalation.cooling.field.zone-hint')}
        value={typed('zone', viewer.person.zone)}
        error={errors.zone}
        required
        maxlength={64}
      />
      {!root && moment('from', before?.from_at)}
      {!root && <Quiet small>{t('de-escalation.cooling.field.from-hint')}</Quiet>}
      {moment('until', before?.until_at)}
      {!root && <Refrains {...props} before={before} />}
      <RadioGroup
        name="told"
        label={t('de-escalation.cooling.field.told')}
        value={typed('told', root?.told ?? before?.told ?? 'nobody')}
        error={errors.told}
        options={audiences.map((one) => ({ value: one, label: t(`de-escalation.cooling.told.${one}`) }))}
      />
      <Field
        name="told-words"
        label={t('de-escalation.cooling.field.told-words')}
        value={typed('told-words')}
        error={errors['told-words']}
        required={false}
        maxlength={500}
      />
      <TextArea
        name="remarks"
        label={t('de-escalation.cooling.field.remarks')}
        value={typed('remarks')}
        error={errors.remarks}
        required={false}
        rows={4}
      />
    </>
  )
}

function Prolonged({ root, viewer, t, language }: ComposerProps & { root: PeriodRow }) {
  const until = formatDateTime(root.ends_at, viewer.person.zone, language)
  return <Quiet>{t('de-escalation.cooling.prolongs', { until })}</Quiet>
}

function Sides({ services, space, values, errors, t, language, before }: ComposerProps & { before?: PeriodRow }) {
  const others = possibleSides(services, space).filter((one) => one !== services.party)
  const chosen = values.with ?? before?.sides ?? others
  return (
    <>
      {before && <Quiet>{t('de-escalation.cooling.instead')}</Quiet>}
      <CheckboxGroup
        name="with"
        label={t('de-escalation.cooling.field.with')}
        values={[chosen].flat().map(String)}
        error={errors.with}
        options={others.map((one) => ({ value: one, label: services.nameOf(one, language) }))}
      />
    </>
  )
}

function Refrains({ services, space, values, errors, t, language, before }: ComposerProps & { before?: PeriodRow }) {
  const chosen = (party: string, at: number) => {
    const proposed = before?.terms.filter((term) => term.party === party).map(({ code }) => code)
    return [values[`refrains${at}`] ?? proposed ?? []].flat().map(String)
  }
  return (
    <>
      {possibleSides(services, space).map((party, at) => (
        <>
          <CheckboxGroup
            name={`refrains${at}`}
            label={t('de-escalation.cooling.field.refrains', { party: services.nameOf(party, language) })}
            values={chosen(party, at)}
            error={errors[`refrains${at}`]}
            options={codes.map((code) => ({
              value: code,
              label: t(`de-escalation.cooling.code.${code}`),
            }))}
          />
          <TextArea
            name={`words${at}`}
            label={t('de-escalation.cooling.field.words', { party: services.nameOf(party, language) })}
            value={String(values[`words${at}`] ?? '')}
            error={errors[`words${at}`]}
            required={false}
            rows={3}
          />
        </>
      ))}
    </>
  )
}

/** A wall-clock time that does not come exactly once is refused where it was typed. */
function instant(input: ProposalInput, name: 'from' | 'until'): number {
  const [date, at] = [input[`${name}-date`], input[`${name}-time`]]
  if (date === undefined) throw InvalidInput.at(`${name}-date`, 'de-escalation.cooling.invalid.half')
  if (at === undefined) throw InvalidInput.at(`${name}-time`, 'de-escalation.cooling.invalid.half')
  const found = momentIn(input.zone, date, at)
  if (typeof found === 'string') throw InvalidInput.at(`${name}-time`, `talks.invalid.${found}`)
  return found
}

/** Terms in the order of the form; `all` are the parties it lists. */
function termsOf(input: ProposalInput, { all, sides }: { all: readonly string[]; sides: readonly string[] }): Term[] {
  const chosen = all
    .filter((party) => sides.includes(party))
    .flatMap((party) => {
      const own = input[`refrains${all.indexOf(party)}` as 'refrains0'] ?? []
      return [...new Set(own)].map((code) => ({ party, code }))
    })
  if (chosen.length === 0) throw InvalidInput.at('refrains0', 'de-escalation.cooling.invalid.no-terms')
  return chosen.map((term, at) => ({ id: `t${at + 1}`, ...term }))
}

function wordsOf(
  input: ProposalInput,
  { all, sides, terms }: { all: readonly string[]; sides: readonly string[]; terms: readonly Term[] },
): Record<string, string> {
  const given = all.flatMap((party, at): [string, string][] => {
    const typed = input[`words${at}` as 'words0']
    const needs = terms.some((term) => term.party === party && term.code === 'other')
    if (needs && !typed) throw InvalidInput.at(`words${at}`, 'de-escalation.cooling.invalid.other')
    return typed && sides.includes(party) ? [[party, typed]] : []
  })
  return Object.fromEntries(given)
}

/** Proposes a period, another in its place, or a later end of one that runs. */
export const proposalComposer: Composer<ProposalInput> = {
  type: 'de-escalation.cooling-off-proposed',
  wish: 'de-escalation.cooling.wish.proposed',
  input: proposalInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('de-escalation.cooling-off-proposed:draft') &&
    kinds.includes(space.kind) &&
    possibleSides(services, space).length > 1 &&
    possibleSides(services, space).includes(services.party),
  Fields: ProposalFields,
  async compose(services, _viewer, space, input) {
    if (!isZone(input.zone)) throw InvalidInput.at('zone', 'talks.invalid.zone')
    const now = await services.ledger.scenarioNow(space)
    const root = input.prolongs ? await getPeriod(services, space, input.prolongs) : undefined
    if (root && !['running', 'to-come'].includes(stateOf(root, now))) throw new Refusal('cooling-off-not-running')
    const before = input.insteadOf ? await getPeriod(services, space, input.insteadOf) : undefined
    if (before && stateOf(before, now) !== 'proposed') throw new Refusal('cooling-off-not-open')
    const all = possibleSides(services, space)
    const others = root ? root.sides.filter((one) => one !== services.party) : (input.with ?? [])
    const sides = [services.party, ...others]
    if (others.length === 0 || !others.every((one) => one !== services.party && all.includes(one)))
      throw InvalidInput.at('with', 'de-escalation.cooling.invalid.with')
    const from = root ? root.from_at : instant(input, 'from')
    const until = instant(input, 'until')
    if (until <= Math.max(from, now)) throw InvalidInput.at('until-date', 'de-escalation.cooling.invalid.until')
    if (root && until <= root.ends_at) throw InvalidInput.at('until-date', 'de-escalation.cooling.invalid.not-later')
    if (until - Math.max(from, now) > longestDays * dayMs)
      throw InvalidInput.at('until-date', 'de-escalation.cooling.invalid.too-long')
    const terms = root ? [] : termsOf(input, { all, sides })
    const toldWords = input['told-words']
    if (input.told === 'named' && !toldWords) throw InvalidInput.at('told-words', 'de-escalation.cooling.invalid.told')
    return {
      body: {
        with: others,
        from,
        until,
        zone: input.zone,
        terms,
        told: input.told,
        ...(before && { insteadOf: before.hash }),
        ...(root && { prolongs: root.hash }),
      },
      text: {
        words: root ? {} : wordsOf(input, { all, sides, terms }),
        ...(toldWords && { toldWords }),
        ...(input.remarks && { remarks: input.remarks }),
      },
      ...((before ?? root) && { refs: [{ act: (before ?? root)?.hash ?? '' }] }),
    }
  },
}

/** @throws Refusal `not-found` where we are no side of it */
export async function getPeriod(services: Services, space: SpaceFacts, proposal: string): Promise<PeriodRow> {
  const row = await findPeriod(services, space.id, proposal)
  if (!row?.sides.includes(services.party)) throw new Refusal('not-found')
  return row
}
