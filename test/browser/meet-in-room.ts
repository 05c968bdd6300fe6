import assert from 'node:assert/strict'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { parties } from '../../src/cli/demo/parties.ts'
import { awaitAct, letTimePass, release, write } from '../../src/cli/demo/stage.ts'
import type { PartyFile } from '../../src/modules/entrance/index.ts'
import type { BrowserPerson } from './browser-person.ts'
import type { NodeProcess } from './node-process.ts'

interface Cast {
  browser: Browser
  aurelia: NodeProcess
  borovia: NodeProcess
  drafter: BrowserPerson
  releaser: BrowserPerson
  deskOfficer: BrowserPerson
  space: string
}

const [second, third] = ['Vera Holm', 'Anton Lux']
const fourth = 'Mira Sand'

/** A party file with those who come along to talks; each may speak in them. */
export function withDelegates(key: 'aurelia' | 'borovia'): PartyFile {
  const party: PartyFile = parties[key]
  const like = party.people.find(({ role }) => role === (key === 'aurelia' ? 'releaser' : 'desk-officer'))!
  const names = key === 'aurelia' ? [second, third] : [fourth]
  return { ...party, people: [...party.people, ...names.map((name) => ({ ...like, name }))] }
}

/** Four are in, each hears three; a fifth, a camera, a call that breaks, somebody who leaves. */
export async function meetInRoom(cast: Cast): Promise<void> {
  const { browser, aurelia, borovia, releaser, deskOfficer } = cast
  const talks = await setTalks(cast)
  const delegate = (node: NodeProcess, name: string) => signedIn(browser, node, name)
  const [vera, mira, anton] = await Promise.all([
    delegate(aurelia, second),
    delegate(borovia, fourth),
    delegate(aurelia, third),
  ])
  const ada = releaser.page
  const lena = await deskOfficer.context.newPage()
  const all = [ada, lena, await vera.newPage(), await mira.newPage()] as const
  const [, , verasPage, mirasPage] = all
  const names = ['Nadia Brandt', 'Lena Sorin', second, fourth]
  await Promise.all(all.map((page, at) => goIn(page, talks, names[at]!)))
  await Promise.all(all.map((page) => hearsAll(page, 3)))

  const late = await anton.newPage()
  await goIn(late, talks, third)
  await late.locator('[data-room-said]', { hasText: '4 people are in the room' }).waitFor()
  assert.equal(await late.locator('[data-room-inside]').isVisible(), false)
  await anton.close()

  await turnCameraOnByKeyboard(lena, [ada, verasPage, mirasPage])
  await ada.locator('textarea[name="words"]').fill('We hear you.')
  await ada.locator('form[action$="/say"] button').click()
  await lena.locator('#remarks', { hasText: 'We hear you.' }).waitFor()
  assert.equal(await ada.locator('textarea[name="words"]').inputValue(), '')

  const crash = await mira.newCDPSession(mirasPage)
  void crash.send('Page.crash').catch(() => undefined)
  await ada.locator('[data-room-people] [data-state="lost"]', { hasText: 'connection lost' }).waitFor()
  await ada.locator('[data-room-again]').waitFor()
  // A browser of its own for each time: one that crashes takes nobody along.
  const back = await signedIn(browser, borovia, fourth, await mira.storageState())
  const miraAgain = await back.newPage()
  await goIn(miraAgain, talks, fourth)
  await Promise.all([ada, lena, verasPage, miraAgain].map((page) => hearsAll(page, 3)))

  await verasPage.locator('[data-room-leave]').click()
  const others = [ada, lena, miraAgain]
  for (const page of others) await page.locator('[data-room-said]', { hasText: `has left the room` }).waitFor()
  assert.match((await verasPage.locator('[data-room-said]').textContent()) ?? '', /You have left the room/)
  await Promise.all(others.map((page) => hearsAll(page, 2)))
  await Promise.all([lena, miraAgain].map((page) => page.locator('[data-room-leave]').click()))
  await ada.locator('[data-room-leave]').click()
  await Promise.all([vera.close(), mira.close(), back.close(), lena.close()])
}

/** Off until it is pressed; then seen by all under its owner's name, within the width of a line; then off again. */
async function turnCameraOnByKeyboard(own: Page, others: readonly Page[]): Promise<void> {
  assert.deepEqual(await own.evaluate(() => (globalThis as unknown as Kept).asked), ['audio'])
  assert.equal(await own.locator('[data-room-own]').isVisible(), false)
  const name = 'Borovia, Lena Sorin'
  for (const page of others) {
    const tile = page.locator('[data-room-people] li', { hasText: name })
    assert.equal(await tile.locator('[data-face]').textContent(), 'Lena Sorin', 'a name where no picture comes')
    assert.equal(await tile.locator('video').isVisible(), false)
  }
  await own.locator('[data-room-mute]').focus()
  await own.keyboard.press('Tab')
  await own.keyboard.press('Enter')
  await own.locator('[data-room-said]', { hasText: 'everybody in the room sees you' }).waitFor()
  assert.equal(await own.locator('[data-room-own]').isVisible(), true)
  assert.deepEqual(await own.evaluate(() => (globalThis as unknown as Kept).asked), ['audio', 'video'])
  await Promise.all(
    others.map(async (page) => {
      await page.locator(`[data-room-people] video[aria-label="${name}"]`).waitFor()
      await page.locator('[data-room-said]', { hasText: `${name}: picture on` }).waitFor()
    }),
  )
  const bounds = await own.evaluate(boundsOfPictures)
  assert.equal(bounds.length, 3)
  assert.ok(
    bounds.every((most) => most <= 300_000),
    `bits a second: ${bounds.join(', ')}`,
  )
  await own.keyboard.press('Enter')
  await own.locator('[data-room-said]', { hasText: 'Your camera is off' }).waitFor()
  await Promise.all(
    others.map((page) =>
      page.locator('[data-room-people] li', { hasText: name }).locator('[data-face]:visible').waitFor(),
    ),
  )
}

