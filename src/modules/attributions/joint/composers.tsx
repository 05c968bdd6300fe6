import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { hash, language as languageTag, paragraphsOf, partyName } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { languageName, languages, zoneOr } from '../../../text/index.ts'
import { Field, Hidden, MomentField, Quiet, Select, TextArea } from '../../../web/index.ts'
import { hashOfJoint, jointText, type JointWords, type TextProposedBody } from './acts.ts'
import { getJoint, requirePublishable } from './find-joint.ts'
import { listJoint, signatories } from './read-joint.ts'

const kinds = new Set(['case', 'channel', 'negotiation', 'forum'])
const isWriting = ({ party }: Services, space: SpaceFacts): boolean =>
  space.members.some((one) => one.party === party && one.until === undefined && one.role !== 'observer')

const may =
  (type: string, isMore: (space: SpaceFacts) => boolean = () => true) =>
  async (services: Services, viewer: Viewer, space: SpaceFacts): Promise<boolean> =>
    viewer.may(`${type}:draft` as never) && kinds.has(space.kind) && isWriting(services, space) && isMore(space)

const empty = z.literal('').transform(() => undefined)
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const zone = z.string().min(1).max(64)

const proposedInput = z.looseObject({
  languages: z.string().regex(/^[a-zA-Z-]{2,12}(,[a-zA-Z-]{2,12}){0,11}$/),
  authentic: languageTag,
  embargoDate: z.union([empty, z.iso.date()]).optional(),
  embargoTime: z.union([empty, time]).optional(),
  zone: zone.default('Etc/UTC'),
  supersedes: z.union([empty, hash]).optional(),
})
type ProposedInput = z.infer<typeof proposedInput>

const momentOf = (date: string, at: string, in_: string): number =>
  Temporal.PlainDateTime.from(`${date}T${at}`).toZonedDateTime(zoneOr(in_)).epochMilliseconds

/** "We propose to say it together": one text, in its languages, until when nobody gives it out. */
export const jointProposedComposer: Composer<ProposedInput> = {
  type: 'attributions.text-proposed',
  wish: 'attributions.wish.propose',
  input: proposedInput,
  mayStart: may(
    'attributions.text-proposed',
    ({ members }) => members.filter((one) => one.until === undefined).length > 1,
  ),
  Fields: ProposedFields,
  async compose(services, _viewer, space, input) {
    const chosen = [...new Set(input.languages.split(','))]
    if (!chosen.includes(input.authentic)) throw InvalidInput.at('authentic', 'http.invalid.choose')
    const text = textOf(input, chosen)
    const embargo = await embargoOf(services, space, input)
    if (input.supersedes !== undefined) await requireOwnUnsigned(services, space, input.supersedes)
    const body: TextProposedBody = {
      languages: chosen,
      authentic: input.authentic,
      hash: hashOfJoint(text),
      ...(embargo !== undefined && { embargo }),
      ...(input.supersedes !== undefined && { supersedes: input.supersedes }),
    }
    return { body, text, ...(input.supersedes !== undefined && { refs: [{ act: input.supersedes }] }) }
  },
}

async function embargoOf(services: Services, space: SpaceFacts, input: ProposedInput): Promise<number | undefined> {
  const { embargoDate: date, embargoTime: at } = input
  if (date === undefined && at === undefined) return undefined
  if (date === undefined || at === undefined) throw InvalidInput.at('embargoTime', 'attributions.invalid.embargo-half')
  const ends = momentOf(date, at, input.zone)
  if (ends <= (await services.ledger.scenarioNow(space.id)))
    throw InvalidInput.at('embargoDate', 'attributions.invalid.embargo-over')
  return ends
}

async function requireOwnUnsigned({ db, party }: Services, space: SpaceFacts, older: string): Promise<void> {
  const [state] = await listJoint(db, { hashes: [older] })
  const isFree =
    state?.row.space === space.id &&
    state.row.author === party &&
    state.row.superseded_by === null &&
    state.signatures.every((one) => one.party === party)
  if (!isFree) throw new Refusal('attributions.signed-by-others', { field: 'supersedes' })
}

