import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { testDatabase } from '../../../test/support/postgres.ts'
import { Refusal } from '../http/refusal.ts'
import {
  addPerson,
  appoint,
  approveRecovery,
  askRecovery,
  type AuthContext,
  beginOneTimeCode,
  confirmOneTimeCode,
  covers,
  createPeople,
  endPerson,
  gives,
  issueSignInLink,
  listAudit,
  migrations,
  openOffice,
  presetPowers,
  roleIds,
  sessionIdleMs,
  sessionLifeMs,
  signInWithCode,
  useSignInLink,
  viewerOf,
} from './index.ts'

async function home(t: TestContext) {
  const { db } = await testDatabase(t, migrations)
  let now = Date.UTC(2026, 10, 20, 8)
  const log = { info() {}, warn() {}, error() {} }
  const context: AuthContext = {
    db,
    log,
    party: 'aurelia.example',
    settings: { publicUrl: 'https://chancery.aurelia.example' },
    clock: { now: () => now },
  }
  await db.transaction().execute(async (tx) => {
    await openOffice(context, tx, { id: 'cyber-desk', name: { en: 'Cyber desk' }, by: 'set-up' })
    for (const name of ['Ada', 'Ben', 'Cleo']) {
      await addPerson(context, tx, { id: name.toLowerCase(), name, language: 'en', zone: 'Etc/UTC', by: 'set-up' })
    }
    await appoint(context, tx, { person: 'ada', office: 'cyber-desk', role: 'administrator', by: 'set-up' })
    await appoint(context, tx, { person: 'ben', office: 'cyber-desk', role: 'administrator', by: 'set-up' })
    await appoint(context, tx, { person: 'cleo', office: 'cyber-desk', role: 'drafter', by: 'set-up' })
  })
  const pass = (ms: number) => {
    now += ms
  }
  const link = (person: string) =>
    db.transaction().execute(async (tx) => {
      const issued = await issueSignInLink(context, tx, { person, purpose: 'first', by: 'ada' })
      return issued!.url.split('/').at(-1)!
    })
  const enrol = async (person: string) => {
    const { secret } = await beginOneTimeCode(context, { id: person, name: person })
    const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now })
    await confirmOneTimeCode(context, person, code())
    pass(30_000)
    return code
  }
  return { context, db, pass, link, enrol, now: () => now }
}

function carrying(cookie: string): Request {
  return new Request('https://chancery.aurelia.example/', { headers: { cookie: cookie.split(';')[0]! } })
}

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

test('a link signs its person in once; the second use is refused like one that never existed', async (t) => {
  const { context, link } = await home(t)
  const token = await link('cleo')
  const { person, cookie } = await useSignInLink(context, token)
  assert.equal(person, 'cleo')
  assert.match(cookie, /^chancery-aurelia\.example=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure$/)
  assert.equal((await viewerOf(context, carrying(cookie)))?.person.name, 'Cleo')
  await assert.rejects(useSignInLink(context, token), refused('link-spent'))
  await assert.rejects(useSignInLink(context, 'never-issued'), refused('link-spent'))
})

test('two clicks on one link at once open one session', async (t) => {
  const { context, db, link } = await home(t)
  const token = await link('cleo')
  const clicks = await Promise.allSettled([useSignInLink(context, token), useSignInLink(context, token)])
  assert.deepEqual(clicks.map((click) => click.status).sort(), ['fulfilled', 'rejected'])
  assert.equal((await db.selectFrom('home.session').select('id').execute()).length, 1)
})

test('a link left lying for three days, or replaced by a newer one, is void', async (t) => {
  const { context, link, pass } = await home(t)
  const [replaced, late] = [await link('cleo'), await link('cleo')]
  await assert.rejects(useSignInLink(context, replaced), refused('link-spent'))
  pass(72 * 3_600_000)
  await assert.rejects(useSignInLink(context, late), refused('link-spent'))
})

test('neither cookie nor link can be read back from the database', async (t) => {
  const { context, db, link } = await home(t)
  const token = await link('cleo')
  const { cookie } = await useSignInLink(context, token)
  const secret = cookie.split(';')[0]!.split('=')[1]!
  const rows = [
    ...(await db.selectFrom('home.session').selectAll().execute()),
    ...(await db.selectFrom('home.sign_in_link').selectAll().execute()),
    ...(await db.selectFrom('home.audit').selectAll().execute()),
  ]
  const stored = JSON.stringify(rows) + rows.map((row) => Object.values(row).map(String).join()).join()
  assert.ok(!stored.includes(token) && !stored.includes(secret))
})