async function setTalks({ drafter, releaser, deskOfficer, space }: Cast): Promise<string> {
  const soon = new Date(Date.now() + 10 * 60_000).toISOString()
  const review = await write(drafter, space, 'talks.meeting-proposed', {
    with: [parties.borovia.party],
    zone: 'Etc/UTC',
    date1: soon.slice(0, 10),
    time1: soon.slice(11, 16),
    minutes: '30',
    subject: 'Hosts in both countries',
    tlp: 'AMBER',
  })
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  const { hash } = await awaitAct(deskOfficer, space, { type: 'talks.meeting-proposed' })
  const talks = `/spaces/${space}/talks/${hash}`
  await deskOfficer.open(talks)
  await deskOfficer.send(`${talks}/confirm`)
  await awaitAct(releaser, space, { type: 'talks.time-confirmed' })
  return talks
}

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>

async function signedIn(browser: Browser, node: NodeProcess, name: string, storageState?: StorageState) {
  const context = await browser.newContext({ baseURL: node.publicUrl, ...(storageState && { storageState }) })
  context.setDefaultTimeout(60_000)
  if (storageState) return context
  const page = await context.newPage()
  await page.goto(new URL(node.links.get(name) ?? assert.fail(name)).pathname)
  await Promise.all([page.waitForNavigation(), page.locator('main form button').click()])
  await page.close()
  return context
}

async function goIn(page: Page, talks: string, by: string): Promise<void> {
  await page.addInitScript(keepConnections)
  const answer = await page.goto(`${talks}/room`)
  assert.match(answer?.headers()['permissions-policy'] ?? '', /camera=\(self\).*microphone=\(self\)/)
  await page.locator('[data-room-form] [name="by"]').fill(by)
  await page.locator('[data-room-form] button').click()
}

/** So many others are there, and from each connection that is left sound goes on coming in. */
async function hearsAll(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelectorAll('[data-room-people] [data-state="there"]').length === wanted,
    count,
  )
  const before = await page.evaluate(soundReceived)
  await page.waitForFunction(
    async ({ wanted, had }) => {
      const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] }
      const open = connections.filter((one) => one.connectionState === 'connected')
      if (open.length !== wanted) return false
      const sums = await Promise.all(
        open.map(async (one) =>
          [...(await one.getStats()).values()]
            .filter((part) => part.type === 'inbound-rtp' && part.kind === 'audio')
            .reduce((sum, part) => sum + part.bytesReceived, 0),
        ),
      )
      return sums.every((bytes, at) => bytes > (had[connections.indexOf(open[at]!)] ?? 0))
    },
    { wanted: count, had: before },
  )
}

interface Kept {
  connections: RTCPeerConnection[]
  /** What the browser was asked for. */
  asked: string[]
}

/** Runs in the page before its own scripts: what they connect with and ask for is asked by the test as well. */
function keepConnections(): void {
  const kept: Kept = { connections: [], asked: [] }
  const Own = globalThis.RTCPeerConnection
  const devices = navigator.mediaDevices
  const take = devices.getUserMedia.bind(devices)
  devices.getUserMedia = (wanted = {}) => {
    kept.asked.push(...Object.keys(wanted))
    return take(wanted)
  }
  Object.assign(globalThis, {
    ...kept,
    RTCPeerConnection: class extends Own {
      constructor(given?: RTCConfiguration) {
        super(given)
        kept.connections.push(this)
      }
    },
  })
}

/** Bytes of sound on each connection. */
async function soundReceived(): Promise<number[]> {
  const { connections } = globalThis as unknown as Kept
  return Promise.all(
    connections.map(async (one) =>
      [...(await one.getStats()).values()]
        .filter((part) => part.type === 'inbound-rtp' && part.kind === 'audio')
        .reduce((sum, part) => sum + part.bytesReceived, 0),
    ),
  )
}

function boundsOfPictures(): number[] {
  const { connections } = globalThis as unknown as Kept
  const senders = connections
    .filter((one) => one.connectionState === 'connected')
    .flatMap((one) => one.getSenders().filter(({ track }) => track?.kind === 'video'))
  return senders.map((sender) => sender.getParameters().encodings[0]?.maxBitrate ?? Number.POSITIVE_INFINITY)
}
