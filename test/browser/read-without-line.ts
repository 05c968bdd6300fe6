import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { parties } from '../../src/cli/demo/parties.ts'
import { type Person, until } from '../../src/cli/demo/person.ts'
import { actsOf, awaitAct, letTimePass, release, write } from '../../src/cli/demo/stage.ts'
import type { BrowserPerson } from './browser-person.ts'
import { launchKeeping } from './chromium.ts'
import { layLine } from './cut-line.ts'
import type { NodeProcess } from './node-process.ts'

/** Said off the record, read in the browser, and found in no byte of it. */
const planted = 'Kingfisher-4471-under-the-ninth-arch'
/** Stands in the second note, which may lie on the device. */
const mayBeKept = 'grateful for assistance in establishing the facts'

const typed = {
  form: 'letter',
  purpose: 'inform',
  addressee: parties.aurelia.party,
  language: 'en',
  subject: 'Typed at night',
  text: 'The line is bad tonight.',
}

interface Cast {
  borovia: NodeProcess
  /** Allows pages on devices. */
  administrator: Person
  /** Moves the exercise's clock on. */
  director: BrowserPerson
  /** Whose device it is. */
  officer: BrowserPerson
  drafter: BrowserPerson
  releaser: BrowserPerson
  space: string
}

/** From switching a device on to signing out: what lies on it, what is sent from it, and what is left of it. */
export async function readWithoutLine(t: TestContext, cast: Cast): Promise<void> {
  const { borovia, officer, space } = cast
  const { letter, room } = await prepare(cast)
  const line = await layLine(Number(new URL(borovia.peerUrl).port))
  t.after(() => line.cut())
  const profile = mkdtempSync(join(tmpdir(), 'chancery-profile-'))
  t.after(() => rmSync(profile, { recursive: true, force: true }))
  const device = await launchKeeping(profile, `http://${new URL(borovia.publicUrl).hostname}:${line.port}`)
  t.after(() => device.close())
  device.setDefaultTimeout(60_000)
  await device.addCookies(await officer.context.cookies())
  const [page] = device.pages() as [Page]

  await page.goto('/offline')
  await page.locator('[name="label"]').fill('Night tablet')
  await page.locator('form[action="/offline/on"] button').click()
  await page.locator('html[data-looked-after]').waitFor()
  await page.goto(`/spaces/${space}`)
  await page.goto(room)
  assert.match((await page.textContent('main')) ?? '', new RegExp(planted))
  await page.goto('/offline')
  await page.locator('html[data-looked-after]').waitFor()
  await page.locator(`[data-kept] a[href="/spaces/${space}/acts/${letter}"]`).waitFor()
  const writing = await device.newPage()
  await writing.goto(`/spaces/${space}/write/channels.note-sent`)
  for (const [name, value] of Object.entries(typed)) await fill(writing, name, value)

  await line.cut()
  const shows = async (path: string, words: RegExp) => {
    await page.goto(path)
    assert.match((await page.textContent('body')) ?? '', words, path)
  }
  await shows('/', /From this device, as of .+ Nothing is sent/)
  await shows('/directory/now', /From this device[\s\S]*Who answers now/)
  await shows(`/spaces/${space}`, new RegExp(`From this device[\\s\\S]*${mayBeKept}`))
  await shows(`/spaces/${space}/acts/${letter}`, new RegExp(`From this device[\\s\\S]*${mayBeKept}`))
  for (const path of ['/incidents', room, '/directory/now?kind=judicial']) await shows(path, /Not on this device/)

  await page.goto(`/spaces/${space}/notes/${letter}/acknowledge`)
  await page.locator('main form[action$="/acknowledge"] button').click()
  await page.waitForURL('**/offline/unsent')
  await writing.locator('main form[enctype] button').first().click()
  await writing.waitForURL('**/offline/unsent')
  await page.reload()
  await page.locator('[data-unsent-list] article').nth(1).waitFor()
  const listed = (await page.textContent('main')) ?? ''
  assert.match(listed, /None of it counts as sent[\s\S]*Acknowledgement of a note[\s\S]*Typed at night/)
  await page.locator('[data-unsent-list] button').first().click()
  await page.locator('[data-unsent-trouble]').filter({ hasText: 'Nothing was sent' }).waitFor()

  await line.mend()
  await page.goto('/offline/unsent')
  await page.locator('html[data-looked-after]').waitFor()
  const acknowledgements = async () => countOf(await actsOf(officer, space), 'channels.note-acknowledged')
  const before = await acknowledgements()
  assert.equal(await page.locator('[data-unsent-list] article').count(), 2, 'nothing went by itself')
  await page.locator('[data-unsent-list] article', { hasText: 'Acknowledgement' }).locator('button').first().click()
  await page.waitForURL((url) => url.searchParams.get('act') === letter)
  await until('the acknowledgement to be on the record', async () => (await acknowledgements()) > before)
  await page.goto('/offline/unsent')
  await page.locator('[data-unsent-list] article', { hasText: 'Typed at night' }).locator('button').first().click()
  await page.waitForURL(/\/drafts\/[0-9a-f]{32}\/review/)
  await writing.close()

  await until('the letter to lie on the disk of the device', async () => filesWith(profile, mayBeKept).length > 0)
  await page.goto('/offline/unsent')
  await page.locator('[data-unsent-list] > p', { hasText: 'Nothing waits' }).waitFor()
  // In the middle of keeping pages, none of which may come to lie here afterwards.
  await page.goto('/offline')
  await page.locator('form[action="/sign-out"] button').click()
  await page.waitForURL('**/sign-in')
  await page.locator('html[data-looked-after]').waitFor()
  const left = await page.evaluate(async () => ({
    caches: await caches.keys(),
    databases: (await indexedDB.databases()).map(({ name }) => name),
  }))
  assert.deepEqual(left, { caches: [], databases: [] })
  await device.close()
  assert.deepEqual(filesWith(profile, planted), [], 'words said off the record lie in the browser’s files')
}

