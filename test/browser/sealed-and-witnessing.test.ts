import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { parties, roles } from '../../src/cli/demo/parties.ts'
import { type Person, until } from '../../src/cli/demo/person.ts'
import { cosignerKey, generateEd25519 } from '../../src/protocol/index.ts'
import { languages } from '../../src/text/index.ts'
import { openDatabase } from '../../src/core/storage/index.ts'
import { launchChromium } from './chromium.ts'
import { enter } from './enter.ts'
import { type NodeProcess, startNodeProcess } from './node-process.ts'
import { createPageWatch, lookAt, sharedTitles, type WatchedPage } from './page-watch.ts'

/** Where one person alone may release, nobody can: Borovia's adviser serves at the desk too. */
const borovian = {
  ...parties.borovia,
  people: parties.borovia.people.map((one) =>
    one.name === roles.legal.name ? { ...one, role: 'desk-officer' as const } : one,
  ),
}

const program = join(import.meta.dirname, '..', '..', 'dist', 'chancery.js')
const fingerprintIn = (text: string) => /(?:\d{5} ){15}\d{5}/.exec(text)?.[0] ?? assert.fail('no fingerprint')

test('the pages of a sealed space and of who witnesses it, in three languages, on a telephone and by axe', async (t) => {
  const [aurelia, borovia] = await Promise.all([
    startNodeProcess(t, { name: 'aurelia', party: parties.aurelia }),
    startNodeProcess(t, { name: 'borovia', party: borovian }),
  ])
  const [administrator, { person: emil }] = await Promise.all([
    enter(aurelia, 'aureliaAdministrator'),
    enter(borovia, 'boroviaAdministrator'),
  ])
  const { person: pia } = administrator
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
    await seenBy({ person: nadia, last }, state, look, method)
  }
  async function seenBy(
    { person, last }: Awaited<ReturnType<typeof enter>>,
    state: string,
    look: (person: Person) => Promise<unknown>,
    method = 'GET',
  ): Promise<void> {
    // English last: what follows reads it.
    for (const language of languages().toSorted((a, b) => Number(a === 'en') - Number(b === 'en'))) {
      await person.open('/account')
      await person.send('/account/details', { language })
      await look(person)
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

  const command = (node: NodeProcess, ...words: string[]) =>
    execFileSync(process.execPath, [program, 'space', ...words, '--data-dir', node.dataDir], {
      encoding: 'utf8',
      env: { ...process.env, CHANCERY_HOLD_MS: '0' },
    })
  const said = command(aurelia, 'open', '--title', 'By command', '--with', parties.borovia.party, '--sealed')
  const byCommand = /([0-9a-f]{32}) is open/.exec(said)?.[1] ?? assert.fail(said)
  const page = await until('the space opened by command', async () => {
    const { text } = await nadia.open(`/spaces/${byCommand}`)
    return text.includes('By command') && text
  })
  assert.match(page, /What is said here is sealed to them alone/)

  await handedOverByCommand()
  await storedBytes()

  const folder = process.env.CHANCERY_PICTURES
  if (folder) await picture(folder)
  assert.deepEqual(await lookAt(watches), [])
  assert.deepEqual(sharedTitles(watches), [])
  assert.equal(watches.length, 13 * languages().length)

  /** Two persons of each party say by command who orders the space; its page before, meanwhile and after. */
  async function handedOverByCommand(): Promise<void> {
    const at = `${here}/host`
    const twoSay = async (node: NodeProcess, to: string, drafts: string, releases: string) => {
      const answer = command(node, 'hand-over', space, '--to', to, '--by', drafts)
      const draft = /--release ([0-9a-f]{32})/.exec(answer)?.[1] ?? assert.fail(answer)
      command(node, 'hand-over', space, '--release', draft, '--by', releases)
    }
    await seen('who orders it', (person) => person.open(at))
    const { party } = parties.borovia
    await twoSay(borovia, party, roles.deskOfficer.name, roles.legal.name)
    await until('the offer', async () => /Borovia would order this space/.test((await nadia.open(at)).text))
    await seen('an offer to order it', (person) => person.open(at))
    await twoSay(aurelia, party, roles.drafter.name, roles.releaser.name)
    await until('the handover', async () => /Aurelia, from entry 0 on/.test((await nadia.open(at)).text))
    await seen('handed over', (person) => person.open(at))
  }

  /** What was read back: sound, put right from the other member, and damaged while nobody can give the bytes. */
  async function storedBytes(): Promise<void> {
    const open = async (person: Person) => person.open('/storage')
    const check = async () => {
      await open(pia)
      await pia.send('/storage/check', { space })
    }
    const { db, close } = await openDatabase({ dataDir: aurelia.dataDir })
    const flip = (index: number) =>
      sql`update log.entry set leaf = set_bit(leaf, 300, 1 - get_bit(leaf, 300))
      where space = ${space} and idx = ${index}`.execute(db)
    const untilStored = (what: string, holds: (text: string) => boolean) =>
      until(what, async () => holds((await open(pia)).text))
    await check()
    await untilStored('all to be read back', (text) => /all as they were stored/.test(text))
    await seenBy(administrator, 'what is stored is sound', open)
    await flip(1)
    await check()
    await untilStored('Borovia to give the bytes', (text) => /Put right with the bytes that .* holds/.test(text))
    await seenBy(administrator, 'put right', open)
    await borovia.stop()
    await flip(1)
    await check()
    await untilStored('nobody to give the bytes', (text) => /Tried in vain/.test(text))
    await seenBy(administrator, 'damaged', open)
    await seen('a damaged space', (person) => person.open(here))
    assert.match((await pia.open('/')).text, /Sealed hotline\nSee to it/, 'Today says nothing of it')
    await close()
  }

  /** For people who look: each page narrow and in Arabic, and wide in English. */
  async function picture(into: string): Promise<void> {
    const browser = await launchChromium({ typefaces: true })
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
    await browser.close()
  }
})
