import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { foundIdentity, keyFileSecret, loadIdentity, passphrase, readSecret } from './index.ts'

const cost = 1024
const clock = { now: () => Date.UTC(2027, 4, 4) }

async function found(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-protection-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const { identity } = await foundIdentity({ dataDir, party: 'aurelia.example', names: { en: 'Aurelia' }, clock })
  return { dataDir, identity, ring: join(dataDir, 'keys', 'ring.json') }
}

test('protected keys open with their passphrase and say in one sentence what is wrong with another', async (t) => {
  const { dataDir, identity, ring } = await found(t)
  const privateKeys = identity.ring.content().signing.map(({ privateKey }) => privateKey)
  await identity.ring.protect(passphrase('four words of summer'), cost)
  const kept = readdirSync(join(dataDir, 'keys')).map((file) => readFileSync(join(dataDir, 'keys', file), 'utf8'))
  for (const key of privateKeys) assert.ok(!kept.join('').includes(key), 'no private key lies in the clear')
  assert.equal(statSync(ring).mode & 0o777, 0o600)
  await assert.rejects(
    loadIdentity(dataDir),
    /protected by a passphrase: type it at the terminal, or give it with --passphrase-file/,
  )
  await assert.rejects(
    loadIdentity(dataDir, () => passphrase('four words of winter')),
    (error: Error) => error.message === 'The passphrase does not open the keys of this node. Nothing was changed.',
  )
  const again = await loadIdentity(dataDir, () => passphrase('four words of summer'))
  assert.equal(again.keys.act.kid, identity.keys.act.kid)
  assert.equal(again.keys.sealing.x25519, identity.keys.sealing.x25519)
  // Accents typed on another keyboard are the same passphrase.
  await again.ring.protect(passphrase('été'.normalize('NFD')), cost)
  await loadIdentity(dataDir, () => passphrase('été'.normalize('NFC')))
  assert.equal(await again.ring.opensWith(passphrase('été')), true)
  assert.equal(await again.ring.opensWith(passphrase('ete')), false)
})

test('a key file opens what it protects; one that is too short is refused', async (t) => {
  const { dataDir, identity } = await found(t)
  const file = join(dataDir, 'key.bin')
  writeFileSync(file, Buffer.alloc(48, 5))
  await identity.ring.protect(keyFileSecret(file), cost)
  await loadIdentity(dataDir, () => readSecret({ keyFile: file }, {}))
  await assert.rejects(
    loadIdentity(dataDir, () => passphrase('a passphrase')),
    /by a key file, not by a passphrase/,
  )
  writeFileSync(file, 'short')
  assert.throws(() => keyFileSecret(file), /no key file/)
})

test('the passphrase comes from a file, a descriptor or a systemd credential', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-credentials-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'chancery-passphrase')
  writeFileSync(file, 'four words of summer\nsecond line\n')
  const expected = passphrase('four words of summer')
  assert.deepEqual(readSecret({ passphraseFile: file }, {}), expected)
  assert.deepEqual(readSecret({}, { CREDENTIALS_DIRECTORY: folder }), expected)
  assert.equal(readSecret({}, {}), undefined)
  assert.throws(() => readSecret({ passphraseFile: join(folder, 'none') }, {}), /cannot be read \(ENOENT\)/)
})

test('a changed byte anywhere in the protected file is noticed, and nothing of it is believed', async (t) => {
  const { dataDir, identity, ring } = await found(t)
  await identity.ring.protect(passphrase('four words of summer'), cost)
  const text = readFileSync(ring, 'utf8')
  const file = JSON.parse(text) as { header: Record<string, unknown>; sealed: string }
  const { header, sealed } = file
  const flip = (base64: string) => base64.replace(/^./, base64.startsWith('A') ? 'B' : 'A')
  const changed = [
    { header, sealed: flip(sealed) },
    { header: { ...header, nonce: flip(String(header.nonce)) }, sealed },
    { header: { ...header, kdf: { ...(header.kdf as object), n: 2048 } }, sealed },
    { header: { ...header, kdf: { ...(header.kdf as object), n: 2 ** 30 } }, sealed },
    { header: { ...header, protection: 'none' }, sealed },
  ]
  for (const one of changed) {
    writeFileSync(ring, JSON.stringify(one))
    await assert.rejects(
      loadIdentity(dataDir, () => passphrase('four words of summer')),
      JSON.stringify(one.header),
    )
  }
})

const changer = `
import { loadIdentity, passphrase } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
const [dataDir] = process.argv.slice(1)
const { ring } = await loadIdentity(dataDir, () => passphrase('before'))
process.stdout.write('go\\n')
for (let round = 0; ; round += 1) await ring.protect(passphrase(round % 2 ? 'before' : 'after'), 1024)
`

test('killed while the passphrase is changed, the keys open with the old one or the new one', async (t) => {
  const { dataDir, identity } = await found(t)
  const { kid } = identity.keys.act
  for (let round = 0; round < 4; round += 1) {
    await (await openEither(dataDir)).ring.protect(passphrase('before'), cost)
    const args = ['--import', './tools/tsx-hook.ts', '--input-type=module', '-e', changer, dataDir]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 20 + round * 37))
    child.kill('SIGKILL')
    await once(child, 'exit')
    rmSync(join(dataDir, 'keys', 'ring.lock'), { force: true })
    assert.equal((await openEither(dataDir)).keys.act.kid, kid)
    assert.deepEqual(readdirSync(join(dataDir, 'keys')).sort(), ['party.json', 'ring.json'])
  }
})

function openEither(dataDir: string) {
  return loadIdentity(dataDir, () => passphrase('before')).catch(() => loadIdentity(dataDir, () => passphrase('after')))
}

test('a lock that a killed process left keeps nobody from its keys, one that is held does', async (t) => {
  const { dataDir } = await found(t)
  const lock = join(dataDir, 'keys', 'ring.lock')
  writeFileSync(lock, `${hostname()} ${spawnSync('true').pid}`)
  const startedAt = performance.now()
  await loadIdentity(dataDir)
  assert.ok(performance.now() - startedAt < 5_000, 'it waited for a process that has ended')
  writeFileSync(lock, `${hostname()} ${process.pid}`)
  let isOpen = false
  const opening = loadIdentity(dataDir).then(() => {
    isOpen = true
  })
  // Another folder is founded and opened meanwhile.
  await found(t)
  assert.equal(isOpen, false)
  rmSync(lock)
  await opening
})
