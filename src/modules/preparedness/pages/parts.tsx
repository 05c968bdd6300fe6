import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { formatDuration } from '../../../text/index.ts'
import { FormLine, PageHead } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { PlanContent, Step } from '../plan/content.ts'
import type { Names } from '../plan/load-names.ts'

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

/** "within 30 minutes of: Call the other side". */
export function termWords({ t, language }: Visit, { within, after }: Step, { steps }: PlanContent): string {
  if (within === null) return t('preparedness.no-term')
  const duration = formatDuration(within * 60_000, language)
  const before = steps.find(({ id }) => id === after)
  return before ? t('preparedness.term-after', { duration, step: before.title }) : t('preparedness.term', { duration })
}

/** Who holds something, in words; where they left the house, the page says so. */
export const holderWords = ({ t }: Visit, names: Names, who: string): string =>
  who === '' ? t('preparedness.nobody') : (names.holder(who) ?? t('preparedness.gone-holder'))
