import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Browser } from 'playwright-core'
import { playCase } from '../../src/cli/demo/aurelia-borovia.ts'
import type { PlayedCase } from '../../src/cli/demo/case/played.ts'
import { parties, type PartyKey, type RoleKey, roles } from '../../src/cli/demo/parties.ts'
import type { Beat, Stage } from '../../src/cli/demo/stage.ts'
import { verifyDossier } from '../../src/protocol/dossier/index.ts'
import { type BrowserPerson, createBrowserPerson } from './browser-person.ts'
import { launchChromium } from './chromium.ts'
import { fillHouses } from './fill-houses.ts'
import { type NodeProcess, startNodeProcess } from './node-process.ts'
import { createPageWatch, lookAt, type PageWatch, shapeOf, sharedTitles } from './page-watch.ts'
import {
  addPeople,
  chooseLanguage,
  meetFirstPeer,
  type Newcomer,
  setUpHouse,
  type SetUpByHand,
  type SetUpDone,
  signInByLink,
} from './set-up-by-hand.ts'

const keys: readonly PartyKey[] = ['aurelia', 'borovia', 'calenia', 'mosc']

/** Who holds a telephone, and who reads in another language than English. */
const habits: Partial<Record<RoleKey, { isNarrow?: boolean; language?: string }>> = {
  dutyOfficer: { isNarrow: true, language: 'ar' },
  deskOfficer: { isNarrow: true },
  delegate: { language: 'fr' },
  drafter: { isNarrow: true },
  legal: { language: 'ar' },
}

interface House {
  nodes: Record<PartyKey, NodeProcess>
  browser: Browser
  watch: PageWatch
}

test('four empty nodes are set up in a browser without scripts and play the whole case by hand', {
  timeout: 900_000,
}, async (t) => {
  const started = performance.now()
  const browser = await launchChromium()
  t.after(() => browser.close())
  const watch = createPageWatch()
  const [aurelia, borovia, calenia, mosc] = await Promise.all([
    startNodeProcess(t, { name: 'aurelia' }),
    startNodeProcess(t, { name: 'borovia' }),
    startNodeProcess(t, { name: 'calenia', party: parties.calenia }),
    startNodeProcess(t, { name: 'mosc', party: parties.mosc }),
  ])
  const house: House = { nodes: { aurelia, borovia, calenia, mosc }, browser, watch }

  const links = await foundBoth(house)
  const people = await letPeopleIn(house, links)
  t.diagnostic(`set up: ${secondsSince(started)} s`)
  const played = await play(t, house, people)
  t.diagnostic(`played: ${secondsSince(started)} s`)
  await fillHouses({ people, nodes: house.nodes, watch, caseSpace: played.caseSpace })
  t.diagnostic(`houses filled: ${secondsSince(started)} s`)
  await t.test('every page that people can reach was looked at', async (step) => {
    const shut: string[] = []
    for (const key of ['analyst', 'releaser', 'dutyOfficer', 'delegate', 'secretary', 'aureliaAdministrator'] as const)
      shut.push(...(await walk(people[key], watch, isOfCase(key) ? [`/spaces/${played.caseSpace}`] : [])))
    assert.deepEqual(shut, [])
    step.diagnostic(`${watch.pages().length} pages: ${secondsSince(started)} s`)
  })
  await t.test('no page breaks a rule of accessibility, overflows at 320 px or lacks words', async () => {
    const faults = await lookAt(watch.pages())
    assert.deepEqual(faults, [], `\n${faults.join('\n')}`)
  })
  await t.test('every page has a title of its own', () => {
    assert.deepEqual(sharedTitles(watch.pages()), [])
  })
})

const secondsSince = (start: number) => ((performance.now() - start) / 1_000).toFixed(0)

const newcomer = (party: PartyKey, name: string): Newcomer => {
  const person = parties[party].people.find((one) => one.name === name)
  if (!person) throw new Error(`${name} is nobody of ${party}`)
  const email = `${name.toLowerCase().replace(' ', '.')}@${parties[party].party}`
  const key = (Object.keys(roles) as RoleKey[]).find((role) => roles[role].name === name)
  return { ...person, email, language: (key && habits[key]?.language) ?? person.language }
}

