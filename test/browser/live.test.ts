import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { createFormPerson } from '../../src/cli/demo/form-person.ts'
import { parties, type RoleKey, roles } from '../../src/cli/demo/parties.ts'
import type { Person } from '../../src/cli/demo/person.ts'
import { awaitAct, draftOf, letTimePass, release, write } from '../../src/cli/demo/stage.ts'
import { accredit } from './accredit.ts'
import { type BrowserPerson, createBrowserPerson } from './browser-person.ts'
import { launchChromium } from './chromium.ts'
import { meetInRoom, withDelegates } from './meet-in-room.ts'
import { type NodeProcess, startNodeProcess } from './node-process.ts'
import { readWithoutLine } from './read-without-line.ts'
import { signInByLink } from './set-up-by-hand.ts'
import { showPushed } from './show-pushed.ts'

interface Scene {
  browser: Browser
  aurelia: NodeProcess
  borovia: NodeProcess
  releaser: BrowserPerson
  drafter: BrowserPerson
  dutyOfficer: BrowserPerson
  deskOfficer: BrowserPerson
  boroviaAdministrator: Person
  space: string
  note: string
}

test('two nodes in a browser that runs scripts', async (t) => {
  const scene = await prepare(t)
  await t.test('a link works once and tells the second who presses it where to go', () => refuseSecondUse(scene))
  await t.test(
    'somebody with a keyboard alone signs in with a code and acknowledges, and the sender’s open page shows it',
    () => acknowledgeByKeyboard(scene),
  )
  await t.test('what is being typed and where the cursor stands survive a page that changes by itself', () =>
    keepTyping(scene),
  )
  await t.test('four people hear each other, a fifth finds the room full, a lost call is said', () => meetInRoom(scene))
  await t.test('a push is shown without a word of the matter and opens this node alone', () => showPushed(scene))
  await t.test('a passkey is made and lets its owner in again', () => usePasskey(scene))
  await t.test(
    'without a line a device opens what it may keep and sends nothing by itself; signed out it holds nothing, and never a word said off the record',
    (step) =>
      readWithoutLine(step, {
        ...scene,
        administrator: scene.boroviaAdministrator,
        director: scene.releaser,
        officer: scene.deskOfficer,
      }),
  )
})

async function prepare(t: TestContext): Promise<Scene> {
  const browser = await launchChromium({ fakeMedia: true })
  t.after(() => browser.close())
  const [aurelia, borovia] = await Promise.all([
    startNodeProcess(t, { name: 'aurelia', party: withDelegates('aurelia') }),
    startNodeProcess(t, { name: 'borovia', party: withDelegates('borovia') }),
  ])
  const linkOf = (key: RoleKey) => {
    const link = (roles[key].party === 'aurelia' ? aurelia : borovia).links.get(roles[key].name)
    assert.ok(link, `${roles[key].name} got no link`)
    return link
  }
  const byForms = async (key: RoleKey) => {
    const { publicUrl: baseUrl, peerUrl: connectUrl } = roles[key].party === 'aurelia' ? aurelia : borovia
    const person = createFormPerson({ name: roles[key].name, baseUrl, connectUrl })
    await person.open(new URL(linkOf(key)).pathname)
    await person.send(new URL(linkOf(key)).pathname)
    return person
  }
  const byBrowser = async (key: RoleKey) => {
    const { publicUrl: baseUrl, peerUrl } = roles[key].party === 'aurelia' ? aurelia : borovia
    const person = await createBrowserPerson({ name: roles[key].name, browser, baseUrl, peerUrl, withScripts: true })
    await signInByLink(person, linkOf(key))
    return person
  }
  const boroviaAdministrator = await byForms('boroviaAdministrator')
  await accredit(
    { person: await byForms('aureliaAdministrator'), party: parties.aurelia.party, peerUrl: aurelia.peerUrl },
    { person: boroviaAdministrator, party: parties.borovia.party, peerUrl: borovia.peerUrl },
  )
  const releaser = await byBrowser('releaser')
  const drafter = await byBrowser('drafter')
  const space = await openCase(releaser)
  const review = await write(drafter, space, 'channels.note-sent', noteTyped('Intrusions into the financial sector'))
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  const dutyOfficer = await byBrowser('dutyOfficer')
  const note = await awaitAct(dutyOfficer, space, { type: 'channels.note-sent' })
  const deskOfficer = await byBrowser('deskOfficer')
  return {
    browser,
    aurelia,
    borovia,
    releaser,
    drafter,
    dutyOfficer,
    deskOfficer,
    boroviaAdministrator,
    space,
    note: note.hash,
  }
}

async function openCase(releaser: Person): Promise<string> {
  await releaser.open('/spaces/open')
  const page = await releaser.send('/spaces/open', {
    drill: 'yes',
    drillName: 'MERIDIAN DAWN',
    zone: 'Etc/UTC',
    kind: 'case',
    'title-en': 'Ransomware in the banking sector',
    purpose: 'To clear up an invented intrusion.',
    members: [parties.borovia.party],
    acknowledgeWithin: 'PT4H',
  })
  const space = /\/spaces\/([0-9a-f]{32})/.exec(page.path)?.[1]
  assert.ok(space, `opening a space landed on ${page.path}`)
  await releaser.open(`/spaces/${space}/clock`)
  await releaser.send(`/spaces/${space}/clock`, { scenario: '2026-11-17T22:00', rate: '0' })
  return space
}

