import { Field, TextArea } from './form.tsx'

/** Subject and text, as every plain document is written. `subject`: what stands there before anything is typed. */
export function ProseFields({
  values,
  errors,
  labels,
  subject = '',
  rows = 10,
}: {
  values: Readonly<Record<string, unknown>>
  errors: Readonly<Record<string, string>>
  labels: { subject: string; text: string; hint?: string }
  subject?: string
  rows?: number
}) {
  return (
    <>
      <Field
        name="subject"
        label={labels.subject}
        value={String(values.subject ?? subject)}
        error={errors.subject}
        required
        maxlength={300}
      />
      <TextArea
        name="text"
        label={labels.text}
        hint={labels.hint}
        value={String(values.text ?? '')}
        error={errors.text}
        rows={rows}
        required
      />
    </>
  )
}
