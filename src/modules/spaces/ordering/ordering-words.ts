import type { Services, SpaceFacts } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import type { Translate } from '../../../text/types.ts'
import { listNames } from '../space-words.ts'
import type { Ordering } from './standing.ts'

type Telling = { services: Pick<Services, 'nameOf' | 'party'>; t: Translate; language: string }

/** What it means that another party orders a space, in pairs of term and sentence. */
export function consequences(
  { host, members, needed }: Pick<Ordering, 'host' | 'members' | 'needed'>,
  space: SpaceFacts,
  { services, t, language }: Telling,
): { term: string; detail: string }[] {
  const facts = { host: services.nameOf(host, language), needed, count: members.length }
  return [
    { term: t('spaces.ordering.counts'), detail: t('spaces.ordering.counts-when', facts) },
    { term: t('spaces.ordering.stays'), detail: t('spaces.ordering.stays-as', facts) },
    { term: t('spaces.ordering.may-go'), detail: t('spaces.ordering.may-go-how', facts) },
    {
      term: t('spaces.ordering.reads'),
      detail: t(space.sealed ? 'spaces.ordering.reads-sealed' : 'spaces.ordering.reads-open', {
        parties: listNames(members, services, language),
      }),
    },
  ]
}

/** "Its node has not answered since …" or that it answers. */
export function silenceText(
  { host, silentSince }: Ordering,
  { services, t, language, zone }: Telling & { zone: string },
): string {
  if (host === services.party) return t('spaces.ordering.we-order')
  const name = services.nameOf(host, language)
  if (silentSince === undefined) return t('spaces.ordering.answers', { host: name })
  return t('spaces.ordering.silent', { host: name, since: formatDateTime(silentSince, zone, language) })
}
