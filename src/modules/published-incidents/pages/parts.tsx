import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { Quiet } from '../../../web/index.ts'
import type { Batch } from '../batches.ts'

/** Words of a set, in the language in which it is published. */
export function Published({ children }: { children?: ComponentChildren }) {
  return (
    <bdi lang="en" dir="auto">
      {children}
    </bdi>
  )
}

/** Where figures and lists are from, and that what is published is not what happened. */
export function SourceLine({ visit, batch }: { visit: Visit<any>; batch: Batch }) {
  const { t, viewer, language } = visit
  return (
    <>
      <p>
        {t('published-incidents.source-line', {
          set: batch.name,
          edition: batch.edition,
          date: formatDate(batch.stoodAt ?? batch.at, viewer.person.zone, language),
        })}{' '}
        <Published>{batch.source}</Published> · <Published>{batch.licence}</Published>
      </p>
      <Quiet>{t('published-incidents.bias')}</Quiet>
    </>
  )
}

/** A day of a set; some sets write a 1 January for a year alone. */
export function dayText(day: string | null, { t, language }: Pick<Visit, 't' | 'language'>): string {
  return day === null ? t('published-incidents.not-said') : formatDate(Date.parse(day), 'Etc/UTC', language)
}

/** From when until when an incident lasted, as published. */
export function spanText(start: string | null, end: string | null, visit: Pick<Visit, 't' | 'language'>): string {
  if (end === null || end === start) return dayText(start, visit)
  return visit.t('published-incidents.span', { start: dayText(start, visit), end: dayText(end, visit) })
}
