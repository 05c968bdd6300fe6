import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Viewer } from '../../src/core/auth/types.ts'
import { fieldErrors, InvalidInput, parseInput } from '../../src/core/http/index.ts'
import type { Answer, Module, Route, Services, Visit } from '../../src/core/module/types.ts'
import { incidents, openIncident } from '../../src/modules/incidents/index.ts'
import { newId } from '../../src/protocol/index.ts'
import type { Tlp } from '../../src/protocol/types.ts'
import { createTranslator } from '../../src/text/index.ts'
import { drawPage } from './draw-page.ts'
import { testDatabase } from './postgres.ts'

/** A house without spaces, for rooms that keep records about its incidents; its clock moves by `at`. */
export async function incidentHouse(t: TestContext, rooms: Module[]) {
  const modules = [...new Set([incidents, ...rooms])]
  const { db } = await testDatabase(
    t,
    modules.flatMap((one) => one.migrations ?? []),
  )
  const time = { now: Date.parse('2026-11-10T08:00:00Z') }
  const services = {
    db,
    party: 'aurelia.example',
    partyName: { en: 'Aurelia' },
    clock: { now: () => time.now },
    settings: { holdMs: 0, submitWaitMs: 0, publicUrl: 'http://aurelia.test', maxUploadBytes: 1_000_000 },
    modules,
    nameOf: (party: string) => party,
    people: {
      find: async (id: string) => ({ id, name: `Name of ${id}`, roles: [], offices: [] }),
      holding: async () => [],
      list: async () => [{ id: 'analyst', name: 'Name of analyst', roles: [], offices: [] }],
      offices: async () => [],
    },
    attachments: { kept: async () => [] },
    live: { publish() {}, subscribe: () => () => undefined },
    ledger: { find: async () => undefined, list: async () => [], content: async () => new Map() },
    peers: { list: async () => [] },
  } as unknown as Services
  const analyst = personOf('analyst', /^incidents/)
  const incident = await openIncident(services, analyst, {
    id: newId(),
    title: 'Disruption of a water works',
    summary: '',
    category: 'availability',
    drill: false,
    ceiling: 'RED',
    marking: 'AMBER',
    source: { kind: 'form' },
  })
  return {
    services,
    incident,
    analyst,
    at: (moment: string) => (time.now = Date.parse(moment)),
    ask: asker(services, rooms),
  }
}

/** What the confidence of an assessment rests on, as its form asks. */
export const reasons = {
  sources: 'One of two is proven',
  independence: 'Both draw on the same register',
  assumptions: 'The clocks ran true',
  gaps: 'No image of the disks',
}

/** A person with the powers that match; what is not given is refused as the web server would. */
export function personOf(id: string, may = /./, ceiling: Tlp = 'RED'): Viewer {
  const office = { id: 'cyber-desk', name: { en: 'Cyber desk' } }
  return {
    person: { id, name: id, language: 'en', zone: 'Europe/Paris' },
    office,
    offices: [office],
    roles: [],
    ceiling,
    sessionId: 's',
    may: (power) => power.endsWith(':read') || may.test(power),
  }
}

interface Asked {
  viewer: Viewer
  language?: string
  input?: Record<string, unknown>
  json?: boolean
}

/** Asks a route as the web server would, and renders the page; wrong input comes back as the form. */
function asker(services: Services, rooms: Module[]) {
  return async (
    method: 'GET' | 'POST',
    address: string,
    { viewer, language = 'en', input = {}, json = false }: Asked,
  ) => {
    const url = new URL(address, 'http://node.test')
    const { route, params } = find(services, rooms, method, url.pathname)
    assert.ok(viewer.may(route.permission as never), `${viewer.person.id} may not ${route.permission}`)
    const t = createTranslator(language)
    const values = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== ''))
    const visit: Visit = {
      services,
      viewer,
      params,
      language,
      t,
      values,
      query: url.searchParams,
      input: values,
      request: new Request(url, { method }),
      wantsJson: json,
    }
    const answer = await answerOf(route, visit)
    const html = drawPage(answer, visit)
    return { answer, html, text: html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') }
  }
}

async function answerOf(route: Route, visit: Visit): Promise<Answer> {
  try {
    return await route.handle({ ...visit, input: route.input ? parseInput(route.input, visit.values ?? {}) : {} })
  } catch (error) {
    if (!(error instanceof InvalidInput) || !route.onInvalid || visit.wantsJson) throw error
    const answer = await route.onInvalid(visit, fieldErrors(error, visit.t))
    return 'page' in answer ? { status: 422, ...answer } : answer
  }
}

function find(services: Services, rooms: Module[], method: string, path: string) {
  const given = path.split('/')
  for (const route of rooms.flatMap((one) => one.routes?.(services) ?? [])) {
    const wanted = route.path.split('/')
    if (route.method !== method || wanted.length !== given.length) continue
    if (!wanted.every((part, at) => part.startsWith(':') || part === given[at])) continue
    const params = wanted.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), given[at] ?? '']] : []))
    return { route, params: Object.fromEntries(params) as Record<string, string> }
  }
  return assert.fail(`${method} ${path}`)
}