function textOf(input: ProposedInput, chosen: readonly string[]): JointWords {
  const word = (name: string): string => {
    const typed = input[name]
    if (typeof typed !== 'string' || typed.trim() === '') throw InvalidInput.at(name, 'attributions.invalid.words')
    return typed.trim()
  }
  const title = Object.fromEntries(chosen.map((one) => [one, word(`title_${one}`)]))
  const paragraphs = Object.fromEntries(chosen.map((one) => [one, paragraphsOf(word(`text_${one}`))]))
  const count = paragraphs[input.authentic]?.length
  const other = chosen.find((one) => paragraphs[one]?.length !== count)
  // Paragraphs of all languages correspond: the authentic one can then be held against each.
  if (other !== undefined) throw InvalidInput.at(`text_${other}`, 'attributions.invalid.paragraphs')
  const read = jointText.safeParse({ title, paragraphs })
  if (!read.success) throw InvalidInput.at(`text_${input.authentic}`, 'attributions.invalid.words')
  return read.data
}

async function ProposedFields(props: ComposerProps) {
  const { values, errors, query, t, services, viewer, space } = props
  const older = String(values.supersedes ?? query.get('supersedes') ?? '')
  const before = older === '' ? undefined : await getJoint(services, viewer, { space: space.id, proposal: older })
  const chosen = String(
    values.languages ?? query.get('languages') ?? before?.state.row.languages.join(',') ?? 'en,fr',
  ).split(',')
  const value = (name: string, otherwise = '') => String(values[name] ?? otherwise)
  // What the form was begun from goes along with a further language.
  const given = { ...Object.fromEntries(query), ...(older !== '' && { supersedes: older }) }
  return (
    <>
      <Quiet>{t('attributions.joint.lead')}</Quiet>
      <Hidden name="languages" value={chosen.join(',')} />
      <Hidden name="supersedes" value={older} />
      <Hidden name="zone" value={viewer.person.zone} />
      <Quiet small>
        {languages()
          .filter((one) => !chosen.includes(one))
          .map((one) => (
            <span key={one}>
              <a href={`?${new URLSearchParams({ ...given, languages: [...chosen, one].join(',') })}`}>
                {t('agreements.text.add-language', { language: languageName(one) })}
              </a>{' '}
            </span>
          ))}
      </Quiet>
      <Select
        name="authentic"
        label={t('attributions.joint.authentic')}
        hint={t('attributions.joint.authentic-hint')}
        value={value('authentic', before?.state.row.authentic ?? chosen[0])}
        error={errors.authentic}
        required
        options={chosen.map((one) => ({ value: one, label: languageName(one) }))}
      />
      {chosen.map((one) => (
        <fieldset key={one}>
          <legend>{languageName(one)}</legend>
          <Field
            name={`title_${one}`}
            label={t('attributions.joint.title')}
            value={value(`title_${one}`, before?.text.title[one])}
            error={errors[`title_${one}`]}
            language={one}
            required
            maxlength={300}
          />
          <TextArea
            name={`text_${one}`}
            label={t('attributions.joint.text')}
            hint={t('attributions.joint.text-hint')}
            value={value(`text_${one}`, before?.text.paragraphs[one]?.join('\n\n'))}
            error={errors[`text_${one}`]}
            language={one}
            rows={8}
            required
          />
        </fieldset>
      ))}
      <Quiet>{t('attributions.joint.embargo-hint')}</Quiet>
      <MomentField
        required={false}
        date={{
          name: 'embargoDate',
          label: t('attributions.joint.embargo-date'),
          value: value('embargoDate'),
          error: errors.embargoDate,
        }}
        time={{
          name: 'embargoTime',
          label: t('attributions.joint.embargo-time'),
          value: value('embargoTime'),
          error: errors.embargoTime,
        }}
      />
    </>
  )
}

/** Which text it is about; whoever comes here without one is sent to it. */
function About({ values, query, t }: Pick<ComposerProps, 'values' | 'query' | 't'>, meaning: string) {
  const proposal = String(values.proposal ?? query.get('proposal') ?? '')
  return (
    <>
      <Hidden name="proposal" value={proposal} />
      <Quiet>{t(proposal === '' ? 'attributions.joint.from-text' : meaning)}</Quiet>
    </>
  )
}

const onlyProposal = z.object({ proposal: hash })

export const jointSignedComposer: Composer<z.infer<typeof onlyProposal>> = {
  type: 'attributions.text-signed',
  wish: 'attributions.wish.sign',
  begunAtAct: true,
  input: onlyProposal,
  mayStart: may('attributions.text-signed'),
  Fields: async (props) => About(props, 'attributions.joint.sign-meaning'),
  async compose(services, viewer, space, { proposal }) {
    const { state } = await getJoint(services, viewer, { space: space.id, proposal })
    if (state.row.superseded_by !== null) throw new Refusal('attributions.not-joint', { field: 'proposal' })
    if (signatories(state).includes(services.party))
      throw new Refusal('attributions.signed-before', { field: 'proposal' })
    return { body: { proposal, hash: state.row.text_hash }, refs: [{ act: proposal }] }
  },
}