test('a session ends after idle time and after its life, whatever happens', async (t) => {
  const { context, link, pass } = await home(t)
  const idle = (await useSignInLink(context, await link('cleo'))).cookie
  pass(sessionIdleMs - 1)
  assert.ok(await viewerOf(context, carrying(idle)))
  pass(sessionIdleMs)
  assert.equal(await viewerOf(context, carrying(idle)), undefined)
  const busy = (await useSignInLink(context, await link('cleo'))).cookie
  for (let passed = 0; passed < sessionLifeMs; passed += 3_600_000) {
    assert.ok(await viewerOf(context, carrying(busy)), `after ${passed} ms`)
    pass(3_600_000)
  }
  assert.equal(await viewerOf(context, carrying(busy)), undefined)
})

test('while the database only reads, whoever is signed in stays so and can read', async (t) => {
  const { context, db, link, pass } = await home(t)
  const { cookie } = await useSignInLink(context, await link('cleo'))
  pass(600_000)
  await db.connection().execute(async (reading) => {
    await sql`set default_transaction_read_only = on`.execute(reading)
    assert.equal((await viewerOf({ ...context, db: reading }, carrying(cookie)))?.person.id, 'cleo')
    await sql`reset default_transaction_read_only`.execute(reading)
  })
})

test('a code signs in by name in any case, and never twice', async (t) => {
  const { context, enrol } = await home(t)
  const code = await enrol('cleo')
  assert.equal((await signInWithCode(context, { name: ' CLEO ', code: code() })).person, 'cleo')
  await assert.rejects(signInWithCode(context, { name: 'Cleo', code: code() }), refused('sign-in-failed'))
})

test('the code that proved the secret does not sign in', async (t) => {
  const { context, now } = await home(t)
  const { secret } = await beginOneTimeCode(context, { id: 'cleo', name: 'Cleo' })
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now() })
  await assert.rejects(signInWithCode(context, { name: 'Cleo', code }), refused('sign-in-failed'))
  await confirmOneTimeCode(context, 'cleo', code)
  await assert.rejects(signInWithCode(context, { name: 'Cleo', code }), refused('sign-in-failed'))
})

