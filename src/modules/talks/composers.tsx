import { z } from 'zod'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import { hash, paragraphsOf, partyName, typedProse } from '../../core/module/fields.ts'
import type { Composer, ComposerProps, SpaceFacts } from '../../core/module/types.ts'
import { formatDateTime, isZone } from '../../text/index.ts'
import { CheckboxGroup, Field, Hidden, MomentField, ProseFields, Select, TextArea } from '../../web/index.ts'
import { momentIn } from './calendar/moment.ts'
import { findMeeting, meetingsIn, partiesOf, startOf } from './meetings.ts'

const kinds: readonly SpaceFacts['kind'][] = ['case', 'channel', 'negotiation']
const places = [1, 2, 3] as const

const date = z.iso.date().optional()
const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .optional()
const meetingInput = z.object({
  with: z.array(partyName).min(1).max(40),
  zone: z.string().min(1).max(64),
  date1: z.iso.date(),
  time1: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  date2: date,
  time2: time,
  date3: date,
  time3: time,
  minutes: z.coerce.number().int().min(5).max(1_440),
  subject: z.string().trim().min(1).max(300),
  agenda: z.string().trim().max(20_000).optional(),
  place: z.string().trim().max(300).optional(),
  supersedes: hash.optional(),
})
type MeetingInput = z.infer<typeof meetingInput>

async function MeetingFields(props: ComposerProps) {
  const { services, space, viewer, values, errors, query, t, language } = props
  const typed = (name: string, otherwise = '') => String(values[name] ?? query.get(name) ?? otherwise)
  const others = space.members.filter(({ party, until }) => party !== services.party && until === undefined)
  const half = (of: 'date' | 'time', place: number) => ({
    name: `${of}${place}`,
    label: t(`talks.field.${of}`, { number: place }),
    value: typed(`${of}${place}`),
    error: errors[`${of}${place}`],
  })
  const asked = [values.with ?? others.map(({ party }) => party)].flat().map(String)
  return (
    <>
      {typed('supersedes') && <Hidden name="supersedes" value={typed('supersedes')} />}
      <CheckboxGroup
        name="with"
        label={t('talks.field.with')}
        values={asked}
        error={errors.with}
        options={others.map(({ party }) => ({ value: party, label: services.nameOf(party, language) }))}
      />
      <Field
        name="subject"
        label={t('talks.field.subject')}
        value={typed('subject')}
        error={errors.subject}
        required
        maxlength={300}
      />
      <Field
        name="zone"
        label={t('talks.field.zone')}
        hint={t('talks.field.zone-hint')}
        value={typed('zone', viewer.person.zone)}
        error={errors.zone}
        required
        maxlength={64}
      />
      {places.map((place) => (
        <MomentField key={place} required={place === 1} date={half('date', place)} time={half('time', place)} />
      ))}
      <Field
        name="minutes"
        type="number"
        width="short"
        inputmode="numeric"
        label={t('talks.field.minutes')}
        value={typed('minutes', '60')}
        error={errors.minutes}
        required
        min={5}
        max={1440}
      />
      <Field
        name="place"
        label={t('talks.field.place')}
        hint={t('talks.field.place-hint')}
        value={typed('place')}
        error={errors.place}
        required={false}
        maxlength={300}
      />
      <TextArea
        name="agenda"
        label={t('talks.field.agenda')}
        hint={t('talks.field.agenda-hint')}
        value={typed('agenda')}
        error={errors.agenda}
        required={false}
        rows={5}
      />
    </>
  )
}

/** Options as instants; a wall-clock time that does not come exactly once is refused where it was typed. */
function optionsOf(input: MeetingInput, now: number): { at: number; minutes: number }[] {
  return places.flatMap((place) => {
    const [day, hour] = [input[`date${place}`], input[`time${place}`]]
    if (day === undefined && hour === undefined) return []
    if (day === undefined) throw InvalidInput.at(`date${place}`, 'talks.invalid.half')
    if (hour === undefined) throw InvalidInput.at(`time${place}`, 'talks.invalid.half')
    const at = momentIn(input.zone, day, hour)
    if (typeof at === 'string') throw InvalidInput.at(`time${place}`, `talks.invalid.${at}`)
    if (at <= now) throw InvalidInput.at(`date${place}`, 'talks.invalid.past')
    return [{ at, minutes: input.minutes }]
  })
}

export const meetingComposer: Composer<MeetingInput> = {
  type: 'talks.meeting-proposed',
  wish: 'talks.wish.meeting',
  input: meetingInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('talks.meeting-proposed:draft') &&
    kinds.includes(space.kind) &&
    space.members.some(({ party, until }) => party !== services.party && until === undefined),
  Fields: MeetingFields,
  async compose(services, _viewer, space, input, draft) {
    if (!isZone(input.zone)) throw InvalidInput.at('zone', 'talks.invalid.zone')
    const isHere = (party: string) => space.members.some((one) => one.party === party && one.until === undefined)
    if (input.with.includes(services.party) || !input.with.every(isHere))
      throw InvalidInput.at('with', 'talks.invalid.not-here')
    const before = input.supersedes ? await findMeeting(services, space.id, input.supersedes) : undefined
    if (input.supersedes && (!before || !partiesOf(before).includes(services.party))) throw new Refusal('not-found')
    const agenda = (input.agenda ?? '')
      .split('\n')
      .map((line) => line.trim().slice(0, 500))
      .filter((line) => line !== '')
    if (agenda.length > 40) throw InvalidInput.at('agenda', 'talks.invalid.agenda')
    return {
      body: {
        meeting: before?.meeting ?? draft.id,
        with: input.with,
        options: optionsOf(input, services.clock.now()),
        zone: input.zone,
        ...(before && { supersedes: before.hash }),
      },
      text: { subject: input.subject, agenda, ...(input.place && { place: input.place }) },
      ...(before && { refs: [{ act: before.hash }] }),
    }
  },
}

const readOutInput = z.object({ ...typedProse, proposal: hash })

export const readOutComposer: Composer<z.infer<typeof readOutInput>> = {
  type: 'talks.read-out-given',
  wish: 'talks.wish.read-out',
  input: readOutInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('talks.read-out-given:draft') && (await meetingsIn(services, space.id)).length > 0,
  async Fields({ services, space, viewer, values, errors, query, t, language }) {
    const talks = await meetingsIn(services, space.id)
    const labels = {
      subject: t('talks.field.subject'),
      text: t('talks.field.read-out'),
      hint: t('talks.field.read-out-hint'),
    }
    return (
      <>
        <Select
          name="proposal"
          label={t('talks.field.talks')}
          value={String(values.proposal ?? query.get('proposal') ?? '')}
          error={errors.proposal}
          required
          options={talks.map((row) => ({
            value: row.hash,
            label: formatDateTime(startOf(row), viewer.person.zone, language, { short: true }),
          }))}
        />
        <ProseFields values={values} errors={errors} labels={labels} />
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    const meeting = await findMeeting(services, space.id, input.proposal)
    if (!meeting || !partiesOf(meeting).includes(services.party))
      throw InvalidInput.at('proposal', 'talks.invalid.no-talks')
    return {
      body: { proposal: meeting.hash },
      text: { subject: input.subject, paragraphs: paragraphsOf(input.text) },
      refs: [{ act: meeting.hash }],
    }
  },
}
