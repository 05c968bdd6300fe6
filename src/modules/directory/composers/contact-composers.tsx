import { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'
import { language } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, SpaceFacts } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate, isZone, languageName, languages } from '../../../text/index.ts'
import { CheckboxGroup, Field, Hidden, Quiet, Select } from '../../../web/index.ts'
import { contactKinds, type ContactText, promisedHours } from '../acts.ts'
import { inForceAt, mayNominateBy, rulesOf } from '../nominations.ts'
import { listContacts } from '../contacts.ts'
import { readWeek, statedHours } from './stated-hours.tsx'

const zone = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .refine(isZone, { params: { code: 'zone' } })
const spoken = z.union([z.array(language), language.transform((one) => [one])]).pipe(z.array(language).min(1).max(12))
const optional = (max: number) => z.string().trim().max(max).optional()

/** Each party writes its own entries, in directories of which it is a member. */
export function mayNominate(space: SpaceFacts, party: string): boolean {
  const isMember = space.members.some((one) => one.party === party && one.until === undefined)
  return space.kind === 'directory' && isMember && mayNominateBy(space, party)
}

function common({ values, errors, t, viewer }: ComposerProps) {
  const chosen = values.languages === undefined ? [viewer.person.language] : [values.languages].flat().map(String)
  return (
    <>
      <Field
        name="zone"
        label={t('directory.zone')}
        hint={t('directory.zone-hint')}
        value={String(values.zone ?? viewer.person.zone)}
        error={errors.zone}
        required
      />
      <CheckboxGroup
        name="languages"
        label={t('directory.languages')}
        values={chosen}
        error={errors.languages}
        options={languages().map((one) => ({ value: one, label: languageName(one) }))}
      />
    </>
  )
}

const profileInput = z.looseObject({ zone, languages: spoken })

export const profileComposer: Composer<z.infer<typeof profileInput>> = {
  type: 'directory.profile-published',
  wish: 'directory.wish.profile',
  input: profileInput,
  mayStart: async (services, viewer, space) =>
    mayNominate(space, services.party) && viewer.may('directory.profile-published:draft'),
  Fields: async (props) => (
    <>
      {languages().map((one) => (
        <Field
          key={one}
          name={`designation_${one}`}
          label={props.t('directory.profile.designation', { language: languageName(one) })}
          value={String(props.values[`designation_${one}`] ?? props.services.nameOf(props.services.party, one))}
          error={props.errors[`designation_${one}`]}
          language={one}
          maxlength={200}
        />
      ))}
      {common(props)}
    </>
  ),
  async compose(services, _viewer, _space, input) {
    const designation = Object.fromEntries(
      languages().flatMap((one) => {
        const typed = input[`designation_${one}`]
        return typeof typed === 'string' && typed.trim() !== '' ? [[one, typed.trim().slice(0, 200)]] : []
      }),
    )
    return {
      body: {
        designation: Object.keys(designation).length > 0 ? designation : services.partyName,
        zone: input.zone,
        languages: input.languages,
      },
    }
  },
}

const day = z.union([z.literal('').transform(() => undefined), z.iso.date()]).optional()

const contactInput = z.looseObject({
  contact: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.enum(contactKinds),
  entry: z.enum(['role', 'person']).optional(),
  post: z.string().trim().min(1).max(200),
  institution: optional(200),
  style: optional(80),
  name: optional(200),
  telephone: optional(40),
  emergency: optional(40),
  email: z.union([z.literal('').transform(() => undefined), z.email().max(254)]).optional(),
  key: optional(120),
  instrument: optional(200),
  hours: z.enum(promisedHours),
  zone,
  languages: spoken,
  valid_from: day,
  valid_until: day,
})
const textFields = [
  'post',
  'institution',
  'style',
  'name',
  'telephone',
  'emergency',
  'email',
  'key',
  'instrument',
] as const

