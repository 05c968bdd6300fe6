import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { formatDuration, formatList } from '../../../text/index.ts'
import { FormLine, PageHead } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { hasTerm, type PlanContent, type PlanService, type Step } from '../plan/content.ts'
import type { Names } from '../plan/load-names.ts'
import type { Run } from '../run/read-runs.ts'

const fieldNames = [
  'name',
  'purpose',
  'marking',
  'isInUse',
  'trigger',
  'categories',
  'title',
  'who',
  'deputy',
  'words',
  'role',
  'within',
  'unit',
  'after',
  'counts',
  'workingDays',
  'place',
  'annex',
  'contact',
  'why',
  'language',
  'validUntil',
  'party',
  'space',
  'agreed',
  'agreement',
  'category',
  'drill',
  'plan',
  'reason',
  'step',
  'annexes',
  'lesson',
  'answer',
  'owner',
  'operator',
  'priority',
  'needs',
  'rto',
  'mtpd',
]

export const labelsOf = ({ t }: Pick<Visit, 't'>): Record<string, string> =>
  Object.fromEntries(fieldNames.map((name) => [name, t(`preparedness.field.${name}`)]))

/** A page about plans: a record at home, marked as its plan. */
export function PlanFrame({
  visit,
  title,
  form,
  lead,
  marking,
  actions,
  back,
  children,
}: {
  visit: Visit
  title: string
  form?: ComponentChildren
  lead?: ComponentChildren
  marking?: Tlp
  actions?: ComponentChildren
  back?: { href: string; label: string }
  children: ComponentChildren
}) {
  const { t, services, language } = visit
  return (
    <Framed visit={visit} title={title} current="/incidents" {...(marking && { marking: { tlp: marking } })}>
      <PageHead form={form} title={<bdi>{title}</bdi>} lead={lead} actions={actions} />
      {back && (
        <p>
          <a href={back.href}>{back.label}</a>
        </p>
      )}
      <div class="box stays">
        <FormLine>{t('incidents.frame.at-home')}</FormLine>
        <p>{t('preparedness.at-home', { party: services.nameOf(services.party, language) })}</p>
      </div>
      {children}
    </Framed>
  )
}

/** "within 30 minutes of when this is due: Call the other side". */
export function termWords({ t, language }: Visit, step: Step, { steps }: PlanContent): string {
  const { within, workingDays, after, counts } = step
  if (!hasTerm(step)) return t('preparedness.no-term')
  const duration =
    workingDays === null
      ? formatDuration((within ?? 0) * 60_000, language)
      : t('preparedness.working-days', { count: workingDays })
  const before = steps.find(({ id }) => id === after)
  if (!before) return t('preparedness.term', { duration })
  return t(counts === 'done' ? 'preparedness.term-done' : 'preparedness.term-after', { duration, step: before.title })
}

/** What a service of a plan needs, by name. */
export const needsWords = ({ language }: Visit, { needs }: PlanService, all: readonly PlanService[]): string =>
  needs.length === 0
    ? '–'
    : formatList(
        needs.map((id) => all.find((one) => one.id === id)?.name ?? '…'),
        language,
      )

/** By when a service of a plan should do again. */
export const targetWords = ({ t, language }: Visit, { rto }: PlanService): string =>
  rto === null ? t('preparedness.no-target') : formatDuration(rto * 60_000, language)

/** Which version a run follows; that nobody approved it stands in its place. */
export const runVersion = ({ t }: Pick<Visit, 't'>, { version }: Pick<Run, 'version'>): string =>
  version === undefined ? t('preparedness.unapproved') : t('preparedness.version', { number: version })

/** Who holds something, in words; where they left the house, the page says so. */
export const holderWords = ({ t }: Visit, names: Names, who: string): string =>
  who === '' ? t('preparedness.nobody') : (names.holder(who) ?? t('preparedness.gone-holder'))
