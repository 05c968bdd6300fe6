import { z } from 'zod'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { assign, listHistory } from './assignments.ts'
import { type Hit, showHits } from './hits.ts'
import { addressOf, isAsked, searchInput } from './input.ts'
import { AssignPage } from './pages/assign-page.tsx'
import { showSearch } from './routes.tsx'
import { removeView, saveView } from './saved-views.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)

const viewInput = z.object({
  id,
  name: z.string().trim().min(1).max(80),
  query: z.string().max(2_000),
  office: z.string().max(64).optional(),
})

const assignInput = z.object({
  id,
  to: z.string().max(80).optional(),
  note: z.string().trim().max(1_000).default(''),
  done: z.literal('yes').optional(),
})

/** Only what the search itself can ask is kept, without the page that was looked at. */
function questionOf(query: string): string {
  const asked = searchInput.safeParse(Object.fromEntries(new URLSearchParams(query)))
  if (!asked.success || !isAsked(asked.data)) throw InvalidInput.at('query', 'search.invalid.nothing-asked')
  return addressOf(asked.data, { after: undefined })
}

async function keep({ services, viewer, input }: Visit<z.infer<typeof viewInput>>): Promise<Answer> {
  const query = questionOf(input.query)
  await saveView(services, viewer, { id: input.id, name: input.name, query, office: input.office || undefined })
  return { redirect: `/search?${query}`, data: { id: input.id }, notice: 'search.views.kept' }
}

/** What had been found, with what is wrong about keeping it. */
function keepAgain(visit: Visit, errors: Record<string, string>): Promise<Answer> {
  const { query } = visit.values ?? {}
  const asked = searchInput.safeParse(Object.fromEntries(new URLSearchParams(String(query ?? '').slice(0, 2_000))))
  return showSearch({ ...visit, input: asked.data ?? {} }, errors)
}

/** The act of the address, as far as this person may read it. @throws Refusal `not-found` */
async function hitOf(visit: Visit): Promise<Hit> {
  const { space = '', act = '' } = visit.params
  if (!id.safeParse(space).success || !/^[A-Za-z0-9_-]{43}$/.test(act)) throw new Refusal('not-found')
  const [hit] = await showHits(visit, [{ space, hash: act }], 'page')
  if (!hit || hit.shown.space.id !== space) throw new Refusal('not-found')
  return hit
}

async function assignForm(visit: Visit<unknown>, errors: Record<string, string> = {}): Promise<Answer> {
  const hit = await hitOf(visit)
  const { services } = visit
  const [people, offices, history] = await Promise.all([
    services.people.list(),
    services.people.offices(),
    listHistory(services, hit.shown.act.hash),
  ])
  const shown = { visit, hit, people, offices, history, id: newId(), errors }
  return { page: <AssignPage {...shown} />, status: Object.keys(errors).length > 0 ? 422 : 200 }
}

async function assignTo(visit: Visit<z.infer<typeof assignInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const { act, space } = (await hitOf(visit)).shown
  if (!input.done && !input.to) throw InvalidInput.at('to', 'search.invalid.nobody')
  await assign(services, viewer.person, {
    id: input.id,
    act: act.hash,
    space: act.space,
    note: input.note,
    drill: space.drill?.name,
    ...(input.done ? {} : { to: input.to }),
  })
  return {
    redirect: actHref(act.space, act.hash),
    data: { id: input.id },
    notice: input.done ? 'search.assign.is-done' : 'search.assign.is-assigned',
  }
}

export const recordRoutes = (): Route[] => [
  {
    method: 'POST',
    path: '/search/views',
    permission: 'signed-in',
    input: viewInput,
    summary: 'Keep a question under a name, for oneself or one’s office',
    handle: keep,
    onInvalid: keepAgain,
  },
  {
    method: 'POST',
    path: '/search/views/:id/remove',
    permission: 'signed-in',
    summary: 'Remove a kept question',
    async handle({ services, viewer, params }) {
      await removeView(services, viewer, params.id ?? '')
      return { redirect: '/search', notice: 'search.views.removed' }
    },
  },
  {
    method: 'GET',
    path: '/spaces/:space/acts/:act/assign',
    permission: 'signed-in',
    summary: 'Who here deals with a document, and who did',
    handle: (visit) => assignForm(visit),
  },
  {
    method: 'POST',
    path: '/spaces/:space/acts/:act/assign',
    permission: 'signed-in',
    input: assignInput,
    summary: 'Say who here is to deal with a document, or that it is done',
    handle: assignTo,
    onInvalid: assignForm,
  },
]
