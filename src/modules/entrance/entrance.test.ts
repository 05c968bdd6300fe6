import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { parse } from 'node-html-parser'
import { Secret, TOTP } from 'otpauth'
import { testDatabase } from '../../../test/support/postgres.ts'
import {
  createPeople,
  issueSignInLink,
  migrations as authMigrations,
  viewerFor,
  viewerOf,
} from '../../core/auth/index.ts'
import { passphrase, ringOf } from '../../core/identity/index.ts'
import { createHttp } from '../../core/http/index.ts'
import type { Peer, Services } from '../../core/module/types.ts'
import { createNotices, migrations as noticeMigrations, sendMail } from '../../core/notify/index.ts'
import { createTranslator } from '../../text/index.ts'
import { administration } from '../administration/index.ts'
import { TroublePage } from '../frame/index.ts'
import { applyHousehold, createEntrance, entrance, maySetUp, openSetUp, setUpRoutes } from './index.ts'

const origin = 'http://aurelia.localhost:7101'
const t = createTranslator('en')

/** A browser without JavaScript: keeps cookies, follows forms, reads pages. */
function browser(fetch: (request: Request) => Promise<Response>, language = 'en') {
  const jar = new Map<string, string>()
  async function go(
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; text: string; html: ReturnType<typeof parse>; location?: string }> {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    headers.set('accept-language', language)
    if (!headers.has('accept')) headers.set('accept', 'text/html')
    if (init.method === 'POST') headers.set('origin', origin)
    const response = await fetch(new Request(new URL(path, origin), { ...init, headers }))
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (/Max-Age=0/.test(cookie)) jar.delete(name)
      else jar.set(name, value)
    }
    const text = await response.text()
    return { status: response.status, text, html: parse(text), location: response.headers.get('location') ?? undefined }
  }
  const post = (path: string, fields: Record<string, string> = {}) =>
    go(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  return { go, post, jar }
}

const household = {
  offices: [{ id: 'cyber-desk', names: { en: 'Cyber desk', fr: 'Bureau cyber', ar: 'مكتب الفضاء السيبراني' } }],
  people: [
    {
      name: 'Ada Stern',
      email: 'ada@aurelia.example',
      role: 'administrator' as const,
      office: 'cyber-desk',
      language: 'en',
      zone: 'Etc/UTC',
    },
    {
      name: 'Ben Vale',
      email: 'ben@aurelia.example',
      role: 'administrator' as const,
      office: 'cyber-desk',
      language: 'fr',
      zone: 'Europe/Paris',
    },
    { name: 'Cleo Marsh', role: 'drafter' as const, office: 'cyber-desk', language: 'en', zone: 'Etc/UTC' },
  ],
  publicTelephone: '+99 1 555 01 00',
  hours: 'always' as const,
}

