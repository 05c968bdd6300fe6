import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatList, isolate } from '../../../text/index.ts'
import type { Choices } from '../choices.ts'
import type { SearchInput } from '../input.ts'

/** What was asked, in words: for the title, the print and the name of a saved view. */
export function criteriaText(
  { input, t, language }: Pick<Visit<SearchInput>, 'input' | 't' | 'language'>,
  choices: Choices,
): string {
  const { q, ref, party, direction = 'either', form, state, person, from, until } = input
  const label = (options: Choices['parties'], value: string) =>
    options.find((one) => one.value === value)?.label ?? value
  const day = (date: string) => formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', language)
  const said = [
    q && t('search.asked.q', { words: isolate(q) }),
    ref && t('search.asked.ref', { reference: isolate(ref) }),
    party && t(`search.asked.party-${direction}`, { party: isolate(label(choices.parties, party)) }),
    form && isolate(label(choices.forms, form)),
    state && t(`search.state.${state}`),
    person && t('search.asked.person', { name: isolate(label(choices.people, person)) }),
    from && until && t('search.asked.between', { from: day(from), until: day(until) }),
    from && !until && t('search.asked.from', { from: day(from) }),
    until && !from && t('search.asked.until', { until: day(until) }),
  ].filter((one): one is string => Boolean(one))
  return formatList(said, language)
}
