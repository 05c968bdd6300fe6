import type { EntryLevel, ReportAct, ReportSpace } from './report.ts'

const words: Record<EntryLevel, string> = {
  'on-the-record': 'on the record by its host, and no more is shown here',
  witnessed: 'witnessed',
  'confirmed-by-all': 'confirmed by all members that were in',
}

/** By what rule entries are witnessed, and how far they had come, neighbours together. Nothing for registers. */
export function levelLines({ policy, acts }: Pick<ReportSpace, 'policy' | 'acts'>): string[] {
  if (!policy) return []
  const rules = {
    default: 'no policy was set, so the lines of members count',
    act: `the policy in entry ${policy.index} counts`,
    unknown: `not said here, since the policy in entry ${policy.index} is withheld`,
  }
  const lines = [`  witnessed: ${rules[policy.by]}`]
  for (let from = 0; from < acts.length; ) {
    const level = acts[from]?.level ?? 'on-the-record'
    let end = from + 1
    while (end < acts.length && acts[end]?.level === level) end += 1
    lines.push(`  ${end - from === 1 ? `entry ${from}` : `entries ${from} to ${end - 1}`}: ${words[level]}`)
    from = end
  }
  return lines
}

/** What an act carries to show that what it rests on was witnessed. */
export function carriedLines({ carried }: ReportAct, clean: (text: string) => string): string[] {
  if (!carried) return []
  if (!carried.holds) return ['        carries a checkpoint that does not hold: it shows nothing']
  const names = carried.cosigned.length === 0 ? 'nobody but the host' : carried.cosigned.map(clean).join(', ')
  const further = carried.notChecked === 0 ? '' : `; lines by ML-DSA-44, not checked: ${carried.notChecked}`
  return [`        carries a checkpoint of ${carried.size} entries signed by ${names}${further}`]
}
