import type { AdmissionState } from '../../protocol/index.ts'
import type { MemberKeys } from './types.ts'

export function memberKeysOf(admission: AdmissionState): MemberKeys[] {
  return [...admission.members].map(([party, member]) => ({
    party,
    role: member.role,
    since: member.since,
    ...(member.until === undefined ? {} : { until: member.until }),
    act: member.keys.filter((key) => key.until === undefined).map(({ kid, key }) => ({ kid, key })),
    node: member.node,
    cosigner: member.cosigner,
    sealing: member.sealing,
    first: member.first,
    spans: member.keys,
  }))
}