const withdrawnInput = z.object({ proposal: hash, words: z.string().trim().max(100_000).default('') })

export const signatureWithdrawnComposer: Composer<z.infer<typeof withdrawnInput>> = {
  type: 'attributions.signature-withdrawn',
  wish: 'attributions.wish.unsign',
  begunAtAct: true,
  input: withdrawnInput,
  mayStart: may('attributions.signature-withdrawn'),
  Fields: async (props) => (
    <>
      {About(props, 'attributions.joint.unsign-meaning')}
      <WordsField {...props} />
    </>
  ),
  async compose(services, viewer, space, { proposal, words }) {
    const { state } = await getJoint(services, viewer, { space: space.id, proposal })
    if (!signatories(state).includes(services.party))
      throw new Refusal('attributions.not-signed-by-us', { field: 'proposal' })
    return { body: { proposal }, text: { paragraphs: paragraphsOf(words) }, refs: [{ act: proposal }] }
  },
}

export const jointPublishedComposer: Composer<z.infer<typeof onlyProposal>> = {
  type: 'attributions.text-published',
  wish: 'attributions.wish.publish',
  begunAtAct: true,
  input: onlyProposal,
  mayStart: may('attributions.text-published'),
  Fields: async (props) => About(props, 'attributions.joint.publish-meaning'),
  async compose(services, viewer, space, { proposal }) {
    const found = await getJoint(services, viewer, { space: space.id, proposal })
    requirePublishable(services, found)
    return { body: { proposal, hash: found.state.row.text_hash }, refs: [{ act: proposal }] }
  },
}

const brokenInput = z.object({
  proposal: hash,
  seenDate: z.iso.date(),
  seenTime: time,
  zone: zone.default('Etc/UTC'),
  party: z.union([empty, partyName]).optional(),
  words: z.string().trim().min(1).max(100_000),
})

export const embargoBrokenComposer: Composer<z.infer<typeof brokenInput>> = {
  type: 'attributions.embargo-broken',
  wish: 'attributions.wish.break',
  begunAtAct: true,
  input: brokenInput,
  mayStart: may('attributions.embargo-broken'),
  Fields: async (props) => {
    const { values, errors, t, space, services, language, viewer } = props
    const value = (name: string) => String(values[name] ?? '')
    const half = (name: 'seenDate' | 'seenTime') => ({
      name,
      label: t(`attributions.joint.${name}`),
      value: value(name),
      error: errors[name],
    })
    return (
      <>
        {About(props, 'attributions.joint.break-meaning')}
        <Hidden name="zone" value={viewer.person.zone} />
        <MomentField required date={half('seenDate')} time={half('seenTime')} />
        <Select
          name="party"
          label={t('attributions.joint.break-by')}
          value={value('party')}
          error={errors.party}
          options={[
            { value: '', label: t('attributions.joint.break-unknown') },
            ...space.members.map(({ party }) => ({ value: party, label: services.nameOf(party, language) })),
          ]}
        />
        <WordsField {...props} label={t('attributions.joint.break-words')} required />
      </>
    )
  },
  async compose(services, viewer, space, input) {
    const { proposal, party, words } = input
    const { state, now } = await getJoint(services, viewer, { space: space.id, proposal })
    const seenAt = momentOf(input.seenDate, input.seenTime, input.zone)
    if (seenAt > now) throw InvalidInput.at('seenDate', 'attributions.invalid.future')
    if (state.row.embargo === null || seenAt >= state.row.embargo)
      throw InvalidInput.at('seenDate', 'attributions.invalid.no-break')
    return {
      body: { proposal, seenAt, ...(party !== undefined && { party }) },
      text: { paragraphs: paragraphsOf(words) },
      refs: [{ act: proposal }],
    }
  },
}

function WordsField({ values, errors, t, label, required }: ComposerProps & { label?: string; required?: boolean }) {
  return (
    <TextArea
      name="words"
      label={label ?? t('attributions.step.words')}
      value={String(values.words ?? '')}
      error={errors.words}
      rows={5}
      {...(required && { required })}
    />
  )
}

export const jointComposers: readonly Composer[] = [
  jointProposedComposer,
  jointSignedComposer,
  signatureWithdrawnComposer,
  jointPublishedComposer,
  embargoBrokenComposer,
]
