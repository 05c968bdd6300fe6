import { z } from 'zod'
import { type Clock, clocksAbout, clockState, openClocks } from '../../core/clocks/index.ts'
import type { Answer, Route, SpaceFacts, Visit } from '../../core/module/types.ts'
import { partyName } from '../../core/module/fields.ts'
import type { Standing } from '../../core/witnessing/index.ts'
import { getSpace } from './find-space.ts'
import { listSpaces } from './list-spaces.ts'
import { showActs } from './show-acts.ts'

const rfc3339 = (ms: number): string => new Date(ms).toISOString()

const spaceData = (space: SpaceFacts) => ({
  id: space.id,
  kind: space.kind,
  title: space.title,
  purpose: space.purpose,
  host: space.host,
  hosted: space.hosted,
  members: space.members,
  ...(space.drill && { drill: space.drill }),
  terms: space.terms,
  ...(space.under && { under: space.under }),
  size: space.size,
  root: space.root,
  newest: rfc3339(space.time),
})

const clockData = (clock: Clock, now: number) => ({
  ...clock,
  startsAt: rfc3339(clock.startsAt),
  dueAt: rfc3339(clock.dueAt),
  ...(clock.metAt !== undefined && { metAt: rfc3339(clock.metAt) }),
  state: clockState(clock, now),
})

async function spacesData({ services, viewer }: Visit): Promise<Answer> {
  const listed = await listSpaces(services, viewer)
  return {
    data: {
      spaces: listed.map(({ space, open, unread, now }) => ({
        ...spaceData(space),
        now: rfc3339(now),
        unread,
        open: open.map((clock) => clockData(clock, now)),
      })),
    },
  }
}

async function oneSpaceData({ services, params }: Visit): Promise<Answer> {
  const space = await getSpace(services, params.space)
  const now = await services.ledger.scenarioNow(space)
  const open = await openClocks(services.db, { space: space.id })
  return { data: { ...spaceData(space), now: rfc3339(now), open: open.map((clock) => clockData(clock, now)) } }
}

const actsInput = z.object({
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})

/** Acts in order, each with what the gate lets this reader have. */
async function actsData(visit: Visit<z.infer<typeof actsInput>>): Promise<Answer> {
  const { services, viewer, params, input } = visit
  const space = await getSpace(services, params.space)
  const acts = await services.ledger.acts(space.id, input)
  const [shown, standingAt] = await Promise.all([
    showActs(services, viewer, space, acts, 'api'),
    services.finality.standings(space, acts[0]?.index ?? 0, acts.at(-1)?.index ?? 0),
  ])
  return {
    data: {
      space: space.id,
      size: space.size,
      acts: shown.map(({ act, content, withheld }) => ({
        index: act.index,
        hash: act.hash,
        time: rfc3339(act.time),
        scenarioTime: rfc3339(act.scenarioTime),
        ...act.statement,
        at: rfc3339(act.statement.at),
        ...standingData(standingAt(act.index)),
        ...(act.withoutEffect !== undefined && { withoutEffect: act.withoutEffect }),
        ...(withheld !== undefined && { withheld }),
        ...(content && { content }),
      })),
      ...(acts.length === input.limit && { next: input.from + input.limit }),
    },
  }
}

/** How far an act has come, whose word it rests on, and whose is still missing. */
function standingData({ word, since, holders, witnesses, missing }: Standing) {
  return {
    state: word,
    ...(since.witnessed === undefined ? {} : { witnessedAt: rfc3339(since.witnessed) }),
    ...(since['confirmed-by-all'] === undefined ? {} : { confirmedAt: rfc3339(since['confirmed-by-all']) }),
    heldBy: holders.map((one) => ({ party: one.party, at: rfc3339(one.at) })),
    witnessedBy: witnesses.map((one) => ({ name: one.name, at: rfc3339(one.at) })),
    missing: { witnessed: missing.witnessed, confirmedByAll: missing['confirmed-by-all'] },
  }
}

/** What members keep while the host is silent, with the receipts they signed. */
async function tenderedData({ services, params }: Visit): Promise<Answer> {
  const space = await getSpace(services, params.space)
  const acts = await services.tenders.list(space.id)
  return {
    data: {
      space: space.id,
      acts: await Promise.all(
        acts.map(async ({ hash, statement, since, heldBy, refused, anchoredBy }) => ({
          hash,
          type: statement.type,
          author: statement.author,
          at: rfc3339(statement.at),
          since: rfc3339(since),
          state: refused ? 'refused' : 'tendered',
          ...(refused && { rule: refused.rule }),
          ...(anchoredBy !== undefined && { anchoredBy }),
          keptBy: heldBy.map((one) => ({ party: one.party, at: rfc3339(one.at) })),
          receipts: await services.tenders.receipts(hash),
        })),
      ),
    },
  }
}

const clocksInput = z.object({
  space: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  regime: z.string().max(80).optional(),
  duty: partyName.optional(),
  /** Act hash: all clocks about it, also those that ended. */
  about: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
})

async function clocksData({ services, input }: Visit<z.infer<typeof clocksInput>>): Promise<Answer> {
  const { about, ...filter } = input
  const clocks = about
    ? ((await clocksAbout(services.db, [about])).get(about) ?? [])
    : await openClocks(services.db, filter)
  const spaces = [...new Set(clocks.map((clock) => clock.space))]
  const nows = new Map(
    await Promise.all(spaces.map(async (id) => [id, await services.ledger.scenarioNow(id)] as const)),
  )
  return { data: { clocks: clocks.map((clock) => clockData(clock, nows.get(clock.space) ?? services.clock.now())) } }
}

/** Reads of the API; every one passes the same gate as the pages. */
export const apiRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/v1/spaces',
    permission: 'signed-in',
    summary: 'Spaces we are in, with open duties',
    handle: spacesData,
  },
  { method: 'GET', path: '/api/v1/spaces/:space', permission: 'signed-in', summary: 'One space', handle: oneSpaceData },
  {
    method: 'GET',
    path: '/api/v1/spaces/:space/acts',
    permission: 'signed-in',
    input: actsInput,
    summary: 'Acts of a space in order, through the marking gate',
    handle: actsData,
  },
  {
    method: 'GET',
    path: '/api/v1/spaces/:space/tendered',
    permission: 'signed-in',
    summary: 'Acts that members keep while the host is silent, with their signed receipts',
    handle: tenderedData,
  },
  {
    method: 'GET',
    path: '/api/v1/clocks',
    permission: 'signed-in',
    input: clocksInput,
    summary: 'Open duties, or all about one act',
    handle: clocksData,
  },
]