const noteTyped = (subject: string) => ({
  form: 'note-verbale',
  purpose: 'ask-help',
  addressee: parties.borovia.party,
  language: 'en',
  subject,
  text: 'The Ministry would be grateful for assistance in establishing the facts.',
  tlp: 'AMBER',
})

// ── Links ──────────────────────────────────────────────────────────────────

async function refuseSecondUse({ browser, borovia }: Scene): Promise<void> {
  const context = await browser.newContext({ baseURL: borovia.publicUrl })
  const page = await context.newPage()
  await page.goto(new URL(borovia.links.get('Marek Dolan')!).pathname)
  await page.locator('main form button').click()
  await page.waitForURL('**/sign-in/link/*')
  const said = (await page.locator('main').textContent()) ?? ''
  assert.match(said, /used|once/i)
  await page.goto('/')
  assert.match(page.url(), /\/sign-in/, 'a link that was used must let nobody in')
  await context.close()
}

// ── A keyboard alone ───────────────────────────────────────────────────────

/** Tab until what has the focus is what was meant; nobody presses it eighty times. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await page.locator(selector).evaluateAll((all) => all.includes(document.activeElement as HTMLElement))) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way to ${selector} with Tab on ${page.url()}`)
}

/** The next page loaded after Enter. */
async function enter(page: Page): Promise<void> {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.keyboard.press('Enter')])
}

async function acknowledgeByKeyboard({ dutyOfficer, releaser, space, note }: Scene): Promise<void> {
  const { page } = dutyOfficer
  const enrol = await dutyOfficer.open('/account/enrol')
  assert.equal(enrol.status, 200)
  const secret = ((await page.locator('#secret').textContent()) ?? '').replace(/\s/g, '')
  const codes = new TOTP({ secret, digits: 6, period: 30 })
  await dutyOfficer.send('/account/code', { code: codes.generate() })
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/sign-out"] button').click()])

  const sender = releaser.page
  await releaser.open(`/spaces/${space}`)
  await sender.evaluate(() => Object.assign(globalThis, { stillThisPage: true }))
  assert.doesNotMatch(
    (await sender.locator(`#act-${note}`).textContent()) ?? '',
    /accepts? no fact|no fact and no claim/,
  )

  await page.goto('/sign-in?with=code')
  await tabTo(page, 'input[name="name"]')
  await page.keyboard.type('Marek Dolan')
  await tabTo(page, 'input[name="code"]')
  // A code counts once: this one follows the one that was used to set codes up.
  await page.keyboard.type(codes.generate({ timestamp: Date.now() + 30_000 }))
  await enter(page)
  assert.equal(new URL(page.url()).pathname, '/')
  await tabTo(page, `a[href$="/notes/${note}/acknowledge"]`)
  await enter(page)
  await tabTo(page, 'main form[action$="/acknowledge"] button')
  await enter(page)

  await sender.waitForFunction(
    (id) => /no fact and no claim/.test(document.getElementById(id)?.textContent ?? ''),
    `act-${note}`,
  )
  assert.equal(await sender.evaluate(() => 'stillThisPage' in globalThis), true, 'the sender’s page was loaded again')
}

// ── Typing while the page changes ──────────────────────────────────────────

async function keepTyping({ releaser, drafter, space }: Scene): Promise<void> {
  const review = await write(drafter, space, 'channels.note-sent', noteTyped('A second note'))
  const draft = draftOf(review)
  await drafter.send(`/drafts/${draft}/submit`)
  const { page } = drafter
  await drafter.open(`/drafts/${draft}/review`)
  const before = (await page.locator('#review h1').textContent()) ?? ''
  await page
    .locator('details', { has: page.locator('[name="why"]') })
    .locator('summary')
    .click()
  await page.locator('[name="why"]').click()
  await page.keyboard.type('The second paragraph names a firm')
  await page.keyboard.press('ArrowLeft')
  const held = () =>
    page.evaluate(() => {
      const field = document.activeElement as HTMLTextAreaElement
      return { name: field.name, value: field.value, at: field.selectionStart }
    })
  const typed = await held()
  assert.equal(typed.name, 'why')

  await releaser.open(`/drafts/${draft}/review`)
  await releaser.send(`/drafts/${draft}/release`)
  await page.waitForFunction((was) => document.querySelector('#review h1')?.textContent !== was, before)
  assert.deepEqual(await held(), typed)
  await page.keyboard.type('…')
  assert.match((await held()).value, /fir…m$/)
}

// ── Passkeys ───────────────────────────────────────────────────────────────

async function usePasskey({ deskOfficer }: Scene): Promise<void> {
  const { page, context } = deskOfficer
  const device = await context.newCDPSession(page)
  await device.send('WebAuthn.enable')
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto('/account/enrol')
  await page.locator('form[data-passkey="enrol"] button').click()
  await page.waitForURL('**/account')
  await page.goto('/')
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/sign-out"] button').click()])
  await page.goto('/')
  assert.match(page.url(), /\/sign-in/)
  await page.locator('form[data-passkey="sign-in"] button').click()
  await page.waitForURL((url) => url.pathname === '/')
  assert.match((await page.locator('header').textContent()) ?? '', /Lena Sorin/)
}
