import type { ComponentChildren } from 'preact'
import type { Visit } from '../../core/module/types.ts'
import { ErrorSummary, Quiet, Time, Trouble } from '../../web/index.ts'

/** A form that came back: what was typed, and what is wrong with it. */
export interface Returned {
  /** Which form of its page. */
  form: string
  values: Record<string, unknown>
  /** Field → sentence. */
  errors: Record<string, string>
  /** What is wrong with no field in particular. */
  trouble?: string
}

/**
 * Fields of one form of a page: what was typed if this form came back, else what stands on record.
 *
 * @param form - Where a page has several; a page with one has none to tell apart.
 */
export function returnedTo(returned: Returned | undefined, form?: string) {
  const mine = form === undefined || returned?.form === form ? returned : undefined
  const typed = (name: string) => [mine?.values[name] ?? []].flat().filter((one) => typeof one === 'string')
  return {
    isMine: mine !== undefined,
    value: (name: string, otherwise = ''): string => (mine ? (typed(name)[0] ?? '') : otherwise),
    values: (name: string, otherwise: readonly string[] = []): readonly string[] => (mine ? typed(name) : otherwise),
    error: (name: string): string | undefined => mine?.errors[name],
  }
}

/** What is wrong with a form that came back, above all forms of the page. Fields are called what the page calls them. */
export function WhatIsWrong({ returned, labels }: { returned?: Returned; labels?: Record<string, string> }) {
  return (
    <>
      {returned?.trouble && <Trouble what={returned.trouble} />}
      <ErrorSummary errors={returned?.errors} labels={labels} />
    </>
  )
}

/** Who and when, within a sentence. */
export function Signature({ visit, by, at }: { visit: Visit; by: string; at: number }) {
  return (
    <span class="quiet small">
      <bdi>{by}</bdi> · <Time ms={at} zone={visit.viewer.person.zone} language={visit.language} short />
    </span>
  )
}

/** Who wrote something down and when, on a line of its own. */
export function Signed({
  visit,
  by,
  at,
  children,
}: {
  visit: Visit
  by: string
  at: number
  children?: ComponentChildren
}) {
  return (
    <Quiet small>
      <bdi>{by}</bdi> · <Time ms={at} zone={visit.viewer.person.zone} language={visit.language} short />
      {children}
    </Quiet>
  )
}