async function house(context: TestContext, { founded = true } = {}) {
  const { db } = await testDatabase(context, [...authMigrations, ...noticeMigrations, ...entrance.migrations!])
  const dataDir = await mkdtemp(join(tmpdir(), 'chancery-entrance-'))
  context.after(() => rm(dataDir, { recursive: true }))
  let now = Date.UTC(2026, 10, 20, 8)
  const clock = { now: () => now }
  const log = { info() {}, warn() {}, error: (event: string, facts?: object) => console.error(event, facts) }
  const queue: string[] = []
  const peers: Peer[] = []
  const members = ['aurelia.example', 'borovia.example', 'calenia.example'].map((party) => ({ party }))
  const shared = [{ id: 'a'.repeat(32), kind: 'case', title: { en: 'Ransomware' }, members }]
  const base = {
    db,
    clock,
    log,
    settings: { publicUrl: origin, peerUrl: 'http://127.0.0.1:7101', dataDir, maxUploadBytes: 1_000_000 },
    modules: [administration, entrance],
    live: { publish() {}, subscribe: () => () => {} },
    nameOf: (party: string) => (party === 'aurelia.example' ? 'Aurelia' : party),
  }
  const services = {
    ...base,
    party: 'aurelia.example',
    partyName: { en: 'Aurelia' },
    people: createPeople({ db, clock }),
    jobs: {
      enqueue: async (_tx: unknown, _task: string, payload: { mail: string }) => void queue.push(payload.mail),
      drain: async () => {},
    },
    ledger: { list: async () => shared },
    peers: {
      list: async () => peers,
      requests: async () => [],
      ownFingerprint: async () => '12345 67890',
      introduce: async (url: string) => {
        const peer = {
          party: 'borovia.example',
          url,
          state: 'introduced' as const,
          fingerprint: '11111 22222',
          name: { en: 'Borovia' },
          reachable: true,
        }
        if (peers.length === 0) peers.push(peer)
        return peer
      },
      pin: async (_party: string, by: { fingerprint: string; how: string; person: string }) => {
        const { Refusal } = await import('../../core/http/index.ts')
        if (by.fingerprint.replace(/\D/g, '') !== '1111122222')
          throw new Refusal('peer.fingerprint-differs', { party: 'borovia.example' })
        Object.assign(peers[0]!, { state: 'pinned', comparedBy: by.how, pinnedBy: by.person, pinnedAt: now })
        return peers[0]!
      },
    },
  } as unknown as Services
  services.notices = createNotices(services)
  const options = {
    viewerOf: (request: Request) => viewerOf(services, request),
    troublePage: (
      visit: Parameters<typeof TroublePage>[0]['visit'],
      trouble: Parameters<typeof TroublePage>[0]['trouble'],
    ) => TroublePage({ visit, trouble }),
    mayListen: () => false,
    maySetUp: (request: Request) => maySetUp(services, request),
  }
  const full = (modules = [administration, entrance]) =>
    createHttp({ ...options, services, routes: modules.flatMap((module) => module.routes!(services)) })
  const links = founded ? await applyHousehold(services, household) : []
  const linkOf = (name: string) => new URL(links.find((link) => link.name === name)!.url).pathname
  const sendQueued = async () => {
    for (const mail of queue.splice(0)) await sendMail(services, mail)
  }
  return {
    db,
    services,
    base,
    options,
    full,
    links,
    linkOf,
    sendQueued,
    dataDir,
    pass: (ms: number) => {
      now += ms
    },
    now: () => now,
    fetch: full().fetch,
  }
}

async function enter(fetch: (request: Request) => Promise<Response>, path: string) {
  const person = browser(fetch)
  await person.post(path)
  return person
}

test('the sign-in page names party, domain, state and the duty desk’s telephone, and no person', async (context) => {
  const { fetch } = await house(context)
  const { status, html } = await browser(fetch).go('/sign-in')
  assert.equal(status, 200)
  const text = html.querySelector('body')!.textContent
  for (const wanted of [
    'Aurelia',
    'aurelia.example',
    t('entrance.sign-in.live'),
    '+99 1 555 01 00',
    t('entrance.sign-in.cannot'),
  ]) {
    assert.ok(text.includes(wanted), wanted)
  }
  assert.ok(!/Ada|Ben|Cleo|Cyber desk/.test(text))
})

test('on a node that serves an exercise the sign-in page says drill', async (context) => {
  const { fetch, services } = await house(context)
  await applyHousehold(services, { ...household, people: [], drill: 'MERIDIAN 26' })
  assert.match((await browser(fetch).go('/sign-in')).text, /DRILL: MERIDIAN 26/)
})

