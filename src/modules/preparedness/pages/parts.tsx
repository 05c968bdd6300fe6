import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { formatDuration } from '../../../text/index.ts'
import { ErrorSummary, FormLine, PageHead, Quiet, Time, Trouble } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { PlanContent, Step } from '../plan/content.ts'
import type { Names } from '../plan/load-names.ts'

/** A form that came back: what was typed, and what is wrong with it. */
export interface Returned {
  form: string
  values: Record<string, unknown>
  errors: Record<string, string>
  trouble?: string
}

export function returnedTo(returned: Returned | undefined, form: string) {
  const mine = returned?.form === form ? returned : undefined
  return {
    value: (name: string, otherwise = '') => {
      if (!mine) return otherwise
      const typed = mine.values[name]
      return typeof typed === 'string' ? typed : ''
    },
    values: (name: string, otherwise: readonly string[] = []): string[] => {
      if (!mine) return [...otherwise]
      return [mine.values[name] ?? []].flat().filter((one) => typeof one === 'string')
    },
    error: (name: string) => mine?.errors[name],
  }
}

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

export function WhatIsWrong({ visit, returned }: { visit: Visit; returned: Returned | undefined }) {
  return (
    <>
      {returned?.trouble && <Trouble what={returned.trouble} />}
      <ErrorSummary errors={returned?.errors} labels={labelsOf(visit)} />
    </>
  )
}

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

export function Signed({ visit, by, at }: { visit: Visit; by: string; at: number }) {
  return (
    <Quiet small>
      <bdi>{by}</bdi> · <Time ms={at} zone={visit.viewer.person.zone} language={visit.language} short />
    </Quiet>
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