export const contactComposer: Composer<z.infer<typeof contactInput>> = {
  type: 'directory.contact-nominated',
  wish: 'directory.wish.contact',
  input: contactInput,
  mayStart: async (services, viewer, space) =>
    mayNominate(space, services.party) && viewer.may('directory.contact-nominated:draft'),
  async Fields(props) {
    const standing = await standingValues(props)
    return contactFields({ ...props, values: { ...standing, ...props.values } }, 'contact' in standing)
  },
  async compose(_services, _viewer, _space, input) {
    const { contact, kind, entry, hours, valid_from: first, valid_until: last } = input
    if (first && last && last < first) throw InvalidInput.at('valid_until', 'directory.contact.ends-before')
    const valid = { ...(first ? { from: first } : {}), ...(last ? { until: last } : {}) }
    const text: Partial<ContactText> = {}
    for (const name of textFields) if (input[name]) text[name] = input[name]
    return {
      body: {
        contact,
        kind,
        ...(entry ? { entry } : {}),
        zone: input.zone,
        languages: input.languages,
        hours,
        ...(hours === 'stated' ? { week: readWeek(input) } : {}),
        ...(first || last ? { valid } : {}),
      },
      text: { ...text },
    }
  },
}

/** The fields of a contact of ours that is to be changed: what stands now. */
async function standingValues({ services, viewer, space, query }: ComposerProps): Promise<Record<string, unknown>> {
  const asked = query.get('contact')
  if (asked === null) return {}
  const own = await listContacts(services, viewer, services.party)
  const found = own.find(({ space: of, contact }) => of === space.id && contact === asked)
  if (!found) return {}
  // What was announced is what a further change begins from.
  const newest = found.announced && !found.announced.removal ? found.announced.entry : found
  const { contact, kind, entry, zone: where, languages: spokenThere, hours, week, text } = newest
  const times = (week ?? []).flatMap(({ days, from, until }) =>
    days.flatMap((one) => [
      [`from_${one}`, from],
      [`until_${one}`, until],
    ]),
  )
  const valid = { valid_from: newest.valid_from ?? '', valid_until: newest.valid_until ?? '' }
  return {
    contact,
    kind,
    entry,
    zone: where,
    languages: spokenThere,
    hours,
    ...valid,
    ...text,
    ...Object.fromEntries(times),
  }
}

/** Called, not rendered: who lists what needs correcting finds each label. */
function contactFields(props: ComposerProps, isChange: boolean) {
  const { values, errors, t, space, services, viewer, language: reading } = props
  const value = (name: string) => String(values[name] ?? '')
  const line = (name: string, type: 'text' | 'tel' | 'email' | 'date' = 'text', required = false) => (
    <Field
      name={name}
      type={type}
      label={t(`directory.contact.${name}`)}
      hint={hinted.has(name) ? t(`directory.contact.${name}-hint`) : undefined}
      value={value(name)}
      error={errors[name]}
      required={required}
      {...(type === 'date' ? { width: 'short' as const } : {})}
    />
  )
  const choice = (name: string, label: string, options: { value: string; label: string }[]) => (
    <Select
      name={name}
      label={label}
      value={value(name) || (options[0]?.value ?? '')}
      error={errors[name]}
      options={options}
    />
  )
  const from = inForceAt(space, services.clock.now())
  return (
    <>
      {isChange && rulesOf(space).notice !== undefined && (
        <Quiet>{t('directory.rules.notice-then', { date: formatDate(from, viewer.person.zone, reading) })}</Quiet>
      )}
      <Hidden name="contact" value={String(values.contact ?? props.query.get('contact') ?? newId())} />
      {choice(
        'kind',
        t('directory.contact.kind'),
        contactKinds.map((kind) => ({ value: kind, label: t(`directory.kind.${kind}`) })),
      )}
      {choice(
        'entry',
        t('directory.contact.entry'),
        ['role', 'person'].map((one) => ({ value: one, label: t(`directory.contact.entry-${one}`) })),
      )}
      {line('post', 'text', true)}
      {line('institution')}
      {line('style')}
      {line('name')}
      {line('telephone', 'tel')}
      {line('emergency', 'tel')}
      {line('email', 'email')}
      {line('key')}
      {choice(
        'hours',
        t('directory.hours'),
        promisedHours.map((one) => ({ value: one, label: t(`directory.hours-${one}`) })),
      )}
      {statedHours(props)}
      {common(props)}
      {line('instrument')}
      {line('valid_from', 'date')}
      {line('valid_until', 'date')}
    </>
  )
}

const hinted = new Set(['style', 'key', 'instrument'])
