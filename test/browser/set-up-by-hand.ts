import assert from 'node:assert/strict'
import type { PartyFile } from '../../src/modules/entrance/index.ts'
import { until } from '../../src/cli/demo/person.ts'
import type { BrowserPerson } from './browser-person.ts'
import { type NodeProcess, readMails } from './node-process.ts'

export interface Newcomer {
  name: string
  role: string
  office: string
  language: string
  zone: string
  email?: string
}

/** What the operator of a new party types, step by step. */
export interface SetUpByHand {
  party: PartyFile
  /** Named in the step of administrators; their links come back. */
  administrators: [Newcomer, Newcomer]
  /** The first people of the duty desk; the first of them gets the test page. */
  dutyDesk: Newcomer[]
}

export interface SetUpDone {
  fingerprint: string
  /** Single-use links by name. */
  links: Map<string, string>
}

/** From the printed link to the proved backup: six of the eight steps. */
export async function setUpHouse(
  operator: BrowserPerson,
  node: NodeProcess,
  { party, administrators, dutyDesk }: SetUpByHand,
  anybody: BrowserPerson,
): Promise<SetUpDone> {
  const door = new URL(node.setUpLink ?? '').pathname
  await operator.open(door)
  assert.equal((await operator.send(door)).path, '/set-up/address')
  const address = await operator.send('/set-up/address', { party: party.party })
  assert.ok(
    address.links.some((link) => link.href === '/set-up/names'),
    `neither address was reached: ${address.text}`,
  )
  await operator.open('/set-up/names')
  await operator.send('/set-up/names', namesTyped(party.names))

  const fingerprint = await makeKeys(operator, party)
  const links = new Map<string, string>()
  const keep = (found: { href: string }[], names: string[]) => {
    const hrefs = found.map((link) => link.href).filter((href) => href.includes('/sign-in/link/'))
    assert.equal(hrefs.length, names.length)
    for (const [index, name] of names.entries()) links.set(name, hrefs[index]!)
  }
  const named = await operator.send('/set-up/administrators', {
    ...personTyped(administrators[0], '-1'),
    ...personTyped(administrators[1], '-2'),
  })
  keep(
    named.links,
    administrators.map(({ name }) => name),
  )

  await operator.open('/set-up/duty-desk')
  const desk = party.offices.find((office) => office.id === 'duty-desk')
  await operator.send('/set-up/duty-desk', {
    ...namesTyped(desk?.names ?? { en: 'Duty desk', fr: 'Permanence', ar: 'مكتب المناوبة' }),
    hours: party.hours ?? 'always',
    deputy: party.deputy ?? '',
    telephone: party.publicTelephone ?? '',
  })
  for (const person of dutyDesk)
    keep((await operator.send('/set-up/duty-desk/people', { ...personTyped(person, ''), role: person.role })).links, [
      person.name,
    ])
  await pageFirst(operator, node, dutyDesk[0]!, anybody)
  await proveMailAndBackup(operator, administrators[0])
  return { fingerprint, links }
}

