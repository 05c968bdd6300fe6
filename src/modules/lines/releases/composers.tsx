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
  Select,
  TextArea,
  writtenMoment,
} from '../../../web/index.ts'
import { momentIn } from '../../talks/index.ts'
import { findRelease, stateOf } from './releases.ts'
import type { ReleaseRow } from './tables.ts'

const kinds: readonly SpaceFacts['kind'][] = ['case', 'channel', 'negotiation']
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const words = z.string().trim().max(4_000).default('')

const proposalInput = z.object({
  with: z.array(partyName).max(40).optional(),
  subject: z.string().trim().min(1).max(300),
  words,
  date: z.iso.date(),
  time,
  zone: z.string().min(1).max(64),
  moves: hash.optional(),
})
type ProposalInput = z.infer<typeof proposalInput>

const othersIn = ({ party }: Services, space: SpaceFacts): string[] =>
  space.members
    .filter((one) => one.until === undefined && one.role !== 'observer' && one.party !== party)
    .map((one) => one.party)

/** @throws Refusal `not-found` where we are no side of it */
async function getRelease(services: Services, space: SpaceFacts, proposal: string): Promise<ReleaseRow> {
  const row = await findRelease(services, space.id, proposal)
  if (!row?.sides.includes(services.party)) throw new Refusal('not-found')
  return row
}

/** A wall-clock time that does not come exactly once is refused where it was typed. */
function instantOf({ zone, date, time: at }: { zone: string; date: string; time: string }): number {
  if (!isZone(zone)) throw InvalidInput.at('zone', 'talks.invalid.zone')
  const found = momentIn(zone, date, at)
  if (typeof found === 'string') throw InvalidInput.at('time', `talks.invalid.${found}`)
  return found
}

function When({ viewer, values, errors, query, t, label, at }: ComposerProps & { label: string; at?: number }) {
  const local = at === undefined ? undefined : writtenMoment(viewer.person.zone, at)
  const half = (name: 'date' | 'time') => ({
    name,
    label: t(`lines.release.field.${label}-${name}`),
    value: String(values[name] ?? query.get(name) ?? local?.[name] ?? ''),
    error: errors[name],
  })
  return (
    <>
      <MomentField required date={half('date')} time={half('time')} />
      <Field
        name="zone"
        label={t('lines.release.field.zone')}
        hint={t('lines.release.field.zone-hint')}
        value={String(values.zone ?? viewer.person.zone)}
        error={errors.zone}
        required
        maxlength={64}
      />
    </>
  )
}