test('a link is opened twice and used once, without JavaScript; then codes are set up and sign in', async (context) => {
  const { fetch, linkOf, now, pass } = await house(context)
  const cleo = browser(fetch)
  await cleo.go(linkOf('Cleo Marsh'))
  assert.equal((await cleo.go(linkOf('Cleo Marsh'))).status, 200)
  assert.equal((await cleo.post(linkOf('Cleo Marsh'))).location, '/account/enrol')
  const stranger = await browser(fetch).post(linkOf('Cleo Marsh'))
  assert.equal(stranger.status, 410)
  assert.match(stranger.text, new RegExp(t('refusal.link-spent').slice(0, 30)))

  const enrol = await cleo.go('/account/enrol')
  const secret = enrol.html.querySelector('#secret')!.textContent.replace(/\s/g, '')
  assert.ok(enrol.html.querySelector('svg[role=img] path'))
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now() })
  assert.equal((await cleo.post('/account/code', { code: '000000' })).status, 422)
  assert.equal((await cleo.post('/account/code', { code: code() })).location, '/account')
  assert.equal((await cleo.post('/sign-out')).location, '/sign-in')
  assert.equal((await cleo.go('/account')).location, '/sign-in?to=%2Faccount')
  pass(30_000)
  const spaced = `${code().slice(0, 3)} ${code().slice(3)}`
  assert.equal((await cleo.post('/sign-in', { name: 'cleo marsh', code: spaced, to: '/account' })).location, '/account')
  assert.equal((await cleo.go('/account')).status, 200)
})

test('wrong codes and unknown names get the same page, and what was typed stays', async (context) => {
  const { fetch, linkOf, now } = await house(context)
  const cleo = await enter(fetch, linkOf('Cleo Marsh'))
  const secret = (await cleo.go('/account/enrol')).html.querySelector('#secret')!.textContent.replace(/\s/g, '')
  await cleo.post('/account/code', {
    code: new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now() }),
  })
  const known = await browser(fetch).post('/sign-in', { name: 'Cleo Marsh', code: '000000' })
  const unknown = await browser(fetch).post('/sign-in', { name: 'Dora Marsh', code: '000000' })
  assert.deepEqual([known.status, unknown.status], [401, 401])
  assert.equal(known.text.replaceAll('Cleo', 'Dora'), unknown.text)
  assert.match(known.text, /value="Cleo Marsh"/)
  assert.equal((await browser(fetch).post('/sign-in', { name: 'Cleo Marsh', code: '12' })).status, 422)
})

test('after signing in nobody is sent to another site', async (context) => {
  const { fetch, linkOf } = await house(context)
  const cleo = await enter(fetch, linkOf('Cleo Marsh'))
  for (const to of ['https://evil.example/', '//evil.example/', '/\\evil.example']) {
    assert.equal((await cleo.go(`/sign-in?to=${encodeURIComponent(to)}`)).location, '/', to)
  }
})

test('passkeys are asked for without naming anybody, and garbage in answer is refused', async (context) => {
  const { fetch } = await house(context)
  const { go } = browser(fetch)
  const json = { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' } }
  const begun = JSON.parse((await go('/sign-in/passkey/options', { ...json, body: '{}' })).text)
  assert.deepEqual([begun.options.rpId, begun.options.allowCredentials ?? []], ['aurelia.localhost', []])
  const response = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: {}, clientExtensionResults: {} }
  const refused = await go('/sign-in/passkey', {
    ...json,
    body: JSON.stringify({ challenge: begun.challenge, response }),
  })
  assert.equal(refused.status, 401)
})

test('the only way to sign in cannot be removed', async (context) => {
  const { fetch, linkOf, now } = await house(context)
  const cleo = await enter(fetch, linkOf('Cleo Marsh'))
  const secret = (await cleo.go('/account/enrol')).html.querySelector('#secret')!.textContent.replace(/\s/g, '')
  await cleo.post('/account/code', {
    code: new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now() }),
  })
  assert.equal((await cleo.post('/account/code/remove')).status, 409)
})

test('language and zone are one’s own to choose; nonsense is refused and stays in the form', async (context) => {
  const { fetch, linkOf, services } = await house(context)
  const cleo = await enter(fetch, linkOf('Cleo Marsh'))
  const wrong = await cleo.post('/account/details', { language: 'fr', zone: 'Moon/Base' })
  assert.equal(wrong.status, 200 + 222)
  assert.match(wrong.text, /Moon\/Base/)
  await cleo.post('/account/details', { language: 'ar', zone: 'Asia/Amman' })
  const page = await cleo.go('/account')
  assert.equal(page.html.querySelector('html')!.getAttribute('dir'), 'rtl')
  const id = (await services.people.list()).find((person) => person.name === 'Cleo Marsh')!.id
  assert.equal((await viewerFor(services, { person: id, sessionId: '' }))!.person.zone, 'Asia/Amman')
})

