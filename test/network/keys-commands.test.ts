import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { findFreePort } from '../../src/core/config/index.ts'
import { loadIdentity, passphrase as secretOf } from '../../src/core/identity/index.ts'
import { removeEmbeddedPostgres } from '../../src/core/storage/index.ts'
import { firstPort } from '../support/first-port.ts'
import { resolveForeign } from '../support/foreign-did.ts'

const program = resolve(import.meta.dirname, '../../dist/chancery.js')
const word = 'seven calm herons wade'

interface Ran {
  code: number | null
  out: string
  err: string
}

function run(dataDir: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [program, ...args, '--data-dir', dataDir], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const text = { out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      text.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      text.err += chunk
    })
    child.once('exit', (code) => done({ code, ...text }))
  })
}

/** At a terminal, with this typed once the question stands there. */
function runAtTerminal(dataDir: string, args: string[], typed: string): Promise<Ran> {
  const command = [process.execPath, program, ...args, '--data-dir', dataDir].map((one) => `'${one}'`).join(' ')
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] })
  return new Promise((done) => {
    let out = ''
    let isTyped = false
    child.stdout.on('data', (chunk) => {
      out += chunk
      if (!isTyped && out.includes('Passphrase of the keys:')) {
        isTyped = true
        child.stdin.write(`${typed}\r`)
      }
    })
    child.once('exit', (code) => done({ code, out, err: '' }))
  })
}

async function serve(dataDir: string, port: number, env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, 'start', '--quiet', '--data-dir', dataDir, '--port', String(port)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready())
    child.once('exit', (code) => failed(new Error(`the node ended with ${code}`)))
  })
  return child
}

const party = {
  party: 'cyber.aurelia.example',
  names: { en: 'Aurelia' },
  holders: ['Registrar', 'Head of the Cabinet'],
  offices: [{ id: 'administration', names: { en: 'Administration' } }],
  people: ['Ada Lund', 'Bo Marin'].map((name) => ({
    name,
    role: 'administrator',
    office: 'administration',
    language: 'en',
    zone: 'Etc/UTC',
  })),
}