/** Proposes a time before which no side speaks in public, or another time for one that was agreed. */
export const proposalComposer: Composer<ProposalInput> = {
  type: 'lines.release-proposed',
  wish: 'lines.release.wish.proposed',
  input: proposalInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('lines.release-proposed:draft') && kinds.includes(space.kind) && othersIn(services, space).length > 0,
  async Fields(props) {
    const { services, space, values, errors, query, t, language } = props
    const typed = (name: string) => String(values[name] ?? query.get(name) ?? '')
    const others = othersIn(services, space)
    const root = typed('moves') ? await getRelease(services, space, typed('moves')) : undefined
    return (
      <>
        {root ? (
          <>
            <Hidden name="moves" value={root.hash} />
            <Quiet>{t('lines.release.moves')}</Quiet>
          </>
        ) : (
          <CheckboxGroup
            name="with"
            label={t('lines.release.field.with')}
            values={[values.with ?? others].flat().map(String)}
            error={errors.with}
            options={others.map((one) => ({ value: one, label: services.nameOf(one, language) }))}
          />
        )}
        <Field
          name="subject"
          label={t('lines.release.field.subject')}
          hint={t('lines.release.field.subject-hint')}
          value={typed('subject')}
          error={errors.subject}
          required
          maxlength={300}
        />
        {When({ ...props, label: 'not-before', ...(root && { at: root.at_ms }) })}
        <TextArea
          name="words"
          label={t('lines.release.field.words')}
          value={typed('words')}
          error={errors.words}
          required={false}
          rows={4}
        />
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    const at = instantOf(input)
    const now = await services.ledger.scenarioNow(space)
    if (at <= now) throw InvalidInput.at('date', 'talks.invalid.past')
    const root = input.moves ? await getRelease(services, space, input.moves) : undefined
    if (root && (root.moves !== null || stateOf(root, now) !== 'agreed')) throw new Refusal('lines.release-not-open')
    const all = othersIn(services, space)
    const others = root ? root.sides.filter((one) => one !== services.party) : [...new Set(input.with ?? [])]
    if (others.length === 0 || !others.every((one) => all.includes(one)))
      throw InvalidInput.at('with', 'talks.invalid.not-here')
    return {
      body: { with: others, at, zone: input.zone, ...(root && { moves: root.hash }) },
      text: { subject: input.subject, words: input.words },
      ...(root && { refs: [{ act: root.hash }] }),
    }
  },
}

/** What is answered, in one sentence. */
async function About({ services, space, viewer, values, query, t, language }: ComposerProps) {
  const proposal = String(values.proposal ?? query.get('proposal') ?? '')
  if (proposal === '') return <Quiet>{t('lines.release.from-act')}</Quiet>
  const row = await getRelease(services, space, proposal)
  return (
    <>
      <Hidden name="proposal" value={proposal} />
      <Quiet>
        {t('lines.release.about', {
          party: services.nameOf(row.author, language),
          time: formatDateTime(row.at_ms, viewer.person.zone, language),
        })}
      </Quiet>
    </>
  )
}

const stepInput = z.object({ proposal: hash, words })

function stepComposer(verb: 'agreed' | 'declined' | 'withdrawn'): Composer<z.infer<typeof stepInput>> {
  const type = `lines.release-${verb}`
  return {
    type,
    wish: `lines.release.wish.${verb}`,
    begunAtAct: true,
    input: stepInput,
    mayStart: async (services, viewer, space) =>
      viewer.may(`${type}:draft` as never) && othersIn(services, space).length > 0,
    async Fields(props) {
      const { values, errors, t } = props
      return (
        <>
          {await About(props)}
          <Quiet>{t(`lines.release.means.${verb}`)}</Quiet>
          {verb !== 'agreed' && (
            <TextArea
              name="words"
              label={t('lines.release.field.words')}
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
      const row = await getRelease(services, space, input.proposal)
      if (stateOf(row, await services.ledger.scenarioNow(space)) !== 'proposed' && verb === 'agreed')
        throw new Refusal('lines.release-not-open')
      if (row.agreed_at !== null || row.closed_how !== null) throw new Refusal('lines.release-not-open')
      if ((row.author === services.party) !== (verb === 'withdrawn')) throw new Refusal('lines.release-not-asked')
      return {
        body: { proposal: row.hash },
        ...(verb !== 'agreed' && { text: { words: input.words } }),
        refs: [{ act: row.hash }],
      }
    },
  }
}

const brokenInput = z.object({
  proposal: hash,
  party: partyName,
  date: z.iso.date(),
  time,
  zone: z.string().min(1).max(64),
  words: z.string().trim().min(1).max(4_000),
})

export const brokenComposer: Composer<z.infer<typeof brokenInput>> = {
  type: 'lines.release-broken',
  wish: 'lines.release.wish.broken',
  begunAtAct: true,
  input: brokenInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('lines.release-broken:draft') && othersIn(services, space).length > 0,
  async Fields(props) {
    const { services, space, values, errors, query, t, language } = props
    const proposal = String(values.proposal ?? query.get('proposal') ?? '')
    const row = proposal === '' ? undefined : await getRelease(services, space, proposal)
    return (
      <>
        {await About(props)}
        <Quiet>{t('lines.release.means.broken')}</Quiet>
        <Select
          name="party"
          label={t('lines.release.field.party')}
          value={String(values.party ?? '')}
          error={errors.party}
          required
          options={(row?.sides ?? []).map((one) => ({ value: one, label: services.nameOf(one, language) }))}
        />
        {When({ ...props, label: 'broken' })}
        <TextArea
          name="words"
          label={t('lines.release.field.statement')}
          hint={t('lines.release.field.statement-hint')}
          value={String(values.words ?? '')}
          error={errors.words}
          required
          rows={4}
        />
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    const row = await getRelease(services, space, input.proposal)
    if (row.moves !== null || row.agreed_at === null) throw new Refusal('lines.release-not-open')
    if (!row.sides.includes(input.party)) throw InvalidInput.at('party', 'talks.invalid.not-here')
    const at = instantOf(input)
    const now = await services.ledger.scenarioNow(space)
    if (at > now || at >= row.at_ms || at < row.agreed_at) throw InvalidInput.at('date', 'lines.release.invalid.when')
    return {
      body: { proposal: row.hash, party: input.party, at, zone: input.zone },
      text: { words: input.words },
      refs: [{ act: row.hash }],
    }
  },
}

export const releaseComposers: readonly Composer<any>[] = [
  proposalComposer,
  stepComposer('agreed'),
  stepComposer('declined'),
  stepComposer('withdrawn'),
  brokenComposer,
]
