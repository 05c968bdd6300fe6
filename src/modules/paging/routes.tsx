import { z } from 'zod'
import { audit } from '../../core/auth/index.ts'
import { clocksAbout, findClock } from '../../core/clocks/index.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import {
  devicesOf,
  enrolDevice,
  findPage,
  isPushAddress,
  numberOf,
  pagesOfClock,
  readPagingRule,
  removeDevice,
  setNumber,
  setPagingRule,
} from '../../core/paging/index.ts'
import { isId, newId } from '../../protocol/index.ts'
import { deviceInput, numberInput, ruleInput } from './inputs.ts'
import { ChainPage } from './pages/chain-page.tsx'
import { OwnPage, TestPage } from './pages/own-page.tsx'
import { RulePage } from './pages/rule-page.tsx'

type Errors = Record<string, string>
const minuteMs = 60_000
const idInput = z.object({ id: z.string().regex(/^[0-9a-f]{32}$/) })

/** How this house pages its people, how one person is reached, and what a page did. */
export function pagingRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/paging',
      permission: 'signed-in',
      summary: 'How I am paged: telephone, enrolled devices, a test',
      handle: (visit) => showOwn(services, visit),
    },
    {
      method: 'POST',
      path: '/paging/number',
      permission: 'signed-in',
      input: numberInput,
      summary: 'Set or take away the telephone on which I am paged',
      async handle({ input, viewer }: Visit<z.infer<typeof numberInput>>) {
        await setNumber(services, viewer.person.id, input.telephone)
        return { redirect: '/paging', notice: `paging.notice.${input.telephone ? 'number' : 'no-number'}` }
      },
      onInvalid: (visit, errors) => showOwn(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/paging/devices',
      permission: 'signed-in',
      input: deviceInput,
      summary: 'Enrol this browser for web push, with what its maker gave it',
      handle: (visit: Visit<z.infer<typeof deviceInput>>) => enrol(services, visit),
    },
    {
      method: 'POST',
      path: '/paging/devices/:device/remove',
      permission: 'signed-in',
      summary: 'Take a device off',
      async handle({ params, viewer }) {
        await removeDevice(services, { id: params.device ?? '', person: viewer.person.id })
        return { redirect: '/paging', notice: 'paging.notice.removed' }
      },
    },
    {
      method: 'POST',
      path: '/paging/test',
      permission: 'signed-in',
      input: idInput,
      summary: 'Page myself, for a test: the whole chain runs until I say that I have it',
      handle: (visit: Visit<z.infer<typeof idInput>>) => pageMyself(services, visit),
    },
    {
      method: 'GET',
      path: '/paging/test/:test',
      permission: 'signed-in',
      summary: 'The page of a test',
      handle: async (visit) => ({ page: <TestPage visit={visit} test={visit.params.test ?? ''} /> }),
    },
    {
      method: 'POST',
      path: '/paging/test/:test',
      permission: 'signed-in',
      summary: 'I have the test page: the chain stops',
      async handle({ params }) {
        if (!isId(params.test ?? '')) throw new Refusal('not-found')
        await services.db.transaction().execute((tx) => services.notices.settle(tx, `paging-test:${params.test}`))
        return { redirect: '/paging', notice: 'paging.notice.had' }
      },
    },
    {
      method: 'GET',
      path: '/paging/settings',
      permission: 'paging:manage',
      summary: 'How this house pages: web push, the hook for SMS and voice, when each follows',
      handle: (visit) => showRule(services, visit),
    },
    {
      method: 'POST',
      path: '/paging/settings',
      permission: 'paging:manage',
      input: ruleInput,
      summary: 'Set how this house pages',
      handle: (visit: Visit<z.infer<typeof ruleInput>>) => saveRule(services, visit),
      onInvalid: (visit, errors) => showRule(services, visit, errors),
    },
    {
      method: 'GET',
      path: '/paged/:notice',
      permission: 'signed-in',
      summary: 'Where a notification leads: to the page on which its matter is acknowledged',
      handle: (visit) => openPaged(services, visit),
    },
    {
      method: 'GET',
      path: '/spaces/:space/acts/:act/paging',
      permission: 'paging:read',
      summary: 'Whom a message paged in our house, by what, when, and with which result',
      handle: (visit) => showChain(services, visit),
    },
  ]
}

