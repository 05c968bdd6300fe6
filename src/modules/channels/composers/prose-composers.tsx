import { z } from 'zod'
import type { Composer, ComposerProps, SpaceFacts } from '../../../core/module/types.ts'
import { paragraphsOf } from '../../../core/module/fields.ts'
import { Field, Select, TextArea } from '../../../web/index.ts'
import { offerKinds } from '../acts.ts'

function isTalk(space: SpaceFacts): boolean {
  return space.kind === 'case' || space.kind === 'channel' || space.kind === 'negotiation'
}

const proseInput = { subject: z.string().trim().min(1).max(300), text: z.string().trim().min(1).max(100_000) }

/** Subject and text, as every plain document is written. */
function ProseFields({ values, errors, t }: Pick<ComposerProps, 'values' | 'errors' | 't'>) {
  return (
    <>
      <Field
        name="subject"
        label={t('channels.note.subject')}
        value={String(values.subject ?? '')}
        error={errors.subject}
        required
        maxlength={300}
      />
      <TextArea
        name="text"
        label={t('channels.note.body')}
        hint={t('channels.note.body-hint')}
        value={String(values.text ?? '')}
        error={errors.text}
        rows={10}
        required
      />
    </>
  )
}

const minutesInput = z.object({ ...proseInput, on: z.iso.date(), zone: z.string().min(1).max(64) })

export const minutesComposer: Composer<z.infer<typeof minutesInput>> = {
  type: 'channels.minutes-proposed',
  wish: 'channels.wish.minutes',
  input: minutesInput,
  mayStart: async (_services, viewer, space) => viewer.may('channels.minutes-proposed:draft') && isTalk(space),
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
        <ProseFields {...props} />
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

const offerInput = z.object({ ...proseInput, kind: z.enum(offerKinds) })

export const offerComposer: Composer<z.infer<typeof offerInput>> = {
  type: 'channels.offer-made',
  wish: 'channels.wish.offer',
  input: offerInput,
  mayStart: async (_services, viewer, space) => viewer.may('channels.offer-made:draft') && isTalk(space),
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
        <ProseFields {...props} />
      </>
    )
  },
  async compose(_services, _viewer, _space, input) {
    return { body: { kind: input.kind }, text: { subject: input.subject, paragraphs: paragraphsOf(input.text) } }
  },
}
