import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import type { Composer, Services, SpaceFacts } from '../../../core/module/types.ts'
import { formatDuration, zoneOr } from '../../../text/index.ts'
import { Hidden, MomentField, Quiet, Select, TextArea, writtenMoment } from '../../../web/index.ts'
import { requestKindNames, talkKinds } from '../../channels/index.ts'
import { oralRule, regimesEdition } from '../regimes.ts'
import { wordsOf } from './step-composers.tsx'

const spokenInput = z.object({
  kind: z.enum(requestKindNames),
  addressee: partyName,
  date: z.iso.date(),
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  zone: z.string().min(1).max(64),
  words: z.string().trim().max(100_000).default(''),
})

const others = (services: Services, space: SpaceFacts) =>
  space.members
    .filter((one) => one.party !== services.party && one.until === undefined && one.role !== 'observer')
    .map((one) => one.party)

/** "We asked by telephone": on the record at once, and owed in writing. */
export const spokenComposer: Composer<z.infer<typeof spokenInput>> = {
  type: 'assistance.request-spoken',
  wish: 'assistance.wish.request-spoken',
  input: spokenInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('assistance.request-spoken:draft') &&
    talkKinds.some((kind) => kind === space.kind) &&
    others(services, space).length > 0,
  async Fields({ services, viewer, space, values, errors, query, t, language }) {
    const { zone } = viewer.person
    const now = writtenMoment(zone, await services.ledger.scenarioNow(space.id))
    const value = (name: string, otherwise = '') => String(values[name] ?? query.get(name) ?? otherwise)
    const half = (name: 'date' | 'time') => ({
      name,
      label: t(`assistance.spoken.${name}`),
      value: value(name, now[name]),
      error: errors[name],
    })
    return (
      <>
        <Quiet>{t('assistance.spoken.lead', { within: formatDuration(oralWithinMs, language) })}</Quiet>
        <Select
          name="kind"
          label={t('assistance.column.kind')}
          value={value('kind')}
          error={errors.kind}
          placeholder={t('assistance.choose')}
          options={requestKindNames.map((one) => ({ value: one, label: t(`requests.kind.${one}`) }))}
        />
        <Select
          name="addressee"
          label={t('assistance.spoken.to')}
          value={value('addressee')}
          error={errors.addressee}
          options={others(services, space).map((one) => ({ value: one, label: services.nameOf(one, language) }))}
        />
        <Hidden name="zone" value={zone} />
        <MomentField required date={half('date')} time={half('time')} />
        <TextArea
          name="words"
          label={t('assistance.words.request-spoken')}
          hint={t('assistance.spoken.words-hint')}
          value={value('words')}
          error={errors.words}
          rows={5}
          required
        />
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    if (!others(services, space).includes(input.addressee)) throw InvalidInput.at('addressee', 'http.invalid.choose')
    if (input.words === '') throw new Refusal('assistance-words-missing', { field: 'words' })
    const at = Temporal.PlainDateTime.from(`${input.date}T${input.time}`).toZonedDateTime(
      zoneOr(input.zone),
    ).epochMilliseconds
    if (at > (await services.ledger.scenarioNow(space.id)))
      throw new Refusal('assistance-said-later', { field: 'time' })
    return {
      body: { kind: input.kind, edition: regimesEdition, addressee: input.addressee, at },
      text: wordsOf(input),
    }
  },
}

const oralWithinMs = Temporal.Duration.from(oralRule()?.within ?? 'PT0S').total({
  unit: 'milliseconds',
  relativeTo: '2026-01-01',
})
