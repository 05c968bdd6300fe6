import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { parties, type RoleKey, roles } from '../../../src/cli/demo/parties.ts'
import { openSpace, seeSpace, setClock, type Stage } from '../../../src/cli/demo/stage.ts'
import { accredit } from '../accredit.ts'
import { type BrowserPerson, createBrowserPerson } from '../browser-person.ts'
import { launchChromium } from '../chromium.ts'
import { enter } from '../enter.ts'
import { type NodeProcess, startNodeProcess } from '../node-process.ts'
import { createPageWatch, type PageWatch } from '../page-watch.ts'
import { quicklyAgain } from '../quickly-again.ts'
import { chooseLanguage, signInByLink } from '../set-up-by-hand.ts'

/** Where the clock of the exercise stands, UTC. */
export const scenarioNow = '2026-11-19T09:00'

/** Three at one desk of Aurelia, who drafts for the third, and the two of Borovia who answer. */
const atDesks = ['analyst', 'aureliaLegal', 'releaser', 'drafter', 'deskOfficer', 'boroviaDrafter'] as const
export type AtDesk = (typeof atDesks)[number]

export interface IncidentScene {
  people: Record<AtDesk, BrowserPerson>
  /** The same people, as the story of the demonstration asks for them. */
  stage: Stage
  nodes: Record<'aurelia' | 'borovia', NodeProcess>
  /** Case space of both. */
  space: string
  /** What people of each house had before them. */
  watches: Record<'aurelia' | 'borovia', PageWatch>
}

/** Two houses that pinned each other, their people at browsers without scripts, and an empty case space. */
export async function setIncidentScene(t: TestContext): Promise<IncidentScene> {
  const browser = await launchChromium()
  t.after(() => browser.close())
  const [aurelia, borovia] = await Promise.all([
    startNodeProcess(t, { name: 'aurelia', party: parties.aurelia }),
    startNodeProcess(t, { name: 'borovia', party: parties.borovia }),
  ])
  const nodes = { aurelia, borovia }
  const { person: pia } = await enter(aurelia, 'aureliaAdministrator')
  const { person: emil } = await enter(borovia, 'boroviaAdministrator')
  await accredit(
    { person: pia, party: parties.aurelia.party, peerUrl: aurelia.peerUrl },
    { person: emil, party: parties.borovia.party, peerUrl: borovia.peerUrl },
  )
  const watches = { aurelia: createPageWatch(), borovia: createPageWatch() }
  const people = {} as IncidentScene['people']
  for (const key of atDesks) {
    const { party, name } = roles[key] as { party: 'aurelia' | 'borovia'; name: string }
    const { publicUrl: baseUrl, peerUrl, links } = nodes[party]
    const isNarrow = key === 'deskOfficer'
    const watch = watches[party]
    const person = await createBrowserPerson({ name, browser, baseUrl, peerUrl, watch, isNarrow })
    await signInByLink(person, links.get(name) ?? assert.fail(`${name} got no link`))
    if (key === 'aureliaLegal') await chooseLanguage(person, 'ar')
    people[key] = quicklyAgain(person, nodes[party], watch)
  }
  const space = await openCase(people.releaser)
  await seeSpace(people.deskOfficer, space)
  const stage = { people: people as Partial<Record<RoleKey, BrowserPerson>>, tell: () => undefined }
  return { people, stage: stage as unknown as Stage, nodes, space, watches }
}

async function openCase(releaser: BrowserPerson): Promise<string> {
  const space = await openSpace(releaser, {
    kind: 'case',
    'title-en': 'Ransomware in the banking sector',
    purpose: 'To clear up together an invented intrusion.',
    members: [parties.borovia.party],
    acknowledgeWithin: 'PT4H',
  })
  await setClock(releaser, space, scenarioNow)
  return space
}
