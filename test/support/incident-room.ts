import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { createAttachments, migrations as attachmentMigrations } from '../../src/core/attachments/index.ts'
import { migrations as authMigrations } from '../../src/core/auth/index.ts'
import type { Viewer } from '../../src/core/auth/types.ts'
import { migrations as clockMigrations, views as clockViews } from '../../src/core/clocks/index.ts'
import { fieldErrors, InvalidInput, parseInput } from '../../src/core/http/index.ts'
import type { Answer, Composer, Module, Route, Services, SpaceFacts, Visit } from '../../src/core/module/types.ts'
import { migrations as scrubMigrations } from '../../src/core/scrub/index.ts'
import { migrations as searchMigrations, views as searchViews } from '../../src/core/search/index.ts'
import { brief } from '../../src/modules/brief/index.ts'
import { incidents } from '../../src/modules/incidents/index.ts'
import { lines } from '../../src/modules/lines/index.ts'
import { originator } from '../../src/modules/originator/index.ts'
import { newId } from '../../src/protocol/index.ts'
import type { Tlp } from '../../src/protocol/types.ts'
import { createTranslator } from '../../src/text/index.ts'
import { drawPage } from './draw-page.ts'
import { type NetworkNode, startNetwork } from './network.ts'

const clockRoom: Module = { name: 'clocks', migrations: clockMigrations, views: clockViews }
const index: Module = { name: 'index', migrations: [...scrubMigrations, ...searchMigrations], views: searchViews }
const people: Module = { name: 'people', migrations: authMigrations }
const files: Module = { name: 'files', migrations: attachmentMigrations }
export const modules = [people, clockRoom, index, files, originator, incidents, brief, lines]
export const demoBundle = new Uint8Array(
  readFileSync(new URL('../../src/cli/demo/aurelia-banks.stix.json', import.meta.url)),
)

/** Notices that were sent, of any node. */
export const sentNotices: unknown[] = []

/** What a route is given of a node. */
export function servicesOf(node: NetworkNode): Services {
  return {
    ...node,
    partyName: { en: node.name },
    settings: { holdMs: 0, submitWaitMs: 2000, publicUrl: node.url, maxUploadBytes: 50_000_000 },
    modules,
    attachments: createAttachments({ ...node, jobs: { enqueue: async () => undefined } }),
    nameOf: (party: string) => (party.split('.')[0] ?? party).toUpperCase(),
    people: {
      find: async (id: string) => ({ id, name: `Name of ${id}`, roles: [], offices: [] }),
      list: async () => ['analyst', 'colleague', 'outsider'].map((id) => ({ id, name: `Name of ${id}` })),
      offices: async () => [{ id: 'cyber-desk', name: { en: 'Cyber desk' } }],
    },
    notices: { send: async (_tx: unknown, notice: unknown) => void sentNotices.push(notice) },
    live: { publish() {}, subscribe: () => () => undefined },
  } as unknown as Services
}

/** Somebody of the cyber desk. */
export function personOf(id: string, ceiling: Tlp = 'RED', may: RegExp = /./): Viewer {
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

/** Asks a route as the web server would, and renders the page; wrong input comes back as the form. */
export async function ask(
  method: 'GET' | 'POST',
  address: string,
  { services, viewer, language = 'en', input = {}, json = false }: Asked,
) {
  const url = new URL(address, 'http://node.test')
  const { route, params } = find(services, method, url.pathname)
  const t = createTranslator(language)
  const visit: Visit = {
    services,
    viewer,
    params,
    language,
    t,
    values: input,
    query: url.searchParams,
    input,
    request: new Request(url, { method }),
    wantsJson: json,
  }
  let answer: Answer
  try {
    answer = await route.handle({ ...visit, input: route.input ? parseInput(route.input, input) : input })
  } catch (error) {
    if (!(error instanceof InvalidInput) || !route.onInvalid || json) throw error
    const back = await route.onInvalid(visit, fieldErrors(error, t))
    answer = 'page' in back ? { status: 422, ...back } : back
  }
  return { answer, html: drawPage(answer, visit) }
}

function find(services: Services, method: string, path: string): { route: Route; params: Record<string, string> } {
  const given = path.split('/')
  for (const route of [incidents, brief, lines].flatMap((one) => one.routes?.(services) ?? [])) {
    const wanted = route.path.split('/')
    if (route.method !== method || wanted.length !== given.length) continue
    if (!wanted.every((part, at) => part.startsWith(':') || part === given[at])) continue
    const params = wanted.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), given[at] ?? '']] : []))
    return { route, params: Object.fromEntries(params) }
  }
  return assert.fail(`${method} ${path}`)
}

export const redirectOf = (answer: Answer): string =>
  'redirect' in answer ? answer.redirect : assert.fail('no redirect')
export const analyst = personOf('analyst')

/** Two nodes with the rooms that incidents need. */
export async function twoParties(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  return { network, aurelia: servicesOf(network.nodes.aurelia), borovia: servicesOf(network.nodes.borovia) }
}

/** Opens a space of one matter with Borovia. */
export function openCase(services: Services, drill = true, terms: Record<string, string> = {}): Promise<SpaceFacts> {
  return services.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'Ransomware at banks' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [{ party: 'borovia.example', role: 'member' }],
    ...(drill && { drill: { name: 'Copper Tide' } }),
    terms: { zone: 'Etc/UTC', ...terms },
  })
}

/** Opens the incident of the demonstration with its 44 objects. */
export async function openDemo(services: Services): Promise<string> {
  const { answer } = await ask('POST', '/incidents', {
    services,
    viewer: analyst,
    input: {
      id: newId(),
      title: 'Ransomware at three banks',
      category: 'malicious-code',
      drill: 'yes',
      file: { name: 'aurelia-banks.stix.json', media: 'application/json', content: demoBundle },
    },
  })
  return redirectOf(answer).split('/').at(-1) as string
}

/** Writes with a composer and puts the act on the record. */
export async function send(
  services: Services,
  space: SpaceFacts,
  type: string,
  input: Record<string, unknown>,
  more = {},
) {
  const composer = incidents.composers?.find((one) => one.type === type) as Composer
  const id = newId()
  const marking = { tlp: 'AMBER' as const }
  const parsed = parseInput(composer.input, input)
  const composed = await composer.compose(services, analyst, space, parsed, { id, marking })
  const { stays: _, ...act } = composed
  const done = await services.outbox.send({ space: space.id, type, id, office: 'cyber-desk', marking, ...act, ...more })
  assert.equal(done.state, 'on-record', JSON.stringify(done))
  return done.hash
}