test('a drafter finds no door to administration', async (context) => {
  const { fetch, linkOf } = await house(context)
  const cleo = await enter(fetch, linkOf('Cleo Marsh'))
  for (const path of ['/people', '/offices', '/powers', '/peers', '/mail', '/audit']) {
    assert.equal((await cleo.go(path)).status, 403, path)
    assert.equal((await browser(fetch).go(path)).location, `/sign-in?to=${encodeURIComponent(path)}`)
  }
})

test('an administrator adds a person, whose link is shown once and works', async (context) => {
  const { fetch, linkOf } = await house(context)
  const ada = await enter(fetch, linkOf('Ada Stern'))
  const form = (await ada.go('/people')).html.querySelector('form[action="/people"]')!
  const id = form.querySelector('input[name=id]')!.getAttribute('value')!
  const fields = {
    id,
    name: 'Dov Hart',
    email: 'dov@aurelia.example',
    language: 'en',
    zone: 'Etc/UTC',
    role: 'releaser',
    office: 'cyber-desk',
  }
  const added = await ada.post('/people', fields)
  const link = added.html.querySelector('a.sign-in-link')!.getAttribute('href')!
  const again = await ada.post('/people', fields)
  assert.equal(again.html.querySelector('a.sign-in-link'), null)
  assert.equal((await browser(fetch).post(new URL(link).pathname)).location, '/account/enrol')
  assert.equal((await ada.post('/people', { ...fields, id: 'f'.repeat(32) })).status, 409)
  assert.equal(
    (await ada.post('/people', { ...fields, id: 'e'.repeat(32), email: 'not an address', role: 'king' })).status,
    422,
  )
})

test('one administrator cannot let somebody in again; two can', async (context) => {
  const { fetch, linkOf, services } = await house(context)
  const [ada, ben, cleo] = [
    await enter(fetch, linkOf('Ada Stern')),
    await enter(fetch, linkOf('Ben Vale')),
    await enter(fetch, linkOf('Cleo Marsh')),
  ]
  const id = (await services.people.list()).find((person) => person.name === 'Cleo Marsh')!.id
  assert.equal((await ada.post(`/people/${id}/link`, { id: 'a'.repeat(32) })).status, 409)
  const recovery = 'b'.repeat(32)
  assert.equal((await ada.post(`/people/${id}/recovery`, { id: recovery, reason: 'too short' })).status, 422)
  assert.equal(
    (await ada.post(`/people/${id}/recovery`, { id: recovery, reason: 'Key lost on the train; known by voice' }))
      .location,
    '/people#recoveries',
  )
  assert.equal((await ada.post(`/people/recovery/${recovery}/approve`)).status, 409)
  assert.equal((await cleo.go('/account')).status, 200)
  const approved = await ben.post(`/people/recovery/${recovery}/approve`)
  const link = approved.html.querySelector('a.sign-in-link')!.getAttribute('href')!
  assert.equal((await browser(fetch).post(new URL(link).pathname)).location, '/account/enrol')
  assert.equal((await cleo.go('/account')).location, '/sign-in?to=%2Faccount')
  assert.match((await ada.go('/audit')).text, /approved a recovery/)
})

test('offices and powers are changed by forms, and administrators cannot be let release', async (context) => {
  const { fetch, linkOf, services } = await house(context)
  const ada = await enter(fetch, linkOf('Ada Stern'))
  assert.equal((await ada.post('/offices', { office: 'legal-desk', 'name-en': 'Legal desk' })).location, '/offices')
  assert.equal((await ada.post('/offices', { office: 'Legal Desk', 'name-en': 'x' })).status, 422)
  assert.equal((await ada.post('/offices', { office: 'empty' })).status, 422)
  const power = { office: 'cyber-desk', role: 'drafter', subject: 'channels.*', verb: 'release' }
  assert.equal((await ada.post('/powers/give', power)).location, '/powers#cyber-desk')
  const cleo = (await services.people.list()).find((person) => person.name === 'Cleo Marsh')!
  const mayRelease = async () =>
    (await viewerFor(services, { person: cleo.id, sessionId: '' }))!.may('channels.note-sent:release')
  assert.equal(await mayRelease(), true)
  await ada.post('/powers/take', power)
  assert.equal(await mayRelease(), false)
  assert.equal((await ada.post('/powers/give', { ...power, role: 'administrator' })).status, 409)
  assert.match((await ada.go('/powers')).text, /May acknowledge a note alone/)
})

