import { z } from 'zod'
import { language } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, SpaceFacts } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { isZone, languageName, languages } from '../../../text/index.ts'
import { CheckboxGroup, Field, Hidden, Select } from '../../../web/index.ts'
import { contactKinds, type ContactText } from '../acts.ts'

const zone = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .refine(isZone, { params: { code: 'zone' } })
const spoken = z.union([z.array(language), language.transform((one) => [one])]).pipe(z.array(language).min(1).max(12))
const optional = (max: number) => z.string().trim().max(max).optional()

function mayNominate(space: SpaceFacts, party: string): boolean {
  return space.kind === 'directory' && space.members.some((one) => one.party === party && one.until === undefined)
}

function Common({ values, errors, t, viewer }: ComposerProps) {
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
      <Common {...props} />
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

const contactInput = z.object({
  contact: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.enum(contactKinds),
  post: z.string().trim().min(1).max(200),
  name: optional(200),
  telephone: optional(40),
  emergency: optional(40),
  email: z.union([z.literal('').transform(() => undefined), z.email().max(254)]).optional(),
  hours: z.enum(['always', 'office']),
  zone,
  languages: spoken,
})

export const contactComposer: Composer<z.infer<typeof contactInput>> = {
  type: 'directory.contact-nominated',
  wish: 'directory.wish.contact',
  input: contactInput,
  mayStart: async (services, viewer, space) =>
    mayNominate(space, services.party) && viewer.may('directory.contact-nominated:draft'),
  async Fields(props) {
    const { values, errors, t } = props
    const value = (name: string) => String(values[name] ?? '')
    return (
      <>
        <Hidden name="contact" value={String(values.contact ?? props.query.get('contact') ?? newId())} />
        <Select
          name="kind"
          label={t('directory.contact.kind')}
          value={value('kind') || 'diplomatic'}
          error={errors.kind}
          options={contactKinds.map((kind) => ({ value: kind, label: t(`directory.kind.${kind}`) }))}
        />
        <Field name="post" label={t('directory.contact.post')} value={value('post')} error={errors.post} required />
        <Field
          name="name"
          label={t('directory.contact.name')}
          value={value('name')}
          error={errors.name}
          required={false}
        />
        <Field
          name="telephone"
          type="tel"
          label={t('directory.contact.telephone')}
          value={value('telephone')}
          error={errors.telephone}
          required={false}
        />
        <Field
          name="emergency"
          type="tel"
          label={t('directory.contact.emergency')}
          value={value('emergency')}
          error={errors.emergency}
          required={false}
        />
        <Field
          name="email"
          type="email"
          label={t('directory.contact.email')}
          value={value('email')}
          error={errors.email}
          required={false}
        />
        <Select
          name="hours"
          label={t('directory.hours')}
          value={value('hours') || 'always'}
          error={errors.hours}
          options={['always', 'office'].map((one) => ({ value: one, label: t(`directory.hours-${one}`) }))}
        />
        <Common {...props} />
      </>
    )
  },
  async compose(_services, _viewer, _space, input) {
    const { contact, kind, hours, zone, languages: spokenHere, post, ...details } = input
    const text: ContactText = { post }
    for (const [name, typed] of Object.entries(details)) if (typed) Object.assign(text, { [name]: typed })
    return { body: { contact, kind, zone, languages: spokenHere, hours }, text: { ...text } }
  },
}
