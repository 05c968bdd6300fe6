import assert from 'node:assert/strict'
import { createDecipheriv, createECDH, createHmac, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { testDatabase } from '../../../test/support/postgres.ts'
// @ts-expect-error the reference receiver is plain JavaScript, as whoever runs it gets it
import { createReceiver } from '../../../tools/paging-receiver.mjs'
import { addPerson, migrations as authMigrations } from '../auth/index.ts'
import { migrations as clockMigrations } from '../clocks/index.ts'
import { createHttpWire, type Wire, WireError, type WireRequest } from '../federation/index.ts'
import type { Services } from '../module/types.ts'
import { createNotices, migrations as notifyMigrations, type NoticeServices } from '../notify/index.ts'
import { signHook } from './hook.ts'
import { climbChains, enrolDevice, isPushAddress, migrations, setNumber, setPagingRule } from './index.ts'
import { runTry } from './run-try.ts'
import { encryptPush, newVapidKey, vapidHeader } from './web-push.ts'

const minuteMs = 60_000
const endpoint = 'https://updates.push.services.mozilla.com/wpush/v2/abc'
const from64 = (text: string) => Buffer.from(text, 'base64url')

async function house(t: TestContext) {
  const { db } = await testDatabase(t, [...authMigrations, ...notifyMigrations, ...clockMigrations, ...migrations])
  let now = Date.UTC(2026, 10, 20, 2)
  const queue: { task: string; payload: { id: string }; runAt: number }[] = []
  const services = {
    db,
    clock: { now: () => now },
    party: 'borovia.example',
    settings: { publicUrl: 'https://borovia.example' },
    log: { info() {}, warn() {}, error() {} },
    live: { publish() {} },
    jobs: {
      enqueue: async (_: unknown, task: string, payload: { id: string }, { runAt = 0 } = {}) =>
        void (task === 'paging.try' && queue.push({ task, payload, runAt })),
    },
  } as unknown as Services
  await db
    .transaction()
    .execute((tx) => addPerson(services, tx, { id: 'bea', name: 'Bea', language: 'fr', zone: 'Etc/UTC', by: 'set-up' }))
  const clock = 'c'.repeat(32)
  await db
    .insertInto('view.clock')
    .values({
      space: 's',
      id: clock,
      regime: 'acknowledge',
      source: 'agreed',
      duty: services.party,
      started_by: 'n',
      about: 'n',
      item: '',
      starts_at: now,
      due_at: now + 240 * minuteMs,
      met_by: null,
      met_at: null,
      cancelled_by: null,
      lapsed_by: null,
    })
    .execute()
  const notices = createNotices(services as unknown as NoticeServices)
  await db.transaction().execute((tx) =>
    notices.send(tx, {
      key: `clock:${clock}:duty-officer:bea`,
      person: 'bea',
      message: 'clocks.page',
      facts: { fromParties: 'aurelia.example', subject: 'Hosts in Borovia' },
      link: '/spaces/s',
      urgency: 'page',
    }),
  )
  const rule = (over: object = {}) =>
    setPagingRule(services, {
      hookUrl: 'https://relay.example/hook',
      push: true,
      smsAfterMs: 2 * minuteMs,
      voiceAfterMs: 5 * minuteMs,
      ...over,
    })
  return {
    db,
    services,
    rule,
    queue,
    notices,
    /** Ticks twice, as two processes would, then makes every attempt that is due. */
    async pass(ms: number, wire: Wire) {
      now += ms
      await climbChains(services)
      await climbChains(services)
      const due = queue.filter(({ runAt }) => runAt <= now)
      for (const job of due) queue.splice(queue.indexOf(job), 1)
      for (const job of due) await runTry(services, job.payload.id, wire)
    },
    acknowledge: () => db.updateTable('view.clock').set({ met_by: 'a', met_at: now }).where('id', '=', clock).execute(),
    async tries() {
      const rows = await db.selectFrom('home.paging_try').selectAll().orderBy('begun_at').orderBy('step').execute()
      return rows.map(({ step, state, result, attempts }) => `${step} ${state} ${result} ${attempts}`)
    },
  }
}

/** A wire that notes what leaves and answers as told. */
function wireThat(answer: (request: WireRequest) => { status: number; body?: string } | Promise<never>) {
  const sent: WireRequest[] = []
  const wire: Wire = {
    async send(request) {
      sent.push(request)
      const { status, body = '' } = await answer(request)
      return { status, headers: {}, body: Buffer.from(body) }
    },
    close: async () => undefined,
  }
  return { wire, sent }
}

const echo = ({ body }: WireRequest) => ({
  status: 200,
  body: Buffer.from(body).toString().startsWith('{')
    ? JSON.stringify({ id: JSON.parse(Buffer.from(body).toString()).id })
    : '',
})

test('a page goes from push to SMS to voice by the clock and stops at whatever step it is acknowledged', async (t) => {
  const { services, rule, pass, acknowledge, tries } = await house(t)
  const { wire, sent } = wireThat(echo)
  await pass(0, wire)
  assert.deepEqual(await tries(), [], 'a house that has set nothing pages by notice and mail alone')
  await rule({ hookUrl: undefined, push: false })
  await pass(0, wire)
  assert.deepEqual(await tries(), ['push none push-off 0'])
  await services.db.deleteFrom('home.paging_try').execute()

  await rule()
  const browser = createECDH('prime256v1')
  const keys = {
    p256dh: browser.generateKeys('base64url'),
    auth: from64('BTBZMqHH6r4Tts7J_aSIgg').toString('base64url'),
  }
  await enrolDevice(services, { id: 'd'.repeat(32), person: 'bea', label: 'Duty', endpoint, ...keys })
  await setNumber(services, 'bea', '+99915550100')
  await pass(0, wire)
  assert.deepEqual(await tries(), ['push taken taken 1'])
  await pass(2 * minuteMs, wire)
  assert.deepEqual((await tries()).at(-1), 'sms taken taken 1')

  const [push, sms] = sent
  assert.equal(push?.url, endpoint)
  const plain = decrypt(Buffer.from(push!.body), browser, keys.auth)
  const message = JSON.parse(Buffer.from(sms!.body).toString())
  assert.deepEqual(Object.keys(plain).sort(), ['body', 'link', 'reference', 'title', 'urgency'])
  assert.deepEqual(Object.keys(message).sort(), ['id', 'language', 'link', 'reference', 'step', 'to', 'urgency', 'v'])
  assert.equal(message.link, plain.link)
  assert.match(message.link, /^https:\/\/borovia\.example\/paged\/[0-9a-f]{32}$/)
  assert.equal(message.language, 'fr')
  for (const said of [message, plain]) assert.doesNotMatch(JSON.stringify(said), /aurelia|Hosts|spaces/i)

  await pass(3 * minuteMs - 1, wire)
  await acknowledge()
  await pass(minuteMs, wire)
  assert.equal(sent.length, 2, 'nobody is rung once it was acknowledged')
})

test('a receiver that is down, slow, busy or answers nonsense is tried again, one that refuses is not', async (t) => {
  const { rule, services, pass, tries, acknowledge, queue } = await house(t)
  await rule({ push: false, smsAfterMs: 0, voiceAfterMs: 200 * minuteMs })
  const faults = ['unreachable', 'timeout', 'too-large'] as const
  const fails = (fault: (typeof faults)[number]) => wireThat(() => Promise.reject(new WireError(fault, 'planted'))).wire
  await pass(0, fails('unreachable'))
  assert.deepEqual((await tries()).at(-1), 'sms none no-number 1', 'without a telephone nothing is sent')
  await services.db.deleteFrom('home.paging_try').execute()
  await setNumber(services, 'bea', '+99915550100')
  const last = async () => (await tries()).find((one) => one.startsWith('sms'))
  for (const [wire, found] of [
    [fails('unreachable'), 'sms waiting unreachable 1'],
    [fails('timeout'), 'sms waiting timeout 2'],
    [wireThat(() => ({ status: 200, body: '<html>Welcome to the hotel</html>' })).wire, 'sms waiting not-understood 3'],
    [wireThat(() => ({ status: 503 })).wire, 'sms waiting busy 4'],
    [fails('too-large'), 'sms failed not-understood 5'],
  ] as const) {
    await pass(2 * minuteMs, wire)
    assert.equal(await last(), found)
  }
  assert.equal(queue.length, 0, 'after the last attempt nobody tries again')

  await services.db.deleteFrom('home.paging_try').execute()
  await pass(0, wireThat(() => ({ status: 403 })).wire)
  assert.equal(await last(), 'sms failed refused 1')
  await services.db.deleteFrom('home.paging_try').execute()
  await pass(0, wireThat(() => ({ status: 302 })).wire)
  assert.equal(await last(), 'sms waiting not-understood 1', 'a redirect is no answer, and is not followed')
  await acknowledge()
  const late = wireThat(echo)
  await pass(2 * minuteMs, late.wire)
  assert.equal(late.sent.length, 0)
  assert.equal(await last(), 'sms stopped acknowledged 1')
})

test('the reference receiver hands a signed message on once, and nothing unsigned, old or strange', async (t) => {
  const { rule, services, pass, tries } = await house(t)
  const delivered: { step: string; to: string }[] = []
  let isDown = true
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const receiver = createServer(
    createReceiver({
      secret,
      now: () => services.clock.now(),
      deliver: async (message: { step: string; to: string }) => {
        if (isDown) throw new Error('the provider is away')
        delivered.push(message)
      },
    }),
  )
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve)
  })
  const wire = createHttpWire()
  t.after(async () => {
    await wire.close()
    receiver.closeAllConnections()
    receiver.close()
  })
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  await rule({ push: false, hookUrl: url, smsAfterMs: 0 })
  await services.db.updateTable('home.paging_rule').set({ hook_secret: secret }).execute()
  await setNumber(services, 'bea', '+99915550100')
  await pass(0, wire)
  assert.deepEqual(await tries(), ['push none push-off 0', 'sms waiting busy 1'])
  isDown = false
  await pass(minuteMs, wire)
  assert.equal((await tries()).at(-1), 'sms taken taken 2')
  assert.deepEqual(
    delivered.map(({ step, to }) => `${step} ${to}`),
    ['sms +99915550100'],
  )

  const good = JSON.stringify({ ...delivered[0] })
  const { id } = JSON.parse(good)
  const now = services.clock.now()
  const post = async (body: string, headers: Record<string, string>) =>
    (await fetch(url, { method: 'POST', body, headers })).status
  assert.equal(await post(good, signHook(secret, id, now, good)), 200, 'the same again is answered the same')
  assert.equal(delivered.length, 1, 'and rings nobody twice')
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
  for (const [body, headers, status] of [
    [good, {}, 401],
    [good, signHook(other, id, now, good), 401],
    [good, signHook(secret, id, now - 301_000, good), 401],
    [`${good} `, signHook(secret, id, now, good), 401],
    [good.replace('"sms"', '"fax"'), signHook(secret, id, now, good.replace('"sms"', '"fax"')), 422],
    ['x'.repeat(5_000), signHook(secret, id, now, 'x'.repeat(5_000)), 413],
  ] as const)
    assert.equal(await post(body, headers), status)
  assert.equal((await fetch(url)).status, 405)
  assert.equal(delivered.length, 1)
})

