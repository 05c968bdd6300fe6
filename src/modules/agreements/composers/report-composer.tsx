import { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'
import { paragraphsOf, typedProse } from '../../../core/module/fields.ts'
import type { Composer } from '../../../core/module/types.ts'
import { CheckboxGroup, Details, ProseFields, Select } from '../../../web/index.ts'
import { type CommitmentReportedBody, commitmentStates, mostEvidence } from '../acts.ts'
import { listOwnResults, choiceOf } from '../own-results.ts'
import { listCommitments } from '../queries.ts'

const reportInput = z.object({
  commitment: z.string().regex(/^[A-Za-z0-9_-]{43}:p[1-9]\d{0,2}$/),
  state: z.enum(commitmentStates),
  evidence: z.array(z.string().max(100)).max(mostEvidence).optional(),
  ...typedProse,
})

export const reportComposer: Composer<z.infer<typeof reportInput>> = {
  type: 'agreements.commitment-reported',
  wish: 'agreements.wish.report',
  input: reportInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('agreements.commitment-reported:draft') &&
    (await listCommitments(services, viewer, { space: space.id, owner: services.party })).length > 0,
  async Fields({ services, viewer, space, values, errors, query, t, language }) {
    const [own, results] = await Promise.all([
      listCommitments(services, viewer, { space: space.id, owner: services.party }),
      listOwnResults(services, viewer, space),
    ])
    const chosen = [values.evidence ?? []].flat().map(String)
    return (
      <>
        <Select
          name="commitment"
          label={t('agreements.report.commitment')}
          value={String(values.commitment ?? query.get('commitment') ?? '')}
          error={errors.commitment}
          options={own.map((one) => ({
            value: `${one.proposal}:${one.paragraph}`,
            label: `${one.paragraph.slice(1)} · ${(one.text?.[language] ?? Object.values(one.text ?? {})[0] ?? '').slice(0, 90)}`,
          }))}
        />
        <Select
          name="state"
          label={t('agreements.report.state')}
          value={String(values.state ?? 'under-way')}
          error={errors.state}
          options={commitmentStates.map((one) => ({ value: one, label: t(`agreements.commitment.${one}`) }))}
        />
        <ProseFields
          values={values}
          errors={errors}
          labels={{ subject: t('agreements.report.subject'), text: t('agreements.report.text') }}
          rows={8}
        />
        {results.length > 0 && (
          <Details summary={t('agreements.evidence.choose')} open={chosen.length > 0 || errors.evidence !== undefined}>
            <CheckboxGroup
              name="evidence"
              label={t('agreements.evidence.title')}
              hint={t('agreements.evidence.hint', { most: mostEvidence })}
              error={errors.evidence}
              values={chosen}
              options={results.map((one) => ({ value: choiceOf(one), label: one.says({ viewer, t, language }) }))}
            />
          </Details>
        )}
      </>
    )
  },
  async compose(services, viewer, space, { commitment, state, subject, text, evidence: chosen = [] }) {
    const [proposal = '', paragraph = ''] = commitment.split(':')
    const results = chosen.length === 0 ? [] : await listOwnResults(services, viewer, space)
    const evidence = [...new Set(chosen)].map((value) => {
      const found = results.find((one) => choiceOf(one) === value)
      if (!found) throw InvalidInput.at('evidence', 'agreements.evidence.not-ours')
      return { of: found.of, space: found.space, act: found.act }
    })
    const body: CommitmentReportedBody = { proposal, paragraph, state, ...(evidence.length > 0 && { evidence }) }
    const named = new Map(evidence.map((one) => [one.act, one.space]))
    return {
      body,
      text: { subject, paragraphs: paragraphsOf(text) },
      refs: [{ act: proposal }, ...[...named].map(([act, at]) => (at === space.id ? { act } : { space: at, act }))],
    }
  },
}