async function foundBoth({ nodes, browser, watch }: House): Promise<Map<string, string>> {
  const plans: Record<'aurelia' | 'borovia', SetUpByHand> = {
    aurelia: {
      party: parties.aurelia,
      administrators: [newcomer('aurelia', 'Pia Lunde'), newcomer('aurelia', 'Omar Vale')],
      dutyDesk: [
        {
          ...newcomer('aurelia', 'Pia Lunde'),
          name: 'Arne Solt',
          email: 'duty@mfa.aurelia.example',
          role: 'duty-officer',
        },
      ],
    },
    borovia: {
      party: parties.borovia,
      administrators: [newcomer('borovia', 'Emil Rusk'), newcomer('borovia', 'Zora Hale')],
      dutyDesk: [newcomer('borovia', 'Marek Dolan'), newcomer('borovia', 'Lena Sorin')],
    },
  }
  const operators: Record<string, BrowserPerson> = {}
  const done: Record<string, SetUpDone> = {}
  for (const [key, plan] of Object.entries(plans) as ['aurelia' | 'borovia', SetUpByHand][]) {
    const { publicUrl: baseUrl, peerUrl } = nodes[key]
    const isNarrow = key === 'borovia'
    const operator = await createBrowserPerson({
      name: `${key}’s operator`,
      browser,
      baseUrl,
      peerUrl,
      watch,
      isNarrow,
    })
    const paged = await createBrowserPerson({
      name: 'whoever is paged',
      browser,
      baseUrl,
      peerUrl,
      watch,
      isNarrow: true,
    })
    operators[key] = operator
    done[key] = await setUpHouse(operator, nodes[key], plan, paged)
  }
  for (const [one, other, by] of [
    ['aurelia', 'borovia', 'Pia Lunde'],
    ['borovia', 'aurelia', 'Emil Rusk'],
  ] as const)
    await meetFirstPeer(operators[one]!, {
      url: nodes[other].peerUrl,
      party: parties[other].party,
      fingerprint: done[other]!.fingerprint,
      by,
    })
  return new Map([...done.aurelia!.links, ...done.borovia!.links])
}

async function letPeopleIn(
  { nodes, browser, watch }: House,
  links: Map<string, string>,
): Promise<Record<RoleKey, BrowserPerson>> {
  const people = {} as Record<RoleKey, BrowserPerson>
  const known = new Map([...links, ...nodes.calenia.links, ...nodes.mosc.links])
  const enter = async (key: RoleKey) => {
    const { party, name } = roles[key]
    const { publicUrl: baseUrl, peerUrl } = nodes[party]
    const habit = habits[key] ?? {}
    const person = await createBrowserPerson({ name, browser, baseUrl, peerUrl, watch, ...habit })
    const link = known.get(name)
    assert.ok(link, `${name} got no link`)
    await signInByLink(person, link)
    people[key] = person
    return person
  }
  for (const [party, key] of [
    ['aurelia', 'aureliaAdministrator'],
    ['borovia', 'boroviaAdministrator'],
  ] as const) {
    const administrator = await enter(key)
    const missing = parties[party].people
      .filter(({ name }) => !known.has(name))
      .map(({ name }) => newcomer(party, name))
    for (const [name, link] of await addPeople(administrator, parties[party], missing)) known.set(name, link)
  }
  for (const key of Object.keys(roles) as RoleKey[]) if (!people[key]) await enter(key)
  // The delegate’s party file says English; she reads French on this browser.
  await chooseLanguage(people.delegate, 'fr')
  return people
}

async function play(t: TestContext, { nodes }: House, people: Record<RoleKey, BrowserPerson>): Promise<PlayedCase> {
  const beats: Beat[] = []
  const stage: Stage = {
    people,
    peerUrls: Object.fromEntries(keys.map((key) => [key, nodes[key].peerUrl])) as Stage['peerUrls'],
    tell(beat) {
      beats.push(beat)
      t.diagnostic(beat.line)
    },
  }
  const bundle = new URL('../../src/cli/demo/aurelia-banks.stix.json', import.meta.url)
  const played = await playCase(stage, { bundle })
  t.diagnostic(`${beats.length} beats`)
  const report = await verifyDossier(played.dossier, { pins: {} })
  assert.equal(report.verdict, 'accepted')
  assert.equal(await people.dutyOfficer.page.locator('html').getAttribute('dir'), 'rtl')
  const changed = Uint8Array.from(played.dossier)
  const middle = Math.floor(changed.length / 2)
  changed[middle] = (changed[middle] ?? 0) ^ 1
  assert.equal((await verifyDossier(changed, { pins: {} })).verdict, 'refused')
  return played
}

const isOfCase = (key: RoleKey) => ['aurelia', 'borovia'].includes(roles[key].party)

/** Goes to every place links lead to, once per shape; starts where most are. Gives the links that led nowhere. */
async function walk(person: BrowserPerson, watch: PageWatch, first: string[]): Promise<string[]> {
  const seen = new Set<string>()
  const shut: string[] = []
  const ways = ['/', ...first, '/account']
  const language = (await person.page.locator('html').getAttribute('lang')) ?? 'en'
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const shape = shapeOf(way)
    if (seen.has(shape) || leadsAway(shape)) continue
    seen.add(shape)
    if (watch.has(way, language) && shape.includes('/write/')) continue
    const page = await person.fetchPage(way)
    if (!page) continue
    if (page.status >= 400) shut.push(`${person.name} follows a link to ${way} and gets ${page.status}`)
    ways.push(...page.links)
  }
  return shut
}

/** Files, assets, interfaces for programs, and what a walk must not use up. */
const leadsAway = (shape: string) =>
  /^\/(assets|api|fed|\.well-known|sign-in\/link|demo)\b|\/(receipt|parts)\b|\/(brief|calendar)\.\w+$/.test(shape)
