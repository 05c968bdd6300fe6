import type { Visit } from '../../../core/module/types.ts'
import { Select } from '../../../web/index.ts'
import { consistencies, credibilities, lenses, reliabilities } from './marks.ts'
import type { Evidence, Hypothesis } from './weighing.ts'

/** Admiralty grade, and a mark against each hypothesis. */
export function GradeFields({
  visit,
  hypotheses,
  value,
  error,
  item,
}: {
  visit: Visit
  hypotheses: readonly Hypothesis[]
  value: (name: string, otherwise?: string) => string
  error: (name: string) => string | undefined
  item?: Evidence
}) {
  const { t } = visit
  return (
    <>
      <Select
        name="reliability"
        label={t('incidents.weighing.reliability')}
        value={value('reliability', item?.reliability)}
        error={error('reliability')}
        required
        placeholder={t('incidents.write.choose')}
        options={reliabilities.map((one) => ({ value: one, label: `${one} · ${t(`incidents.reliability.${one}`)}` }))}
      />
      <Select
        name="credibility"
        label={t('incidents.weighing.credibility')}
        value={value('credibility', item?.credibility)}
        error={error('credibility')}
        required
        placeholder={t('incidents.write.choose')}
        options={credibilities.map((one) => ({ value: one, label: `${one} · ${t(`incidents.credibility.${one}`)}` }))}
      />
      <Select
        name="lens"
        label={t('weighing.lens.title')}
        hint={t('weighing.lens.hint')}
        value={value('lens', item?.lens)}
        error={error('lens')}
        options={[
          { value: '', label: t('weighing.lens.none') },
          ...lenses.map((one) => ({ value: one, label: t(`weighing.lens.${one}`) })),
        ]}
      />
      {hypotheses.map((one) => (
        <Select
          key={one.id}
          name={`mark-${one.number}`}
          label={t('incidents.weighing.mark-for', { number: one.number })}
          value={value(`mark-${one.number}`, item?.marks[one.id])}
          error={error(`mark-${one.number}`)}
          options={markOptions(t)}
        />
      ))}
    </>
  )
}

/** Marks to choose from; not judged yet stands first, so that none is given by omission. */
export const markOptions = (t: Visit['t']) => [
  { value: '', label: t('weighing.not-judged') },
  ...consistencies.map((mark) => ({ value: mark, label: t(`incidents.consistency.${mark}`) })),
]