/** A note that may be kept and nobody acknowledged, and a room off the record in which something was said. */
async function prepare({ administrator, director, officer, drafter, releaser, space }: Cast) {
  await administrator.open('/offline/rule')
  await administrator.send('/offline/rule', { allowed: 'yes', ceiling: 'AMBER', sealed: 'no' })
  const opening = await write(drafter, space, 'off-record.room-opened', {
    with: [parties.borovia.party],
    keepHours: '1',
    openDays: '1',
  })
  await release({ drafter, releaser }, opening)
  await letTimePass(director, space)
  const { hash: letter } = await awaitAct(officer, space, { type: 'channels.note-sent', count: 2 })
  const { hash } = await awaitAct(officer, space, { type: 'off-record.room-opened' })
  const room = `/spaces/${space}/off-record/${hash}`
  await officer.open(room)
  await officer.send(`${room}/join`)
  await until('the room to be open', async () =>
    (await officer.open(room)).forms.some(({ action }) => action.endsWith('/say')),
  )
  await officer.send(`${room}/say`, { form: 'remark', by: 'Duty desk', words: planted })
  return { letter, room }
}

const countOf = (acts: readonly { type: string }[], type: string) => acts.filter((act) => act.type === type).length

async function fill(page: Page, name: string, value: string): Promise<void> {
  const control = page.locator(`main form [name="${name}"]`)
  const kind = await control.first().evaluate((one) => (one instanceof HTMLInputElement ? one.type : one.localName))
  if (kind === 'select') await control.selectOption(value)
  else if (kind === 'radio') await page.locator(`main form [name="${name}"][value="${value}"]`).check()
  else await control.first().fill(value)
}

/** Files of the browser's folder in which a phrase stands, as bytes of UTF-8 or UTF-16. */
function filesWith(folder: string, phrase: string): string[] {
  const forms = [Buffer.from(phrase, 'utf8'), Buffer.from(phrase, 'utf16le')]
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files.flatMap((one) => {
    const path = join(one.parentPath, one.name)
    const bytes = readIfThere(path)
    return bytes && forms.some((form) => bytes.includes(form)) ? [path.slice(folder.length)] : []
  })
}

/** A running browser removes files at any moment. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