test('a peer is pinned only with the digits the other side read out', async (context) => {
  const { fetch, linkOf } = await house(context)
  const ada = await enter(fetch, linkOf('Ada Stern'))
  assert.equal((await ada.post('/peers', { url: 'http://127.0.0.1:7102' })).location, '/peers#borovia.example')
  const page = (await ada.go('/peers')).text
  assert.match(page, /12345 67890/)
  assert.ok(!page.includes('11111 22222'))
  // Nobody introduced Calenia: a case we share did.
  assert.match(page, /calenia\.example.*Introduced by a space we share.*Ransomware/s)
  assert.equal(page.match(/Introduced by a space we share/g)?.length, 1)
  const pin = { party: 'borovia.example', how: 'voice' }
  assert.equal((await ada.post('/peers/pin', { ...pin, fingerprint: '00000 00000 00000 00000' })).status, 409)
  assert.equal((await ada.post('/peers/pin', { ...pin, fingerprint: '11111-22222' })).status, 422)
  assert.match((await ada.go('/audit')).text, /met a peer/)
})

test('every page of both modules is whole in three languages', async (context) => {
  const { fetch, linkOf, services, db } = await house(context)
  const ada = await enter(fetch, linkOf('Ada Stern'))
  await ada.post('/peers', { url: 'http://127.0.0.1:7102' })
  const cleo = (await services.people.list()).find((person) => person.name === 'Cleo Marsh')!
  const token = await db
    .transaction()
    .execute((tx) => issueSignInLink(services, tx, { person: cleo.id, purpose: 'first', by: cleo.id }))
  for (const language of ['en', 'fr', 'ar']) {
    await ada.post('/account/details', { language, zone: 'Etc/UTC' })
    for (const path of [
      '/account',
      '/account/enrol',
      '/people',
      `/people/${cleo.id}`,
      '/offices',
      '/powers',
      '/peers',
      '/mail',
      '/audit',
    ]) {
      const page = await ada.go(path)
      assert.equal(page.status, 200, `${language} ${path}`)
      assert.equal(page.html.querySelectorAll('h1').length, 1, `${language} ${path}`)
    }
    const stranger = browser(fetch, language)
    for (const path of ['/sign-in', '/sign-in?with=code', new URL(token!.url).pathname])
      assert.equal((await stranger.go(path)).status, 200)
  }
})