/** Keys are made, both sheets are typed back as if from paper; returns the groups of digits to read aloud. */
async function makeKeys(operator: BrowserPerson, { holders }: PartyFile): Promise<string> {
  const made = await operator.send('/set-up/keys')
  const sheets = await Promise.all(
    [1, 2].map(async (number) => ((await operator.page.locator(`#sheet-text-${number}`).textContent()) ?? '').trim()),
  )
  const typed = { 'holder-1': holders[0], 'holder-2': holders[1], 'sheet-1': sheets[0]!, 'sheet-2': sheets[1]! }
  await assert.rejects(
    operator.send('/set-up/keys/read-back', { ...typed, 'sheet-2': sheets[0]! }),
    /refused \(409|refused \(422/,
    'the same sheet typed twice must not count as both',
  )
  await operator.open('/set-up/keys')
  await operator.send('/set-up/keys/read-back', typed)
  assert.equal(operator.page.url().endsWith('/set-up/protection'), true)
  await operator.send('/set-up/protection/later')
  const fingerprint = /(?:\d{5}\s){15}\d{5}/.exec(made.text)?.[0]
  assert.ok(fingerprint, `no fingerprint on the page of keys: ${made.text}`)
  return fingerprint.replace(/\s/g, ' ')
}

/** A real test page: mailed, opened by whoever got it, acknowledged. */
async function pageFirst(
  operator: BrowserPerson,
  node: NodeProcess,
  { name }: Newcomer,
  anybody: BrowserPerson,
): Promise<void> {
  await operator.open('/set-up/duty-desk')
  await operator.send('/set-up/duty-desk/page', { person: { option: name } })
  const path = await until('the mail with the test page', async () =>
    (await readMails(node)).map((mail) => /\/page-test\/[0-9a-f]{32}/.exec(mail)?.[0]).find(Boolean),
  )
  await anybody.open(path)
  await anybody.send(path)
  assert.match((await operator.open('/set-up/duty-desk')).text, new RegExp(`${name} acknowledged`))
}

async function proveMailAndBackup(operator: BrowserPerson, { name }: Newcomer): Promise<void> {
  await operator.open('/set-up/mail')
  await operator.send('/set-up/mail/test', { person: { option: name } })
  await until('the test mail to lie in the folder', async () => (await readLook(operator)).includes(name))
  const proved = await operator.send('/set-up/backup')
  assert.match(proved.text, /restored/i)
}

const readLook = async (operator: BrowserPerson) => (await operator.open('/set-up/mail')).text

/** The last two steps: the first peer by its digits, and what is still unsafe. */
export async function meetFirstPeer(
  operator: BrowserPerson,
  peer: { url: string; party: string; fingerprint: string; by: string },
): Promise<void> {
  await operator.open('/set-up/peer')
  await operator.send('/set-up/peer', { url: peer.url })
  const wrong = peer.fingerprint.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
  await assert.rejects(
    operator.send('/set-up/peer/pin', { fingerprint: wrong, by: peer.by, how: 'voice' }),
    /refused \(4/,
    'one wrong digit must not pin',
  )
  await operator.open('/set-up/peer')
  await operator.send('/set-up/peer/pin', { fingerprint: peer.fingerprint, by: peer.by, how: 'voice' })
  await operator.open('/set-up/unsafe')
  assert.equal((await operator.send('/set-up/close')).path, '/sign-in')
  assert.notEqual((await operator.open('/set-up/names')).status, 200, 'set-up must stay closed')
}

/** Uses a single-use link as somebody who was handed it. */
export async function signInByLink(person: BrowserPerson, link: string): Promise<void> {
  const { pathname } = new URL(link)
  await person.open(pathname)
  await person.send(pathname)
}

/** Chooses the language in the foot of the page. */
export async function chooseLanguage(person: BrowserPerson, language: string): Promise<void> {
  await person.open('/')
  await Promise.all([
    person.page.waitForNavigation({ waitUntil: 'domcontentloaded' }),
    person.page.locator(`form[action="/language"] button[value="${language}"]`).click(),
  ])
}

/** Opens the offices and adds the people a party still lacks; returns the links of the new people. */
export async function addPeople(
  administrator: BrowserPerson,
  party: PartyFile,
  people: Newcomer[],
): Promise<Map<string, string>> {
  for (const office of party.offices.filter(({ id }) => id !== 'duty-desk' && id !== 'administration')) {
    await administrator.open('/offices')
    await administrator.send('/offices', { office: office.id, ...namesTyped(office.names) })
  }
  const links = new Map<string, string>()
  for (const person of people) {
    await administrator.open('/people')
    const page = await administrator.send('/people', {
      ...personTyped(person, ''),
      role: person.role,
      office: person.office,
    })
    const link = page.links.find(({ href }) => href.includes('/sign-in/link/'))
    assert.ok(link, `no link for ${person.name}: ${page.text.slice(0, 500)}`)
    links.set(person.name, link.href)
  }
  return links
}

function namesTyped(names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([language, name]) => [`name-${language}`, name]))
}

function personTyped({ name, email, language, zone }: Newcomer, suffix: string): Record<string, string> {
  return {
    [`name${suffix}`]: name,
    [`language${suffix}`]: language,
    [`zone${suffix}`]: zone,
    ...(email === undefined ? {} : { [`email${suffix}`]: email }),
  }
}
