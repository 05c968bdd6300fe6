import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { loadHits } from './hits.ts'
import { findAtHome } from './home.ts'
import { addressOf, isAsked, placeOf, type SearchInput, searchInput } from './input.ts'
import { loadChoices } from './choices.ts'
import { PrintedHits } from './pages/printed-hits.tsx'
import { SearchPage } from './pages/search-page.tsx'
import { listViews } from './saved-views.ts'

const perPage = 25
const printedAtOnce = 100

/** What was asked and what was found; `errors` are of the form that keeps the question. */
export async function showSearch(visit: Visit<SearchInput>, errors?: Record<string, string>): Promise<Answer> {
  const [found, home] = isAsked(visit.input)
    ? await Promise.all([
        loadHits(visit, visit.input, { exit: 'page', limit: perPage }),
        findAtHome(visit, visit.input),
      ])
    : []
  const views = found ? [] : await listViews(visit.services, visit.viewer)
  return {
    page: <SearchPage {...{ visit, found, home, views, errors }} choices={await loadChoices(visit)} />,
  }
}

/** The form again with what was typed, and what is wrong with it. */
async function showAgain(visit: Visit, errors: Record<string, string>): Promise<Answer> {
  const typed = Object.fromEntries(
    Object.entries(visit.values ?? {}).filter((one): one is [string, string] => typeof one[1] === 'string'),
  ) as SearchInput
  const asked = { ...visit, input: typed }
  return { page: <SearchPage visit={asked} choices={await loadChoices(visit)} errors={errors} />, status: 422 }
}

/** Everything found as it would be read out: whole documents, without what its originator keeps from print. */
async function print(visit: Visit<SearchInput>): Promise<Answer> {
  const { hits, next } = await loadHits(visit, visit.input, { exit: 'print', limit: printedAtOnce })
  return { page: await PrintedHits({ visit, choices: await loadChoices(visit), hits, isCut: next !== undefined }) }
}

const rfc3339 = (ms: number): string => new Date(ms).toISOString()

async function data(visit: Visit<SearchInput>): Promise<Answer> {
  const { hits, next } = await loadHits(visit, visit.input, { exit: 'api', limit: perPage })
  return {
    data: {
      acts: hits.map(({ shown: { act, content } }) => ({
        space: act.space,
        index: act.index,
        hash: act.hash,
        time: rfc3339(act.time),
        type: act.statement.type,
        author: act.statement.author,
        office: act.statement.office,
        marking: act.statement.marking,
        ...(act.withoutEffect !== undefined && { withoutEffect: act.withoutEffect }),
        body: content?.body,
        text: content?.text,
      })),
      ...(next && { next: `/api/v1/search?${addressOf(visit.input, { after: placeOf(next) })}` }),
    },
  }
}

export const searchRoutes = (): Route[] => [
  {
    method: 'GET',
    path: '/search',
    permission: 'signed-in',
    input: searchInput,
    summary: 'Search over what every module’s acts say',
    handle: (visit: Visit<SearchInput>) => showSearch(visit),
    onInvalid: showAgain,
  },
  {
    method: 'GET',
    path: '/search/print',
    permission: 'signed-in',
    input: searchInput,
    summary: 'What a search found, as documents to print',
    handle: print,
    onInvalid: showAgain,
  },
  {
    method: 'GET',
    path: '/api/v1/search',
    permission: 'signed-in',
    input: searchInput,
    summary: 'Acts found, newest first unless asked otherwise',
    handle: data,
  },
]
