import assert from 'node:assert/strict'
import { createAttachments } from '../../src/core/attachments/index.ts'
import { migrations as authMigrations } from '../../src/core/auth/index.ts'
import type { Viewer } from '../../src/core/auth/types.ts'
import { lapsedAct, migrations as clockMigrations, views as clockViews } from '../../src/core/clocks/index.ts'
import { parseInput } from '../../src/core/http/index.ts'
import { jobMigrations } from '../../src/core/jobs/index.ts'
import type { Module, Route, Services, Visit } from '../../src/core/module/types.ts'
import { migrations as notifyMigrations } from '../../src/core/notify/index.ts'
import { migrations as pagingMigrations } from '../../src/core/paging/index.ts'
import { createDrafts, migrations as releaseMigrations } from '../../src/core/release/index.ts'
import { migrations as scrubMigrations } from '../../src/core/scrub/index.ts'
import { migrations as searchMigrations, views as searchViews } from '../../src/core/search/index.ts'
import { administration } from '../../src/modules/administration/index.ts'
import { agreements } from '../../src/modules/agreements/index.ts'
import { calls } from '../../src/modules/calls/index.ts'
import { channels } from '../../src/modules/channels/index.ts'
import { checks } from '../../src/modules/checks/index.ts'
import { confidence } from '../../src/modules/confidence/index.ts'
import { directory } from '../../src/modules/directory/index.ts'
import { forums } from '../../src/modules/forums/index.ts'
import { incidents } from '../../src/modules/incidents/index.ts'
import { letters } from '../../src/modules/letters/index.ts'
import { paging } from '../../src/modules/paging/index.ts'
import { search } from '../../src/modules/search/index.ts'
import { spaces } from '../../src/modules/spaces/index.ts'
import { newId } from '../../src/protocol/index.ts'
import { createTranslator } from '../../src/text/index.ts'
import { drawPage } from './draw-page.ts'
import type { Network, NetworkNode } from './network.ts'
import { untilSize } from './notes.ts'

/** What a search, and the register's gate, look into. */
export const searchIndex: Module = {
  name: 'index',
  migrations: [...scrubMigrations, ...searchMigrations],
  views: searchViews,
}

export const rooms: Module = {
  name: 'rooms',
  acts: [lapsedAct],
  migrations: [
    ...jobMigrations,
    ...authMigrations,
    ...notifyMigrations,
    ...pagingMigrations,
    ...releaseMigrations,
    ...clockMigrations,
  ],
  views: clockViews,
}
/** Notes look for incidents to annex and for whom they page; those pages are not under test. */
const tablesOf = ({ name, migrations, views }: Module): Module => ({ name, migrations, views })
export const modules = [rooms, spaces, channels, tablesOf(incidents), tablesOf(directory)]
/** With forums and joint texts. */
export const outwardModules = [...modules, forums, agreements]

export function servicesOf(node: NetworkNode, ofModules: readonly Module[] = modules): Services {
  const services = {
    ...node,
    finality: node.witnessing.finality,
    partyName: { en: node.name },
    settings: { holdMs: 0, submitWaitMs: 2000, publicUrl: node.url },
    modules: ofModules,
    nameOf: (party: string) => party.split('.')[0]?.toUpperCase() ?? party,
    signedNameOf: (party: string) => party,
    people: {
      find: async (id: string) => ({ id, name: id, roles: [], offices: [] }),
      list: async () => [],
      offices: async () => [],
      holding: async () => ['releaser'],
    },
    notices: {
      send: async () => undefined,
      unread: async () => [],
      markRead: async () => undefined,
      settle: async () => undefined,
    },
    jobs: { enqueue: async () => undefined, drain: async () => undefined },
    live: { publish() {}, subscribe: () => () => undefined },
  } as unknown as Services
  services.attachments = createAttachments(services)
  services.drafts = createDrafts(services)
  return services
}

export function personOf(id: string, ceiling: Viewer['ceiling'] = 'AMBER', may: RegExp = /./): Viewer {
  const office = { id: 'cyber-desk', name: { en: 'Cyber desk' } }
  return {
    person: { id, name: id, language: 'en', zone: 'Etc/UTC' },
    office,
    offices: [office],
    roles: [],
    ceiling,
    sessionId: 's',
    may: (power) => may.test(power),
  }
}