test('a push is encrypted as RFC 8291 shows, signed as RFC 8292 asks, and posted to makers of browsers only', async (t) => {
  const vector = encryptPush(
    Buffer.from('When I grow up, I want to be a watermelon'),
    {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    },
    {
      privateKey: from64('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
      salt: from64('DGv6ra1nlYgDCS1FRnbzlw'),
      paddedTo: 0,
    },
  )
  assert.equal(
    vector.toString('base64url'),
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
  const vapid = newVapidKey()
  const header = vapidHeader(vapid, { endpoint, subject: 'https://borovia.example', nowMs: 0 })
  const [, head, claims, signature, k] = /^vapid t=([^.]+)\.([^.]+)\.([^,]+), k=(.+)$/.exec(header)!
  const point = from64(k!)
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  assert.ok(
    verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key, format: 'jwk', dsaEncoding: 'ieee-p1363' },
      from64(signature!),
    ),
  )
  assert.deepEqual(JSON.parse(from64(claims!).toString()), {
    aud: 'https://updates.push.services.mozilla.com',
    exp: 43_200,
    sub: 'https://borovia.example',
  })
  for (const [address, may] of [
    [endpoint, true],
    ['https://fcm.googleapis.com/fcm/send/x', true],
    ['https://web.push.apple.com/x', true],
    ['https://wns2-par02p.notify.windows.com/w/?token=x', true],
    ['http://fcm.googleapis.com/x', false],
    ['https://fcm.googleapis.com.evil.example/x', false],
    ['https://fcm.googleapis.com:8443/x', false],
    ['https://169.254.169.254/latest', false],
    ['https://localhost/x', false],
  ] as const)
    assert.equal(isPushAddress(address), may, address)

  const { services, rule, pass, tries } = await house(t)
  await rule({ hookUrl: undefined })
  const browser = createECDH('prime256v1')
  const device = { id: 'd'.repeat(32), person: 'bea', label: 'Duty', endpoint, auth: 'BTBZMqHH6r4Tts7J_aSIgg' }
  await enrolDevice(services, { ...device, p256dh: browser.generateKeys('base64url') })
  await pass(0, wireThat(() => ({ status: 410 })).wire)
  assert.deepEqual(await tries(), ['push failed device-gone 1'])
  const [gone] = await services.db.selectFrom('home.paging_device').select('gone_at').execute()
  assert.notEqual(gone?.gone_at, null, 'what its maker calls gone is asked no more')
})

/** What the browser does with a push. */
function decrypt(body: Buffer, browser: ReturnType<typeof createECDH>, auth: string) {
  const [salt, publicKey] = [body.subarray(0, 16), body.subarray(21, 86)]
  const hkdf = (salted: Uint8Array, secret: Uint8Array, info: Uint8Array, length: number) =>
    createHmac('sha256', createHmac('sha256', salted).update(secret).digest())
      .update(info)
      .update(Buffer.from([1]))
      .digest()
      .subarray(0, length)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), publicKey])
  const secret = hkdf(from64(auth), browser.computeSecret(publicKey), info, 32)
  const key = hkdf(salt, secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = hkdf(salt, secret, Buffer.from('Content-Encoding: nonce\0'), 12)
  const opening = createDecipheriv('aes-128-gcm', key, nonce)
  opening.setAuthTag(body.subarray(-16))
  const padded = Buffer.concat([opening.update(body.subarray(86, -16)), opening.final()])
  return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString())
}