test('set-up goes from an empty machine to a founded party, can be left, and ends for good', async (context) => {
  const { services, base, options, dataDir, full, sendQueued } = await house(context, { founded: false })
  const proof = { made: 0 }
  const backups = {
    backup: async () => {
      proof.made++
      return { file: 'one.backup', sizeBytes: 4096 }
    },
    testRestore: async () => ({ tables: 9, rows: 81 }),
  }
  let isFounded = false
  const early = { ...base, party: undefined } as unknown as Services
  const self: typeof fetch = (input) =>
    early_.fetch(
      new Request(String(input).replace('127.0.0.1', 'aurelia.localhost'), { headers: { accept: 'application/json' } }),
    )
  const early_ = createHttp({
    ...options,
    services: { ...early, party: '', nameOf: () => '' } as Services,
    routes: setUpRoutes({
      services: early,
      fetch: self,
      onFounded: async () => {
        isFounded = true
      },
    }),
  })

  const first = await openSetUp(early)
  const link = await openSetUp(early)
  const someone = browser(early_.fetch)
  assert.equal((await someone.go('/set-up/address')).status, 403)
  assert.equal((await someone.post(new URL(first!).pathname)).status, 410)
  assert.equal((await someone.go(new URL(link!).pathname)).status, 200)
  assert.equal((await someone.post(new URL(link!).pathname)).location, '/set-up')
  assert.equal((await browser(early_.fetch).post(new URL(link!).pathname)).status, 410)
  assert.equal((await someone.go('/set-up')).location, '/set-up/address')

  assert.equal((await someone.post('/set-up/address', { party: 'not a domain' })).status, 422)
  assert.equal((await someone.post('/set-up/keys')).status, 409)
  await someone.post('/set-up/address', { party: 'Aurelia.example' })
  const tested = (await someone.go('/set-up/address')).text
  assert.match(tested, /leads to this node/)
  assert.match(tested, /Not encrypted, and reached from this machine only/)
  assert.equal((await someone.post('/set-up/names')).status, 422)
  assert.equal(
    (await someone.post('/set-up/names', { 'name-en': 'Aurelia', 'name-fr': 'Aurélie', 'name-ar': 'أوريليا' }))
      .location,
    '/set-up/keys',
  )
  assert.equal((await someone.post('/set-up/administrators', twoAdministrators())).status, 409)

  await someone.post('/set-up/keys')
  await someone.post('/set-up/keys')
  const page = (await someone.go('/set-up/keys')).html
  const sheets = [1, 2].map((number) => page.querySelector(`#sheet-text-${number}`)!.textContent)
  const typed = {
    'holder-1': 'Ada',
    'holder-2': 'Ben',
    'sheet-1': sheets[0]!,
    'sheet-2': sheets[1]!.toLowerCase().replace(/ /g, ''),
  }
  assert.equal((await someone.post('/set-up/keys/read-back', { ...typed, 'sheet-2': sheets[0]! })).status, 409)
  assert.equal((await someone.post('/set-up/keys/read-back', { ...typed, 'holder-2': ' ada' })).status, 409)
  assert.equal(isFounded, false)
  assert.equal((await someone.post('/set-up/protection/later')).status, 409)
  assert.equal((await someone.post('/set-up/keys/read-back', typed)).location, '/set-up/protection')
  assert.equal(isFounded, true)
  assert.equal((await someone.go('/set-up/keys')).html.querySelector('#sheet-text-1'), null)
  assert.deepEqual(
    (await readdir(join(dataDir, 'keys'))).filter((name) => name.includes('pending')),
    [],
  )

  // The whole node serves the rest; the browser that began goes on.
  const node = full([administration, createEntrance({ backups })])
  const person = browser(node.fetch)
  for (const [name, value] of someone.jar) person.jar.set(name, value)
  assert.equal((await person.go('/set-up')).location, '/set-up/protection')
  assert.match((await person.go('/set-up/protection')).text, /the recovery sheets do not replace it/)
  const protection = async () => (await ringOf(dataDir)).protection()
  const word = 'seven calm herons wade'
  assert.equal((await person.post('/set-up/protection', { word: 'short', again: 'short' })).status, 422)
  const differing = await person.post('/set-up/protection', { word, again: 'seven calm herons fly' })
  assert.equal(differing.status, 422)
  assert.doesNotMatch(differing.html.toString(), /herons/)
  assert.equal(await protection(), 'none')
  assert.equal((await person.post('/set-up/protection', { word, again: word })).location, '/set-up/administrators')
  assert.equal(await protection(), 'passphrase')
  // Whoever comes to the page afterwards cannot lock the party out.
  await person.post('/set-up/protection', { word: `${word} away`, again: `${word} away` })
  await person.post('/set-up/protection/later')
  assert.equal(await (await ringOf(dataDir)).opensWith(passphrase(word)), true)
  assert.equal((await person.go('/set-up')).location, '/set-up/administrators')
  const appointed = await person.post('/set-up/administrators', twoAdministrators())
  const links = appointed.html.querySelectorAll('a.sign-in-link').map((anchor) => anchor.getAttribute('href')!)
  assert.equal(links.length, 2)
  assert.equal(
    (await person.post('/set-up/administrators', twoAdministrators())).html.querySelectorAll('a.sign-in-link').length,
    0,
  )
  assert.equal((await browser(node.fetch).post(new URL(links[0]!).pathname)).location, '/account/enrol')

  const desk = { 'name-en': 'Duty desk', hours: 'always', deputy: 'Ben', telephone: '+99 1 555 01 00' }
  assert.equal((await person.post('/set-up/duty-desk', { ...desk, telephone: 'call us' })).status, 422)
  assert.equal((await person.post('/set-up/duty-desk', desk)).location, '/set-up/duty-desk')
  const officer = {
    id: 'c'.repeat(32),
    name: 'Cleo',
    email: 'cleo@aurelia.example',
    language: 'en',
    zone: 'Etc/UTC',
    role: 'duty-officer',
  }
  assert.equal(
    (await person.post('/set-up/duty-desk/people', officer)).html.querySelectorAll('a.sign-in-link').length,
    1,
  )
  const page1 = { id: 'd'.repeat(32), person: officer.id }
  await person.post('/set-up/duty-desk/page', page1)
  await person.post('/set-up/duty-desk/page', page1)
  await sendQueued()
  const mails = await Promise.all(
    (await readdir(join(dataDir, 'mail'))).map((name) => readFile(join(dataDir, 'mail', name), 'utf8')),
  )
  assert.equal(mails.length, 1)
  const pageLink = /http:\/\/\S+\/page-test\/\w+/.exec(mails[0]!.replaceAll('=\r\n', ''))![0]
  assert.match((await person.go('/set-up/duty-desk')).text, /has not acknowledged yet/)
  const paged = browser(node.fetch)
  await paged.go(new URL(pageLink).pathname)
  assert.match((await person.go('/set-up/duty-desk')).text, /has not acknowledged yet/)
  await paged.post(new URL(pageLink).pathname)
  assert.match((await person.go('/set-up/duty-desk')).text, /Cleo acknowledged on/)

  await person.post('/set-up/mail/test', { id: 'e'.repeat(32), person: officer.id })
  await sendQueued()
  assert.match((await person.go('/set-up/mail')).text, /The test mail to Cleo was sent/)
  await person.post('/set-up/backup')
  assert.match((await person.go('/set-up/mail')).text, /9 tables, 81 rows/)
  assert.equal(proof.made, 1)
  await person.post('/set-up/peer', { url: 'http://127.0.0.1:7102' })
  const pin = { party: 'borovia.example', by: 'Ada', how: 'voice' }
  assert.equal((await person.post('/set-up/peer/pin', { ...pin, fingerprint: '11111 33333' })).status, 409)
  assert.equal((await person.post('/set-up/peer/pin', { ...pin, fingerprint: '1111122222' })).location, '/set-up/peer')

  const unsafe = (await person.go('/set-up/unsafe')).html.querySelector('main')!.textContent
  for (const wanted of [
    /reached from this machine only/,
    /Cleo has chosen neither/,
    /There are no two people/,
    /reaches nobody by itself/,
  ])
    assert.match(unsafe, wanted)
  for (const gone of [/No backup/, /No peer/, /No test page/, /telephone number/]) assert.doesNotMatch(unsafe, gone)
  assert.equal((await person.post('/set-up/close')).location, '/sign-in')
  assert.equal((await person.go('/set-up/address')).status, 403)
  assert.equal(await openSetUp(services), undefined)
})

test('set-up cannot end before the sheets were read back and two administrators exist', async (context) => {
  const { services, full } = await house(context, { founded: false })
  const person = browser(full().fetch)
  await person.post(new URL((await openSetUp(services))!).pathname)
  assert.equal((await person.post('/set-up/close')).status, 409)
})

function twoAdministrators(): Record<string, string> {
  const one = (suffix: string, id: string, name: string) => ({
    [`id${suffix}`]: id.repeat(32),
    [`name${suffix}`]: name,
    [`email${suffix}`]: `${name.toLowerCase()}@aurelia.example`,
    [`language${suffix}`]: 'en',
    [`zone${suffix}`]: 'Etc/UTC',
  })
  return { ...one('-1', 'a', 'Ada'), ...one('-2', 'b', 'Ben'), 'role-2': 'analyst' }
}