test('the same code sent twice at once opens one session', async (t) => {
  const { context, db, enrol } = await home(t)
  const code = await enrol('cleo')
  const attempt = { name: 'cleo', code: code() }
  const tries = await Promise.allSettled([signInWithCode(context, attempt), signInWithCode(context, attempt)])
  assert.deepEqual(tries.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
  assert.equal((await db.selectFrom('home.session').select('id').execute()).length, 1)
})

test('unknown names get the same answers as known ones, also when they try too often', async (t) => {
  const { context, enrol } = await home(t)
  await enrol('cleo')
  const answers = async (name: string) => {
    const codes: string[] = []
    for (let attempt = 0; attempt < 8; attempt++) {
      codes.push(
        await signInWithCode(context, { name, code: '000000' }).then(
          () => 'in',
          (error: Refusal) => error.code,
        ),
      )
    }
    return codes
  }
  const known = await answers('cleo')
  assert.deepEqual(known, await answers('nobody'))
  assert.deepEqual(known, [...Array(6).fill('sign-in-failed'), 'sign-in-slow', 'sign-in-slow'])
})

test('after too many attempts even the right code waits for the next quarter of an hour', async (t) => {
  const { context, enrol, pass } = await home(t)
  const code = await enrol('cleo')
  for (let attempt = 0; attempt < 6; attempt++) {
    await assert.rejects(signInWithCode(context, { name: 'cleo', code: 'abcdef' }), refused('sign-in-failed'))
  }
  await assert.rejects(signInWithCode(context, { name: 'cleo', code: code() }), refused('sign-in-slow'))
  pass(15 * 60_000)
  assert.equal((await signInWithCode(context, { name: 'cleo', code: code() })).person, 'cleo')
})

test('recovery needs two administrators and voids what was lost', async (t) => {
  const { context, db, enrol, pass } = await home(t)
  const code = await enrol('cleo')
  const old = (await signInWithCode(context, { name: 'cleo', code: code() })).cookie
  await askRecovery(context, { id: 'r1', person: 'cleo', reason: 'Key lost on a train', by: 'ada' })
  await askRecovery(context, { id: 'r1', person: 'cleo', reason: 'Key lost on a train', by: 'ada' })
  await assert.rejects(approveRecovery(context, { id: 'r1', by: 'ada' }), refused('recovery-same-person'))
  await assert.rejects(approveRecovery(context, { id: 'r1', by: 'cleo' }), refused('recovery-own'))
  const { link } = await approveRecovery(context, { id: 'r1', by: 'ben' })
  await assert.rejects(approveRecovery(context, { id: 'r1', by: 'ben' }), refused('recovery-decided'))
  await useSignInLink(context, link.url.split('/').at(-1)!)
  pass(30_000)
  assert.equal(await viewerOf(context, carrying(old)), undefined)
  await assert.rejects(signInWithCode(context, { name: 'cleo', code: code() }), refused('sign-in-failed'))
  const row = await db.selectFrom('home.recovery').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([row.reason, row.asked_by, row.approved_by], ['Key lost on a train', 'ada', 'ben'])
})

test('an administrator cannot ask for their own recovery', async (t) => {
  const { context } = await home(t)
  await assert.rejects(
    askRecovery(context, { id: 'r', person: 'ada', reason: 'lost', by: 'ada' }),
    refused('recovery-own'),
  )
})

test('who left is signed out at once, and the last administrator cannot leave', async (t) => {
  const { context, link } = await home(t)
  const { cookie } = await useSignInLink(context, await link('cleo'))
  const unused = await link('ben')
  await endPerson(context, { id: 'cleo', by: 'ada' })
  await endPerson(context, { id: 'ben', by: 'ada' })
  assert.equal(await viewerOf(context, carrying(cookie)), undefined)
  await assert.rejects(useSignInLink(context, unused), refused('link-spent'))
  await assert.rejects(endPerson(context, { id: 'ada', by: 'ada' }), refused('last-administrator'))
  assert.deepEqual(
    (await createPeople(context).list()).map((person) => person.id),
    ['ada'],
  )
})

test('an ad interim appointment gives its powers from its first day to its last', async (t) => {
  const { context, db, link, pass, now } = await home(t)
  const day = 86_400_000
  await db.transaction().execute((tx) =>
    appoint(context, tx, {
      person: 'cleo',
      office: 'cyber-desk',
      role: 'releaser',
      fromAt: now() + day,
      untilAt: now() + 2 * day,
      acting: true,
      by: 'ada',
    }),
  )
  const mayRelease = async () => {
    const { cookie } = await useSignInLink(context, await link('cleo'))
    return (await viewerOf(context, carrying(cookie)))!.may('channels.note-sent:release')
  }
  assert.equal(await mayRelease(), false)
  assert.deepEqual(await createPeople(context).holding('channels.note-sent:release'), [])
  pass(day)
  assert.equal(await mayRelease(), true)
  assert.deepEqual(await createPeople(context).holding('channels.note-sent:release'), ['cleo'])
  pass(day)
  assert.equal(await mayRelease(), false)
})

test('the record of who did what cannot be changed', async (t) => {
  const { context, db, link } = await home(t)
  await useSignInLink(context, await link('cleo'))
  const [newest] = await listAudit(db)
  assert.deepEqual([newest?.what, newest?.person, newest?.facts], ['signed-in', 'cleo', { method: 'link' }])
  await assert.rejects(db.updateTable('home.audit').set({ what: 'nothing' }).execute(), /append-only/)
  await assert.rejects(db.deleteFrom('home.audit').execute(), /append-only/)
})

test('a pattern covers exactly what begins with it', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 8 })
  fc.assert(
    fc.property(word, word, (pattern, subject) => {
      assert.equal(covers(pattern, subject), pattern === subject)
      assert.equal(covers(`${pattern}*`, subject), subject.startsWith(pattern))
      assert.ok(covers('*', subject))
    }),
  )
})

test('administrators release nothing; everybody reads', () => {
  const lines = presetPowers('desk')
  for (const role of roleIds) {
    assert.ok(
      gives(
        lines.filter((line) => line.role === role),
        'channels.note-sent:read',
      ),
      role,
    )
  }
  const administrator = lines.filter((line) => line.role === 'administrator')
  assert.ok(gives(administrator, 'people:manage'))
  for (const verb of ['draft', 'release', 'send'] as const)
    assert.ok(!gives(administrator, `channels.note-sent:${verb}`))
})
