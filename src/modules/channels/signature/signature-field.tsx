import type { Delegation } from '../../../core/auth/index.ts'
import type { BesideDraft, Draft, Visit } from '../../../core/module/types.ts'
import type { Translate } from '../../../text/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Pairs, Section, Select } from '../../../web/index.ts'
import type { NoteBody } from '../acts.ts'
import { delegationOf } from './signature.ts'

/** Who signs for whom, where somebody may today. */
export function SignatureField({
  delegations,
  value,
  error,
  t,
}: {
  delegations: readonly Delegation[]
  value: string
  error?: string
  t: Translate
}) {
  return (
    <Select
      name="signedUnder"
      label={t('acting.field')}
      hint={t('acting.field-hint')}
      value={value}
      error={error}
      options={[
        { value: '', label: t('acting.nobody') },
        ...delegations.map(({ id, delegateName, instrument }) => ({
          value: id,
          label: t('acting.option', { person: delegateName, instrument }),
        })),
      ]}
    />
  )
}

/** At the review: under which instrument, and until when, the line may stand under the letter. */
export async function signatureBeside({ services, viewer, t, language }: Visit, draft: Draft): Promise<BesideDraft> {
  if ((draft.body as Partial<NoteBody>)?.signed === undefined) return {}
  const found = await delegationOf(services, draft)
  if (!found) return {}
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  return {
    beside: (
      <Section title={t('acting.review')} id="acting">
        <Pairs
          items={[
            { term: t('acting.delegate'), detail: found.delegateName },
            { term: t('acting.instrument'), detail: <bdi>{found.instrument}</bdi> },
            { term: t('acting.from'), detail: when(found.from_at) },
            { term: t('acting.until'), detail: when(found.until_at) },
          ]}
        />
      </Section>
    ),
    ...(!found.isInForce && { atRelease: [t('acting.over', { person: found.delegateName })] }),
  }
}
