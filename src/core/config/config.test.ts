import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ConfigTrouble, createLogger, findFreePort, isPortFree, keepSettings, loadSettings } from './index.ts'

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

async function takePort(t: TestContext): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function withCode(code: string, said: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ConfigTrouble, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, said)
    return true
  }
}

test('a flag outweighs the environment, which outweighs the data folder', async (t) => {
  const dataDir = folderOf(t)
  keepSettings(dataDir, { holdMs: 1, submitWaitMs: 1, mailFrom: 'a@example.org' })
  const env = { CHANCERY_HOLD_MS: '2', CHANCERY_SUBMIT_WAIT_MS: '2' }
  const settings = await loadSettings({ flags: { dataDir, holdMs: '3' }, env })
  assert.equal(settings.holdMs, 3)
  assert.equal(settings.submitWaitMs, 2)
  assert.equal(settings.mailFrom, 'a@example.org')
  assert.equal(settings.maxUploadBytes, 104_857_600)
})

test('servers for rooms of talks are none unless the house names its own, and a wrong one is refused by name', async (t) => {
  const flags = { dataDir: folderOf(t) }
  const load = (iceServers: string) =>
    loadSettings({ flags, env: { CHANCERY_ICE_SERVERS: iceServers }, listens: false })
  assert.equal((await loadSettings({ flags, env: {}, listens: false })).iceServers, undefined)
  const own = [{ urls: ['turn:turn.example.org:3478', 'turns:turn.example.org'], username: 'u', credential: 'c' }]
  assert.deepEqual((await load(JSON.stringify(own))).iceServers, own)
  for (const [wrong, said] of [
    ['turn:turn.example.org', /CHANCERY_ICE_SERVERS is not usable: not a JSON list/],
    ['[{"urls":["https://turn.example.org"]}]', /not an address of a STUN or TURN server/],
    ['[{"urls":["turn:turn.example.org"]}]', /a TURN server needs username and credential/],
  ] as const)
    await assert.rejects(load(wrong), withCode('bad-setting', said))
})

test('a port found free is kept in the data folder and used again', async (t) => {
  const dataDir = folderOf(t)
  const taken = await takePort(t)
  const settings = await loadSettings({ flags: { dataDir }, env: {}, firstPort: taken })
  assert.ok(settings.port > taken)
  assert.equal(JSON.parse(readFileSync(join(dataDir, 'node.json'), 'utf8')).port, settings.port)
  assert.equal(settings.publicUrl, `http://localhost:${settings.port}`)
  assert.equal(settings.peerUrl, `http://127.0.0.1:${settings.port}`)
  assert.equal((await loadSettings({ flags: { dataDir }, env: {} })).port, settings.port)
})

test('a taken port that was asked for or kept is named in a sentence', async (t) => {
  const dataDir = folderOf(t)
  const port = await takePort(t)
  const said = new RegExp(`Port ${port} .* is taken`)
  await assert.rejects(loadSettings({ flags: { dataDir, port: String(port) }, env: {} }), withCode('port-taken', said))
  keepSettings(dataDir, { port })
  await assert.rejects(loadSettings({ flags: { dataDir }, env: {} }), withCode('port-taken', said))
  assert.equal((await loadSettings({ flags: { dataDir }, env: {}, listens: false })).port, port)
})

test('a search for a free port leaves out those promised to others', async (t) => {
  const port = await takePort(t)
  const first = await findFreePort(port, '127.0.0.1')
  const second = await findFreePort(port, '127.0.0.1', new Set([first]))
  assert.ok(second > first)
  assert.equal(await isPortFree(port, '127.0.0.1'), false)
})

test('a setting that cannot be used is named, but its value is not repeated', async (t) => {
  const dataDir = folderOf(t)
  const env = { DATABASE_URL: 'mysql://root:verysecret@localhost/x' }
  await assert.rejects(loadSettings({ flags: { dataDir }, env }), (error) => {
    withCode('bad-setting', /DATABASE_URL is not usable/)(error)
    assert.doesNotMatch(String(error), /verysecret/)
    return true
  })
  await assert.rejects(loadSettings({ flags: { dataDir, port: '70000' }, env: {} }), withCode('bad-setting', /--port/))
})

test('a data folder of another version or with broken settings is refused in one sentence', async (t) => {
  const dataDir = folderOf(t)
  const load = () => loadSettings({ flags: { dataDir }, env: {}, listens: false })
  writeFileSync(join(dataDir, 'node.json'), '{"format": 2}')
  await assert.rejects(load(), withCode('other-version', /format 2, this version reads 1/))
  writeFileSync(join(dataDir, 'node.json'), '{"format": 1, "prot": 7100}')
  await assert.rejects(load(), withCode('bad-setting', /no setting "prot"/))
  writeFileSync(join(dataDir, 'node.json'), '{"format"')
  await assert.rejects(load(), withCode('bad-setting', /cannot be read as JSON/))
})

test('a log line is one JSON object with the time of the given clock', () => {
  const lines: string[] = []
  const log = createLogger({
    write: (line) => lines.push(line),
    clock: { now: () => 0 },
    facts: { party: 'aurelia.example' },
  })
  log.info('node.started', { port: 7101, text: 'two\nlines' })
  assert.equal(lines.length, 1)
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    at: '1970-01-01T00:00:00.000Z',
    level: 'info',
    event: 'node.started',
    party: 'aurelia.example',
    port: 7101,
    text: 'two\nlines',
  })
})

test('keys, tokens, passwords and sign-in links never reach a log line', () => {
  const lines: string[] = []
  const log = createLogger({ write: (line) => lines.push(line) })
  const secret = 'S3cretS3cretS3cret'
  const circle: Record<string, unknown> = { token: secret }
  circle.self = circle
  log.error('fault', {
    privateKey: secret,
    key: secret,
    nested: [{ accessToken: secret, password: secret, headers: { Authorization: secret, cookie: secret } }],
    smtpUrl: secret,
    map: new Map([['recoveryCode', secret]]),
    url: `smtp://me:${secret}@mail.example.org`,
    header: `Bearer ${secret}`,
    link: `http://localhost:7101/sign-in/link/${secret}`,
    pkcs8: `MC4CAQAwBQYDK2VwBCIEI${secret}`,
    error: new Error(`postgres://me:${secret}@db/x failed`, { cause: { sessionToken: secret } }),
    bytes: new TextEncoder().encode(secret),
    circle,
    publicKey: 'shown',
  })
  assert.doesNotMatch(lines[0] ?? '', /S3cret/)
  assert.match(lines[0] ?? '', /"publicKey":"shown"/)
})
