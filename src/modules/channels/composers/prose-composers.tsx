import { z } from 'zod'
import type { Composer, ComposerProps } from '../../../core/module/types.ts'
import { paragraphsOf, typedProse } from '../../../core/module/fields.ts'
import { Field, ProseFields, Select } from '../../../web/index.ts'
import { offerKinds } from '../acts.ts'
import { isAmongParties } from '../agreed.ts'

const labelsOf = (t: ComposerProps['t']) => ({
  subject: t('channels.note.subject'),
  text: t('channels.note.body'),
  hint: t('channels.note.body-hint'),
})

const minutesInput = z.object({ ...typedProse, on: z.iso.date(), zone: z.string().min(1).max(64) })

export const minutesComposer: Composer<z.infer<typeof minutesInput>> = {
  type: 'channels.minutes-proposed',
  wish: 'channels.wish.minutes',
  input: minutesInput,
  mayStart: async (_services, viewer, space) => viewer.may('channels.minutes-proposed:draft') && isAmongParties(space),
  async Fields(props) {
    const { services, space, values, errors, t, viewer } = props
    const today = new Date(await services.ledger.scenarioNow(space)).toISOString().slice(0, 10)
    return (
      <>
        <Field
          name="on"
          type="date"
          label={t('channels.minutes.on')}
          value={String(values.on ?? today)}
          error={errors.on}
          required
        />
        <Field
          name="zone"
          label={t('channels.minutes.zone')}
          value={String(values.zone ?? viewer.person.zone)}
          error={errors.zone}
          required
        />
        <ProseFields values={values} errors={errors} labels={labelsOf(t)} />
      </>
    )
  },
  async compose(_services, _viewer, _space, input) {
    return {
      body: { on: input.on, zone: input.zone },
      text: { subject: input.subject, paragraphs: paragraphsOf(input.text) },
    }
  },
}

const offerInput = z.object({ ...typedProse, kind: z.enum(offerKinds) })

export const offerComposer: Composer<z.infer<typeof offerInput>> = {
  type: 'channels.offer-made',
  wish: 'channels.wish.offer',
  input: offerInput,
  mayStart: async (_services, viewer, space) => viewer.may('channels.offer-made:draft') && isAmongParties(space),
  async Fields(props) {
    const { values, errors, t } = props
    return (
      <>
        <Select
          name="kind"
          label={t('channels.offer.kind')}
          value={String(values.kind ?? 'training')}
          error={errors.kind}
          options={offerKinds.map((kind) => ({ value: kind, label: t(`channels.offer.${kind}`) }))}
        />
        <ProseFields values={values} errors={errors} labels={labelsOf(t)} />
      </>
    )
  },
  async compose(_services, _viewer, _space, input) {
    return { body: { kind: input.kind }, text: { subject: input.subject, paragraphs: paragraphsOf(input.text) } }
  },
}
