import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Answer, Permission, Route, Visit } from '../../../core/module/types.ts'
import { isId } from '../../../protocol/index.ts'
import { formRoute, type Returned } from '../../frame/index.ts'
import { legalPower } from '../../clearance/index.ts'
import { keepReadOut } from '../../talks/index.ts'
import { namesOf } from '../pages/names-of.ts'
import { untilInput } from '../inputs.ts'
import { loadChoices } from '../releases/held-until.tsx'
import { choiceOf, holdBack } from '../releases/hold-back.ts'
import { askForLegal } from './legal-wanted.ts'
import { ReadOutsPage } from './read-outs-page.tsx'
import {
  clearReadOut,
  keepPublished,
  loadReadOuts,
  minuteFinding,
  publishedWords,
  type Occasion,
  occasions,
} from './read-outs.ts'
import { findings } from './tables.ts'

const path = '/spaces/:space/acts/:act/read-outs'
const id = z.string().regex(/^[0-9a-f]{32}$/)
const account = z.string().trim().min(1, 'read-outs.invalid.words').max(50_000)
const key = z.string().regex(/^[\w-]{43}$/)

const ownInput = z.object({ id, account })
const publishedInput = z.object({
  id,
  party: partyName,
  source: z.string().trim().min(1, 'read-outs.invalid.source').max(500),
  on: z.iso.date('read-outs.invalid.day'),
  account,
})
const findingInput = z.object({
  id,
  party: partyName,
  pair: key,
  finding: z.enum(findings),
  note: z.string().trim().max(1_000).default(''),
})
const clearInput = z.object({ seen: id })
const legalInput = z.object({ legalWhy: z.string().trim().min(1, 'read-outs.invalid.legal').max(1_000) })

/** Our account of talks, a call or a note beside what the others say of it. */
export function readOutRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path,
      permission: 'talks:read',
      summary: 'Our read-out of talks, a call or a note beside those of the others',
      handle: (visit) => showReadOuts(visit),
    },
    {
      method: 'GET',
      path: `${path}/text`,
      permission: 'talks:read',
      summary: 'Our read-out as plain text to be published: cleared, and at its time',
      async handle(visit) {
        const words = await publishedWords(visit.services, visit.viewer, await occasionOf(visit))
        return new Response(`${words}\n`, {
          headers: {
            'content-type': 'text/plain; charset=utf-8',
            'content-disposition': 'inline; filename="read-out.txt"',
            'cache-control': 'private, no-store',
          },
        })
      },
    },
    form('own', { input: ownInput, summary: 'Keep our own read-out at home' }, async (visit, { act }) => {
      const { id: of, account: words } = visit.input
      await keepReadOut(visit.services, visit.viewer, { id: of, about: act.hash, words })
    }),
    form(
      'published',
      { input: publishedInput, summary: 'Note what another party published of it, with source and date' },
      (visit, occasion) => keepPublished(visit.services, visit.viewer, occasion, visit.input),
    ),
    form(
      'findings',
      { input: findingInput, summary: 'Minute what a paragraph of theirs says beside ours' },
      (visit, occasion) => minuteFinding(visit.services, visit.viewer, occasion, visit.input),
    ),
    form(
      'until',
      { input: untilInput, summary: 'Let our read-out wait for a time of release, or free it' },
      async ({ services, viewer, input }, { act }) => {
        await services.db
          .transaction()
          .execute((tx) =>
            holdBack(services, viewer, tx, { id: input.id, about: act.hash, until: choiceOf(input.until) }),
          )
      },
    ),
    form(
      'clear',
      {
        input: clearInput,
        summary: 'Clear our read-out for publication as it stands',
        permission: 'talks.read-out-given:release',
      },
      (visit, occasion) =>
        clearReadOut(visit.services, visit.viewer, occasion, { seen: visit.input.seen, stage: 'second' }),
    ),
    form(
      'legal-clear',
      {
        input: clearInput,
        summary: 'Clear our read-out for publication as a legal adviser',
        permission: legalPower,
      },
      (visit, occasion) =>
        clearReadOut(visit.services, visit.viewer, occasion, { seen: visit.input.seen, stage: 'legal' }),
    ),
    form(
      'legal',
      { input: legalInput, summary: 'Ask for a legal adviser to clear our read-out before it is published' },
      (visit, { act }) => askForLegal(visit.services, visit.viewer, act.hash, visit.input.legalWhy),
    ),
  ]
}

/** @throws Refusal `not-found` unless both are here, this reader may read the act, and it is one of which there are read-outs */
async function occasionOf({ services, viewer, params }: Visit<any>) {
  const { space: spaceId = '', act: hash = '' } = params
  const space = isId(spaceId) ? await services.ledger.find(spaceId) : undefined
  const act = space && /^[\w-]{43}$/.test(hash) ? await services.ledger.findAct(hash) : undefined
  if (!space || act?.space !== space.id || !occasions.includes(act.statement.type)) throw new Refusal('not-found')
  const content = (await revealedContents(services, viewer, [act.hash])).get(act.hash)
  if (!content) throw new Refusal('not-found')
  return { space, act, content }
}

async function showReadOuts(visit: Visit<any>, returned?: Returned): Promise<Answer> {
  const { services, viewer, t, language } = visit
  const { space, act, content } = await occasionOf(visit)
  const [readOuts, choices, advisers] = await Promise.all([
    loadReadOuts(services, viewer, { space, act }),
    loadChoices(visit),
    services.people.holding(legalPower),
  ])
  if (visit.wantsJson) return { data: readOuts }
  const face = services.modules.flatMap(({ faces = [] }) => faces).find(({ type }) => type === act.statement.type)
  const headline =
    face?.headline({ shown: { act, space, content }, services, viewer, t, language }) ?? act.statement.type
  const nameOf = await namesOf(visit, [
    ...readOuts.own.flatMap(({ by, cleared, legal }) => [
      by,
      ...(cleared ? [cleared.by] : []),
      ...(legal ? [legal.by] : []),
    ]),
    ...(readOuts.wanted?.asked ? [readOuts.wanted.asked.by] : []),
    ...readOuts.accounts.flatMap(({ published, pairs }) => [
      ...(published ? [published.by] : []),
      ...pairs.flatMap(({ found }) => found?.by_person ?? []),
    ]),
    ...readOuts.earlier.map(({ by_person }) => by_person),
  ])
  return {
    page: (
      <ReadOutsPage
        {...{ visit, space, act, headline, readOuts, choices, hasAdviser: advisers.length > 0, nameOf, returned }}
      />
    ),
  }
}

/** One form; done, it leads back to the page. */
function form<S extends z.ZodType>(
  name: string,
  { input, summary, permission = 'talks.read-out-given:send' }: { input: S; summary: string; permission?: Permission },
  act: (visit: Visit<z.infer<S>>, occasion: Occasion) => Promise<void>,
): Route {
  return formRoute(
    { path: `${path}/${name}`, name, permission, input, summary, notice: 'lines.notice.saved', again: showReadOuts },
    async (visit) => {
      const occasion = await occasionOf(visit)
      await act(visit, occasion)
      return `/spaces/${occasion.space.id}/acts/${occasion.act.hash}/read-outs`
    },
  )
}
