import { otherUses } from '../../../core/identity/index.ts'
import type { KeyOverview, KeyRequest, PublishedDid } from '../../../core/keys/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { CheckboxGroup, LeavesStays } from '../../../web/index.ts'
import type { Outcome } from './administration-frame.tsx'

export interface KeysPageProps extends Outcome {
  visit: Visit<any>
  overview: KeyOverview
  reaches: { space: string; host: string; members: string[] }[]
  request?: KeyRequest
  did?: PublishedDid
  /** Names of people at home by id. */
  people: Map<string, string>
}

/** Checked keys are replaced with the act key. */
export function OtherKeys({ visit: { t } }: { visit: Visit<any> }) {
  return (
    <CheckboxGroup
      name="others"
      label={t('administration.keys.others')}
      hint={t('administration.keys.others-hint')}
      required={false}
      options={otherUses.map((value) => ({ value, label: t(`administration.keys.use.${value}`) }))}
    />
  )
}

/** What a change of keys tells whom. */
export function WhatLeaves({
  visit: { t, services, language },
  reaches,
  by,
}: Pick<KeysPageProps, 'visit' | 'reaches'> & { by: string }) {
  const parties = [...new Set(reaches.flatMap(({ members }) => members))].filter((party) => party !== services.party)
  return (
    <LeavesStays
      leavesTitle={t('administration.keys.leaves-by', { by })}
      staysTitle={t('administration.keys.stays-by', { by })}
      leaves={[
        t('administration.keys.leaves-register'),
        t('administration.keys.leaves-spaces', { count: reaches.length }),
        ...parties.map((party) => services.nameOf(party, language)),
      ]}
      stays={[t('administration.keys.stays-private'), t('administration.keys.stays-acts')]}
    />
  )
}