test('every command about keys does what it says beside a node that runs, under a passphrase from init on', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-keys-'))
  let child: ChildProcess | undefined
  t.after(async () => {
    if (child && child.exitCode === null) {
      const ended = new Promise((done) => child?.once('exit', done))
      child.kill('SIGTERM')
      await ended
    }
    await removeEmbeddedPostgres(dataDir)
    rmSync(dataDir, { recursive: true, force: true })
  })
  const file = (name: string, text: string) => {
    const path = join(dataDir, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const passphrase = file('passphrase.txt', `${word}\n`)
  const partyFile = file('party.json', JSON.stringify(party))
  const port = String(await findFreePort(firstPort(), '127.0.0.1'))

  const short = file('short.txt', 'short\n')
  const refused = await run(dataDir, ['init', '--party-file', partyFile, '--new-passphrase-file', short])
  assert.deepEqual([refused.code, /at least 12 characters/.test(refused.err)], [2, true])
  const founded = await run(dataDir, [
    ...['init', '--party-file', partyFile, '--new-passphrase-file', passphrase],
    ...['--port', port],
  ])
  assert.equal(founded.code, 0, founded.err)
  assert.match(founded.out, /The keys are protected: .* nobody can restore it/)
  const ring = () => readFileSync(join(dataDir, 'keys', 'ring.json'), 'utf8')
  assert.doesNotMatch(ring(), /privateKey/)
  assert.equal(JSON.parse(ring()).header.kdf.n, 2 ** 17)
  // What one guess costs was seen: the thirty commands that follow open a ring that costs less.
  const opened = await loadIdentity(dataDir, () => secretOf(word))
  await opened.ring.protect(secretOf(word), 1024)

  // Without it nothing opens, and it is said where it is looked for.
  const locked = await run(dataDir, ['keys', 'list'])
  assert.equal(locked.code, 1)
  assert.match(locked.err, /protected by a passphrase: type it at the terminal, or give it with --passphrase-file/)
  const wrong = await run(dataDir, ['keys', 'list', '--passphrase-file', short])
  assert.match(wrong.err, /does not open the keys/)

  const credentials = join(dataDir, 'credentials')
  mkdirSync(credentials)
  writeFileSync(join(credentials, 'chancery-passphrase'), word)
  child = await serve(dataDir, Number(port), { CREDENTIALS_DIRECTORY: credentials })
  const url = `http://127.0.0.1:${port}`

  const keys = async (...args: string[]) => {
    const ran = await run(dataDir, ['keys', ...args, '--passphrase-file', passphrase])
    assert.equal(ran.code, 0, `keys ${args.join(' ')}: ${ran.err}${ran.out}`)
    return ran.out
  }
  const list = async (): Promise<{
    protection: string
    keys: { use: string; state: string; fingerprint: string }[]
    events: { kind: string; reason?: string }[]
    recoveryKeys: number
    request: { id: string } | null
  }> => JSON.parse(await keys('list', '--json'))
  const current = ({ keys: listed }: Awaited<ReturnType<typeof list>>) =>
    Object.fromEntries(
      listed.flatMap(({ use, state, fingerprint }) => (state === 'current' ? [[use, fingerprint]] : [])),
    )

  assert.match(await keys('list'), /^The keys are protected by a passphrase\.\nact\s+current\s+[\w-]{43}/)
  const hasScript = spawnSync('script', ['--version']).status === 0
  if (hasScript) {
    const asked = await runAtTerminal(dataDir, ['keys', 'list'], word)
    assert.equal(asked.code, 0, asked.out)
    assert.match(asked.out, /The keys are protected by a passphrase\./)
    assert.equal(asked.out.includes(word), false, 'what is typed is not shown')
    assert.match(
      (await runAtTerminal(dataDir, ['keys', 'list'], 'another word entirely')).out,
      /does not open the keys/,
    )
  } else t.diagnostic('no script(1) here: the question at a terminal was not tried')

  const before = current(await list())
  assert.match(await keys('rotate', '--with', 'node,cosigner,sealing'), /The act key was replaced\./)
  assert.match(await keys('rotate-host'), /The host key was replaced\./)
  const after = current(await list())
  for (const use of ['act', 'node', 'cosigner', 'sealing', 'host']) assert.notEqual(after[use], before[use], use)

  const idOf = (text: string) => /keys agree ([0-9a-f]{32})/.exec(text)?.[1] ?? assert.fail(text)
  const unnamed = await run(dataDir, [
    ...['keys', 'revoke', '--reason', 'theft', '--by', 'Nobody', '--passphrase-file', passphrase],
  ])
  assert.deepEqual([unnamed.code, /--by names an administrator: Ada Lund, Bo Marin/.test(unnamed.err)], [2, true])
  const revocation = idOf(await keys('revoke', '--reason', 'theft', '--by', 'Ada Lund'))
  assert.match(await keys('list'), new RegExp(`Waits: revoke, asked by Ada Lund: chancery keys agree ${revocation}`))
  const alone = await run(dataDir, [
    ...['keys', 'agree', revocation, '--by', 'Ada Lund', '--passphrase-file', passphrase],
  ])
  assert.deepEqual([alone.code, /second administrator must agree/.test(alone.err)], [1, true])
  assert.match(await keys('agree', revocation, '--by', 'Bo Marin'), /the key is revoked from here on/)
  const turnedDown = idOf(await keys('recover', '--reason', 'loss', '--by', 'Bo Marin'))
  assert.match(await keys('refuse', turnedDown, '--by', 'Ada Lund'), /turned down/)

  const sheets = readFileSync(join(dataDir, 'recovery-sheets.txt'), 'utf8').split('\n\n')
  const sheet = file('sheet.txt', sheets[0] ?? '')
  const recovery = idOf(await keys('recover', '--reason', 'loss', '--with', 'node', '--by', 'Ada Lund'))
  assert.match(await keys('agree', recovery, '--by', 'Bo Marin'), /types a sheet: chancery keys carry-out/)
  assert.match(
    await keys('carry-out', recovery, '--by', 'Bo Marin', '--sheet-file', sheet),
    /every act key so far has ended/,
  )
  const listed = await list()
  const { events, recoveryKeys, request } = listed
  assert.deepEqual(
    [events.map(({ kind }) => kind), recoveryKeys, request],
    [['rotated', 'revoked', 'rotated', 'recovered', 'rotated'], 1, null],
  )

  // The running node serves what the commands changed.
  const didFile = join(dataDir, 'did.jsonl')
  assert.match(
    await keys('did', '--out', didFile),
    /belongs at https:\/\/cyber\.aurelia\.example\/\.well-known\/did\.jsonl/,
  )
  const served = await fetch(`${url}/.well-known/did.jsonl`)
  assert.equal(served.headers.get('content-type'), 'text/jsonl; charset=utf-8')
  const text = await served.text()
  assert.equal(text, readFileSync(didFile, 'utf8'))
  const { did, doc } = await resolveForeign(text)
  assert.match(did, /:cyber\.aurelia\.example$/)
  assert.deepEqual(doc?.assertionMethod, [`${did}#${current(listed).act}`])

  const keyFile = file('key.bin', 'k'.repeat(32))
  assert.match(await keys('protect', '--new-key-file', keyFile), /protected by a key file from now on/)
  const byFile = await run(dataDir, ['keys', 'list', '--key-file', keyFile])
  assert.match(byFile.out, /^The keys are protected by a key file\./)
  const open = await run(dataDir, ['keys', 'protect', '--none', '--key-file', keyFile])
  assert.match(open.out, /lie in the clear from now on/)
  assert.match(ring(), /privateKey/)
  assert.match((await run(dataDir, ['keys', 'list'])).out, /protected by nothing: they lie in the clear/)
  assert.equal((await run(dataDir, ['keys', 'frobnicate'])).code, 2)
})
