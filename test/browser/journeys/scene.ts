import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { allMigrations } from '../../../src/app/migrations.ts'
import { modules } from '../../../src/app/modules.ts'
import { parties, type RoleKey, roles } from '../../../src/cli/demo/parties.ts'
import { letTimePass, openSpace, release, seeSpace, setClock, write } from '../../../src/cli/demo/stage.ts'
import { serveTelephones, type Telephones } from '../../../src/cli/demo/telephones.ts'
import { prepareJobs } from '../../../src/core/jobs/index.ts'
import { makeParty } from '../../network/campaign/make-party.ts'
import { firstPort } from '../../support/first-port.ts'
import { smallDatabase } from '../../support/postgres.ts'
import { accredit, pin } from '../accredit.ts'
import { type BrowserPerson, createBrowserPerson } from '../browser-person.ts'
import { launchChromium } from '../chromium.ts'
import { type NodeProcess, startNodeProcess } from '../node-process.ts'
import { signInByLink } from '../set-up-by-hand.ts'

const people = [
  'analyst',
  'drafter',
  'releaser',
  'aureliaAdministrator',
  'dutyOfficer',
  'deskOfficer',
  'boroviaAdministrator',
] as const satisfies readonly RoleKey[]
export type Who = (typeof people)[number] | 'secondAdministrator'

export interface Scene {
  people: Record<Who, BrowserPerson>
  aurelia: NodeProcess
  telephones: Telephones
  /** Case of Aurelia and Borovia; its exercise stands at 02:50 in Borovia. */
  caseSpace: string
  /** Of Aurelia with Calenia. */
  otherSpace: string
  incident: string
}

/** Where Borovia's duty officer is reached. */
export const dutyNumber = '+99925550141'
/** Long enough that nothing leaves while somebody looks at it in an exercise; a letter in earnest waits for it. */
const holdMs = '1000'

/** Two houses with their people at their desks, pages that ring telephones, a directory, a case, and a third party. */
export async function setScene(t: TestContext): Promise<Scene> {
  process.env.CHANCERY_HOLD_MS = holdMs
  const browser = await launchChromium()
  t.after(() => browser.close())
  const [aurelia, borovia, telephones, calenia] = await Promise.all([
    startNodeProcess(t, { name: 'aurelia', party: parties.aurelia }),
    startNodeProcess(t, { name: 'borovia', party: parties.borovia }),
    serveTelephones(),
    makeThird(t),
  ])
  t.after(() => telephones.close())
  const enter = async (name: string, node: NodeProcess, isNarrow = false) => {
    const { publicUrl: baseUrl, peerUrl } = node
    const person = await createBrowserPerson({ name, browser, baseUrl, peerUrl, isNarrow })
    await signInByLink(person, node.links.get(name) ?? assert.fail(`${name} got no link`))
    return person
  }
  const at = { secondAdministrator: await enter('Omar Vale', aurelia) } as Record<Who, BrowserPerson>
  for (const key of people)
    at[key] = await enter(roles[key].name, roles[key].party === 'aurelia' ? aurelia : borovia, key === 'dutyOfficer')

  await accredit(
    { person: at.aureliaAdministrator, party: parties.aurelia.party, peerUrl: aurelia.peerUrl },
    { person: at.boroviaAdministrator, party: parties.borovia.party, peerUrl: borovia.peerUrl },
  )
  await pin(at.aureliaAdministrator, { peerUrl: calenia.url, party: calenia.party }, calenia.fingerprint)
  await setDuty(at, telephones)
  const caseSpace = await openCase(at.releaser, parties.borovia.party, 'Intrusions into banks')
  const otherSpace = await openCase(at.releaser, calenia.party, 'Calenia on the same')
  await seeSpace(at.deskOfficer, caseSpace)
  await listContact(at)
  return { people: at, aurelia, telephones, caseSpace, otherSpace, incident: await openIncident(at.analyst) }
}

async function makeThird(t: TestContext) {
  const { url } = await smallDatabase(t, 1, allMigrations(modules()), prepareJobs)
  const party = await makeParty('calenia', url, { from: firstPort() + 40 }, () => 0)
  t.after(() => party.stop())
  return party
}

async function setDuty({ boroviaAdministrator: emil, dutyOfficer }: Scene['people'], telephones: Telephones) {
  await emil.open('/directory/rota')
  await emil.send('/directory/rota', { person: { option: 'Marek Dolan' }, rank: '1' })
  await emil.send('/directory/rota', { person: { option: 'Lena Sorin' }, rank: '2' })
  await emil.open('/paging/settings')
  const rule = { push: 'off', hookUrl: telephones.hookUrl, smsAfter: '0', voiceAfter: '5' }
  const { text } = await emil.send('/paging/settings', rule)
  telephones.trust(/whsec_[\w+/=-]+/.exec(text)?.[0] ?? assert.fail(text))
  await dutyOfficer.open('/paging')
  await dutyOfficer.send('/paging/number', { telephone: dutyNumber })
}

async function openCase(releaser: BrowserPerson, member: string, title: string): Promise<string> {
  const space = await openSpace(releaser, {
    kind: 'case',
    'title-en': title,
    purpose: 'To clear up an invented intrusion.',
    members: [member],
    acknowledgeWithin: 'PT4H',
  })
  // In Borovia 02:50.
  await setClock(releaser, space, '2026-03-10T00:50')
  return space
}

async function listContact({ releaser, deskOfficer }: Scene['people']): Promise<void> {
  const space = await openSpace(releaser, {
    kind: 'directory',
    'title-en': 'Points of contact',
    purpose: 'For their members only.',
    members: [parties.borovia.party],
  })
  await setClock(releaser, space, '2026-03-10T00:50')
  await seeSpace(deskOfficer, space)
  const entry = {
    kind: 'technical',
    post: 'Duty desk',
    emergency: '+999 2 555 0199',
    hours: 'always',
    zone: 'Europe/Athens',
    tlp: 'AMBER',
  }
  const by = { drafter: deskOfficer, releaser: deskOfficer }
  await release(by, await write(deskOfficer, space, 'directory.contact-nominated', entry), { alone: true })
  await letTimePass(releaser, space)
}

async function openIncident(analyst: BrowserPerson): Promise<string> {
  await analyst.open('/incidents/open')
  const { path } = await analyst.send('/incidents', {
    title: 'Ransomware in the banking sector',
    category: 'malicious-code',
    drill: 'yes',
  })
  return /\/incidents\/([0-9a-f]{32})/.exec(path)?.[1] ?? assert.fail(path)
}
