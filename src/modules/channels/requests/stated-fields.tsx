import type { ComposerProps } from '../../../core/module/types.ts'
import { Field, TextArea } from '../../../web/index.ts'
import type { RequestKind } from './request-kinds.ts'
import { statedField } from './stated-input.ts'

/** One field for each thing a request of this kind states. */
export function StatedFields({
  props: { values, errors, t, query },
  kind,
}: {
  props: ComposerProps
  kind: RequestKind
}) {
  return (
    <>
      {kind.states.map((state) => {
        const name = statedField(state)
        const said = {
          name,
          label: t(`requests.states.${state}`),
          hint: t(`requests.hints.${state}`),
          value: String(values[name] ?? query.get(name) ?? ''),
          error: errors[name],
          required: true,
        }
        return kind.days?.includes(state) ? (
          <Field key={state} {...said} type="date" width="medium" />
        ) : (
          <TextArea key={state} {...said} rows={3} />
        )
      })}
    </>
  )
}