interface Asked {
  services: Services
  viewer: Viewer
  language?: string
  input?: Record<string, unknown>
  json?: boolean
}

const routesOf = (services: Services) =>
  [spaces, search, channels, calls, letters, directory, paging, forums, agreements, checks, confidence, administration]
    .concat(services.modules)
    .flatMap((module) => module.routes?.(services) ?? [])

/** Asks a route as the web server would, and renders the page. */
export async function ask(
  method: 'GET' | 'POST',
  address: string,
  { services, viewer, language = 'en', input = {}, json = false }: Asked,
) {
  const url = new URL(address, 'http://node.test')
  const { route, params } = find(routesOf(services), method, url.pathname)
  const values = method === 'GET' ? Object.fromEntries(url.searchParams) : input
  const visit: Visit = {
    services,
    viewer,
    params,
    language,
    values,
    query: url.searchParams,
    input: route.input ? parseInput(route.input, values) : values,
    t: createTranslator(language),
    request: new Request(url, { method }),
    wantsJson: json,
  }
  const answer = await route.handle(visit)
  return { answer, html: drawPage(answer, visit) }
}

function find(routes: Route[], method: string, path: string): { route: Route; params: Record<string, string> } {
  const given = path.split('/')
  const fixed = (route: Route) => route.path.split('/').filter((part) => !part.startsWith(':')).length
  const fits = (route: Route) => {
    const wanted = route.path.split('/')
    return (
      route.method === method &&
      wanted.length === given.length &&
      wanted.every((part, index) => part.startsWith(':') || part === given[index])
    )
  }
  const route = routes.filter(fits).toSorted((a, b) => fixed(b) - fixed(a))[0]
  assert.ok(route, `${method} ${path}`)
  const params = Object.fromEntries(
    route.path.split('/').flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), given[index] ?? '']] : [])),
  )
  return { route, params }
}

export const redirectOf = (answer: unknown): string => {
  assert.ok(typeof answer === 'object' && answer !== null && 'redirect' in answer, 'a redirect')
  return String(answer.redirect)
}

/** Resolves once these nodes hold that many entries of the space with their payloads, and their rows are there. */
export async function arrives(space: string, size: number, ...nodes: NetworkNode[]): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      await untilSize(node, space, size)
      await node.ledger.project(space)
    }),
  )
}

export const note = {
  form: 'letter',
  purpose: 'inform',
  addressee: 'borovia.example',
  language: 'en',
  subject: 'Intrusions since Monday',
  opening: 'To the competent authority,',
  text: 'Hosts of yours appear to have been used.',
  closing: 'With our regards.',
}

export async function openCase(network: Network<'aurelia' | 'borovia'>, services: Services): Promise<string> {
  const { answer } = await ask('POST', '/spaces/open', {
    services,
    viewer: personOf('secretary'),
    input: {
      id: newId(),
      kind: 'case',
      'title-en': 'Ransomware',
      purpose: 'One matter',
      members: ['borovia.example'],
      acknowledgeWithin: 'PT4H',
      zone: 'Etc/UTC',
    },
  })
  const space = redirectOf(answer).split('/').at(-1) as string
  await arrives(space, 1, network.nodes.aurelia, network.nodes.borovia)
  return space
}

export function sendNote(
  node: NetworkNode,
  space: string,
  over: { tlp?: 'AMBER' | 'RED'; subject: string; to: string },
) {
  return node.outbox.send({
    space,
    type: 'channels.note-sent',
    id: newId(),
    office: 'cyber-desk',
    body: {
      form: 'letter',
      number: '1',
      purpose: 'inform',
      language: 'en',
      addressee: over.to,
      impliesNoAttribution: false,
    },
    text: { subject: over.subject, opening: 'To you,', paragraphs: [`${over.subject} in full`], closing: 'Regards.' },
    marking: { tlp: over.tlp ?? 'AMBER' },
  })
}