async function showOwn(services: Services, visit: Visit<any>, errors?: Errors): Promise<Answer> {
  const { id } = visit.viewer.person
  const [rule, telephone, devices] = await Promise.all([
    readPagingRule(services.db),
    numberOf(services.db, id),
    devicesOf(services.db, id),
  ])
  return {
    page: <OwnPage visit={visit} rule={rule} telephone={telephone} devices={devices} id={newId()} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

async function enrol(services: Services, { input, viewer }: Visit<z.infer<typeof deviceInput>>): Promise<Answer> {
  if (!(await readPagingRule(services.db))?.push) throw new Refusal('paging-push-off')
  // The node will post to this address: only to makers of browsers, whatever a browser says.
  if (!isPushAddress(input.endpoint)) throw InvalidInput.at('endpoint', 'paging.invalid.maker')
  await enrolDevice(services, { ...input, person: viewer.person.id })
  return { redirect: '/paging', notice: 'paging.notice.enrolled' }
}

async function pageMyself(services: Services, { input, viewer }: Visit<z.infer<typeof idInput>>): Promise<Answer> {
  await services.db.transaction().execute((tx) =>
    services.notices.send(tx, {
      key: `paging-test:${input.id}:${viewer.person.id}`,
      person: viewer.person.id,
      message: 'paging.test.notice',
      link: `/paging/test/${input.id}`,
      urgency: 'page',
    }),
  )
  return { redirect: `/paging/test/${input.id}`, notice: 'paging.notice.testing' }
}

async function showRule(services: Services, visit: Visit<any>, errors?: Errors): Promise<Answer> {
  const rule = await readPagingRule(services.db)
  return { page: <RulePage visit={visit} rule={rule} errors={errors} />, status: errors ? 422 : 200 }
}

async function saveRule(services: Services, { input, viewer }: Visit<z.infer<typeof ruleInput>>): Promise<Answer> {
  const { hookUrl, push, smsAfter, voiceAfter, newSecret } = input
  await setPagingRule(services, {
    ...(hookUrl !== undefined && { hookUrl }),
    push: push === 'on',
    smsAfterMs: smsAfter * minuteMs,
    voiceAfterMs: voiceAfter * minuteMs,
    newSecret: newSecret !== undefined,
  })
  await audit(services.db, {
    at: services.clock.now(),
    person: viewer.person.id,
    what: 'paging-set',
    facts: { push, hook: hookUrl === undefined ? 'no' : 'yes' },
  })
  return { redirect: '/paging/settings', notice: 'paging.notice.set' }
}

/** First tap: the notification. The page that opens shows from, form, urgency and marking before its button. */
async function openPaged(services: Services, { params, viewer }: Visit): Promise<Answer> {
  const page = await findPage(services.db, { id: params.notice ?? '', person: viewer.person.id })
  if (!page) throw new Refusal('not-found')
  const [kind, id = ''] = page.key.split(':')
  const clock = kind === 'clock' ? await findClock(services.db, id) : undefined
  const isNote = clock?.regime === 'acknowledge' && viewer.may('channels.note-acknowledged:send')
  return { redirect: isNote ? `/spaces/${clock.space}/notes/${clock.about}/acknowledge` : page.link }
}

async function showChain(services: Services, visit: Visit): Promise<Answer> {
  const { params, wantsJson } = visit
  const space = isId(params.space ?? '') ? await services.ledger.find(params.space ?? '') : undefined
  const act = space && (await services.ledger.findAct(params.act ?? ''))
  if (!space || act?.space !== space.id) throw new Refusal('not-found')
  const clocks = (await clocksAbout(services.db, [act.hash])).get(act.hash) ?? []
  const ours = clocks.filter(({ duty }) => duty === services.party)
  const chains = await Promise.all(
    ours.map(async (clock) => ({ clock, pages: await pagesOfClock(services.db, clock.id) })),
  )
  if (wantsJson) return { data: chains }
  const people = [...new Set(chains.flatMap(({ pages }) => pages.map(({ person }) => person)))]
  const names = new Map(
    await Promise.all(people.map(async (one) => [one, (await services.people.find(one))?.name ?? one] as const)),
  )
  const rule = await readPagingRule(services.db)
  const now = await services.ledger.scenarioNow(space)
  return { page: <ChainPage visit={visit} {...{ space, act, chains, names, rule, now }} /> }
}
