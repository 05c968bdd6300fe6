import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { testDatabase } from '../../../test/support/postgres.ts'
import { addPerson, createPeople, migrations as authMigrations } from '../auth/index.ts'
import type { Services } from '../module/types.ts'
import { createNotices, listMail, migrations, type NoticeServices, retryMail, tasks } from './index.ts'

async function house(t: TestContext, { smtpUrl }: { smtpUrl?: string } = {}) {
  const { db } = await testDatabase(t, [...authMigrations, ...migrations])
  const dataDir = await mkdtemp(join(tmpdir(), 'chancery-mail-'))
  t.after(() => rm(dataDir, { recursive: true }))
  let now = Date.UTC(2026, 10, 20, 8)
  const clock = { now: () => now }
  const queue: { task: string; payload: { mail: string }; runAt: number }[] = []
  const logged: string[] = []
  const log = (event: string, facts?: object) => void logged.push(`${event} ${JSON.stringify(facts)}`)
  const services = {
    db,
    clock,
    party: 'aurelia.example',
    people: createPeople({ db, clock }),
    settings: { dataDir, smtpUrl, publicUrl: 'http://aurelia.localhost:7101' },
    log: { info: log, warn: log, error: log },
    live: { publish() {}, subscribe: () => () => {} },
    jobs: {
      enqueue: async (_tx: unknown, task: string, payload: { mail: string }, { runAt = 0 } = {}) =>
        void queue.push({ task, payload, runAt }),
    },
  } as unknown as NoticeServices
  const run = async () => {
    for (const job of queue.splice(0).filter(({ runAt }) => runAt <= now))
      await tasks[job.task]!(services as Services, job.payload)
  }
  await db.transaction().execute(async (tx) => {
    await addPerson({ clock }, tx, {
      id: 'ada',
      name: 'Ada',
      email: 'ada@aurelia.example',
      language: 'fr',
      zone: 'Europe/Paris',
      by: 'set-up',
    })
    await addPerson({ clock }, tx, { id: 'ben', name: 'Ben', language: 'en', zone: 'Etc/UTC', by: 'set-up' })
  })
  const notices = createNotices(services)
  const send = (over: object = {}) =>
    db.transaction().execute((tx) =>
      notices.send(tx, {
        key: 'note:1',
        person: 'ada',
        message: 'release.notice.waiting',
        link: '/drafts/1/review',
        urgency: 'page',
        ...over,
      }),
    )
  const files = () => readdir(join(dataDir, 'mail')).catch(() => [] as string[])
  return {
    db,
    services,
    notices,
    send,
    run,
    queue,
    files,
    dataDir,
    logged,
    pass: (ms: number) => {
      now += ms
    },
  }
}

test('the same key twice is one notice and one mail', async (t) => {
  const { notices, send, run, files } = await house(t)
  await send()
  await send()
  await run()
  assert.deepEqual(
    (await notices.unread('ada')).map((notice) => notice.link),
    ['/drafts/1/review'],
  )
  assert.equal((await files()).length, 1)
  await notices.markRead('ada')
  assert.deepEqual(await notices.unread('ada'), [])
})

test('mail says how urgent and where, in the reader’s language, and nothing of the matter', async (t) => {
  const { db, send, run, files, dataDir } = await house(t)
  await send({ facts: { subject: 'Hosts in Borovia' }, drill: 'MERIDIAN' })
  await run()
  const [name] = await files()
  const message = await readFile(join(dataDir, 'mail', name!), 'utf8')
  assert.match(message, /^To: ada@aurelia\.example\r$/m)
  assert.match(message, /http:\/\/aurelia\.localhost:7101\/drafts\/1\/review/)
  assert.match(message, /MERIDIAN/)
  assert.match(message, /^Content-Language: fr\r$/m)
  assert.ok(!message.includes('Borovia'))
  assert.deepEqual(
    (await listMail(db)).map(({ state, wentTo, name: to }) => [state, wentTo, to]),
    [['sent', name, 'Ada']],
  )
})

test('a notice that was rolled back sends nothing', async (t) => {
  const { db, notices, files } = await house(t)
  await assert.rejects(
    db.transaction().execute(async (tx) => {
      await notices.send(tx, { key: 'k', person: 'ada', message: 'release.notice.back', link: '/', urgency: 'normal' })
      throw new Error('changed my mind')
    }),
  )
  assert.deepEqual([await notices.unread('ada'), await listMail(db), await files()], [[], [], []])
})

test('somebody without an address is notified in the house, and the mail page says so', async (t) => {
  const { db, notices, send, run } = await house(t)
  await send({ person: 'ben' })
  await run()
  assert.equal((await notices.unread('ben')).length, 1)
  assert.deepEqual(
    (await listMail(db)).map((mail) => mail.state),
    ['no-address'],
  )
})

test('a server that refuses is tried again later, and the failure stays visible until then', async (t) => {
  const received: string[] = []
  let isOpen = false
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom: (_address, _session, callback) => callback(isOpen ? null : new Error('come back later')),
    onData: (stream, _session, callback) => {
      let text = ''
      stream.on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => {
        received.push(text)
        callback()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.after(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
      }),
  )
  const port = (server.server.address() as AddressInfo).port
  const { db, send, run, queue, pass, logged } = await house(t, { smtpUrl: `smtp://clerk:hunter2@127.0.0.1:${port}` })
  Object.assign(server.options, { disabledCommands: ['STARTTLS'] })
  server.onAuth = (_auth, _session, callback) => callback(null, { user: 'clerk' })
  await send()
  await run()
  const [failed] = await listMail(db)
  assert.deepEqual([failed?.state, failed?.attempts], ['failed', 1])
  assert.match(failed?.lastError ?? '', /come back later/)
  assert.ok(!JSON.stringify([failed, logged]).includes('hunter2'))
  isOpen = true
  assert.equal(queue.length, 1)
  pass(30_000)
  await run()
  const [sent] = await listMail(db)
  assert.deepEqual([sent?.state, sent?.attempts, sent?.lastError, sent?.wentTo], ['sent', 2, undefined, 'smtp'])
  assert.equal(received.length, 1)
  assert.match(received[0]!, new RegExp(`Message-ID: <${sent!.id}@aurelia\\.example>`))
})

test('an administrator may try a failed mail once more, and a sent one never goes twice', async (t) => {
  const { db, services, send, run, files } = await house(t, { smtpUrl: 'smtp://127.0.0.1:1' })
  await send()
  await run()
  const [failed] = await listMail(db)
  assert.equal(failed?.state, 'failed')
  delete (services.settings as { smtpUrl?: string }).smtpUrl
  await retryMail(services, failed!.id)
  await retryMail(services, failed!.id)
  await run()
  await run()
  assert.equal((await listMail(db))[0]?.state, 'sent')
  assert.equal((await files()).length, 1)
})

test('a notice whose matter is settled is read for everybody, and no other is', async (t) => {
  const { db, notices, send } = await house(t)
  await send({ key: 'release:1:1' })
  await send({ key: 'release:1:1', person: 'ben' })
  await send({ key: 'release:10:1' })
  await db.transaction().execute((tx) => notices.settle(tx, 'release:1'))
  assert.equal((await notices.unread('ben')).length, 0)
  assert.equal((await notices.unread('ada')).length, 1)
})
