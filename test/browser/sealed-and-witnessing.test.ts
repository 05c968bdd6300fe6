import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { parties } from '../../src/cli/demo/parties.ts'
import { type Person, until } from '../../src/cli/demo/person.ts'
import { cosignerKey, generateEd25519 } from '../../src/protocol/index.ts'
import { languages } from '../../src/text/index.ts'
import { launchChromium } from './chromium.ts'
import { enter } from './enter.ts'
import { startNodeProcess } from './node-process.ts'
import { createPageWatch, lookAt, sharedTitles, type WatchedPage } from './page-watch.ts'

const program = join(import.meta.dirname, '..', '..', 'dist', 'chancery.js')
const fingerprintIn = (text: string) => /(?:\d{5} ){15}\d{5}/.exec(text)?.[0] ?? assert.fail('no fingerprint')

test('the pages of a sealed space and of who witnesses it, in three languages, on a telephone and by axe', async (t) => {
  const [aurelia, borovia] = await Promise.all([
    startNodeProcess(t, { name: 'aurelia', party: parties.aurelia }),
    startNodeProcess(t, { name: 'borovia', party: parties.borovia }),
  ])
  const [{ person: pia }, { person: emil }] = await Promise.all([
    enter(aurelia, 'aureliaAdministrator'),
    enter(borovia, 'boroviaAdministrator'),
  ])
  for (const [person, other, party] of [
    [pia, { node: borovia, page: await emil.open('/peers') }, parties.borovia.party],
    [emil, { node: aurelia, page: await pia.open('/peers') }, parties.aurelia.party],
  ] as const) {
    await person.open('/peers')
    await person.send('/peers', { url: other.node.peerUrl })
    await until(`${party} to be introduced`, async () =>
      (await person.open('/peers')).forms.some((form) => form.fields.party?.includes(party)),
    )
    await person.send('/peers/pin', { party, fingerprint: fingerprintIn(other.page.text), how: 'voice' })
  }

  const watches: WatchedPage[] = []
  const { person: nadia, last } = await enter(aurelia, 'releaser')
  async function seen(state: string, look: (person: Person) => Promise<unknown>, method = 'GET'): Promise<void> {
    for (const language of languages()) {
      await nadia.open('/account')
      await nadia.send('/account/details', { language })
      await look(nadia)
      const url = new URL(new URL(last.url).pathname, aurelia.publicUrl)
      const watch = createPageWatch()
      const { html } = last
      watch.saw({ url: url.href, path: url.pathname, status: 200, method, html, person: state, isNarrow: false })
      watches.push(...watch.pages())
    }
  }

  await nadia.open('/spaces/open')
  const opened = await nadia.send('/spaces/open', {
    kind: 'channel',
    'title-en': 'Sealed hotline',
    purpose: 'Duty desks',
    members: [parties.borovia.party],
    sealed: 'yes',
  })
  const space = /[0-9a-f]{32}/.exec(opened.path)?.[0] ?? assert.fail(opened.path)
  const here = `/spaces/${space}`
  await until('Borovia to confirm', async () =>
    /Confirmed by all: 1/.test((await nadia.open(`${here}/witnessing`)).text),
  )
  await seen('sealed space', (person) => person.open(here))
  await seen('its members', (person) => person.open(`${here}/members`))
  await seen('who witnesses it', (person) => person.open(`${here}/witnessing`))
  const outside = cosignerKey('watch.example/w1', generateEd25519().publicKey)
  const preview = async (person: Person, policy: string) => {
    await person.open(`${here}/witnessing`)
    return person.send(`${here}/witnessing`, { policy })
  }
  const good = `witness watch ${outside}\nquorum watch\n`
  await seen('what another policy would do', (person) => preview(person, good), 'POST')
  await seen('a policy that names nobody', (person) => preview(person, 'quorum most\n').catch(() => undefined), 'POST')
  await seen('a dossier for the public', (person) =>
    person.open(`${here}/dossier?purpose=verification&audience=public&ceiling=CLEAR`),
  )

  const said = execFileSync(
    process.execPath,
    [
      program,
      'space',
      'open',
      '--title',
      'By command',
      '--with',
      parties.borovia.party,
      '--sealed',
      '--data-dir',
      aurelia.dataDir,
    ],
    { encoding: 'utf8' },
  )
  const byCommand = /([0-9a-f]{32}) is open/.exec(said)?.[1] ?? assert.fail(said)
  await nadia.open('/account')
  await nadia.send('/account/details', { language: 'en' })
  const page = await until('the space opened by command', async () => {
    const { text } = await nadia.open(`/spaces/${byCommand}`)
    return text.includes('By command') && text
  })
  assert.match(page, /What is said here is sealed to them alone/)

  const browser = await launchChromium()
  t.after(() => browser.close())
  const folder = process.env.CHANCERY_PICTURES
  if (folder) await picture(folder)
  assert.deepEqual(await lookAt(browser, watches), [])
  assert.deepEqual(sharedTitles(watches), [])
  assert.equal(watches.length, 6 * languages().length)

  /** For people who look: each page narrow and in Arabic, and wide in English. */
  async function picture(into: string): Promise<void> {
    for (const [at, { url, html, language }] of watches.entries()) {
      if (language === 'fr') continue
      const width = language === 'ar' ? 320 : 1280
      const page = await browser.newPage({ viewport: { width, height: 900 } })
      await page.route(url, (route) => route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }), {
        times: 1,
      })
      await page.goto(url)
      await page.screenshot({ path: `${into}/${at}-${language}.png`, fullPage: true })
      await page.close()
    }
  }
})
