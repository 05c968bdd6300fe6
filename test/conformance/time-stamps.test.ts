import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { createHttpWire } from '../../src/core/federation/index.ts'
import { readRoots, requestTimeStamp, TimeStampTrouble } from '../../src/core/time-stamps/index.ts'
import { ProtocolError, verifyTimeStamp } from '../../src/protocol/index.ts'
import { GoVerifier, withoutGo } from './dossiers/go-verifier.ts'

const folder = mkdtempSync(join(tmpdir(), 'chancery-tsa-'))
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
const skip = hasOpenssl() ? false : 'there is no openssl in PATH'
const kinds = ['rsa', 'ec'] as const
type Kind = (typeof kinds)[number]

/** One authority with a certificate of its own kind of key, under one root, as `openssl ts` runs it. */
function makeAuthority(kind: Kind): void {
  const key = kind === 'rsa' ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  const days = ['-days', '3650', '-nodes']
  openssl(
    'req',
    '-x509',
    ...key,
    ...days,
    '-subj',
    `/CN=Root ${kind}`,
    '-keyout',
    `${kind}-ca.key`,
    '-out',
    `${kind}-ca.pem`,
  )
  openssl(
    'req',
    ...key,
    '-nodes',
    '-subj',
    `/CN=Meridian Time ${kind}`,
    '-keyout',
    `${kind}.key`,
    '-out',
    `${kind}.csr`,
  )
  writeFileSync(join(folder, 'eku'), 'extendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\n')
  const by = ['-CA', `${kind}-ca.pem`, '-CAkey', `${kind}-ca.key`, '-CAcreateserial', '-days', '3650']
  openssl('x509', '-req', '-in', `${kind}.csr`, ...by, '-extfile', 'eku', '-out', `${kind}.pem`)
  writeFileSync(
    join(folder, `${kind}.cnf`),
    [
      '[tsa]',
      'default_tsa = it',
      '[it]',
      `serial = ${folder}/serial`,
      'default_policy = 1.3.6.1.4.1.99999.1',
      'digests = sha256',
      'accuracy = secs:1',
      'ordering = yes',
      'tsa_name = yes',
      'ess_cert_id_chain = no',
      'ess_cert_id_alg = sha256',
      'signer_digest = sha256',
    ].join('\n'),
  )
}

function reply(kind: Kind, query: Uint8Array): Buffer {
  writeFileSync(join(folder, 'query'), query)
  const signer = ['-signer', `${kind}.pem`, '-inkey', `${kind}.key`, '-chain', `${kind}-ca.pem`]
  openssl('ts', '-reply', '-config', `${kind}.cnf`, '-queryfile', 'query', ...signer, '-out', 'reply')
  return readFileSync(join(folder, 'reply'))
}

/** A real authority behind real HTTP. */
const server = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const kind = request.url?.slice(1) as Kind
  const isOther = request.url === '/other'
  const query = isOther ? readFileSync(join(folder, 'earlier')) : Buffer.concat(parts)
  const type = request.headers['content-type']
  if (type !== 'application/timestamp-query') return void response.writeHead(415).end()
  response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply(isOther ? 'rsa' : kind, query))
})
const wire = createHttpWire()
let address = ''

before(async () => {
  if (skip) return
  writeFileSync(join(folder, 'serial'), '01\n')
  for (const kind of kinds) makeAuthority(kind)
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

after(async () => {
  await wire.close()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const data = Buffer.from('a dossier, byte for byte')
const rootsOf = (kind: Kind) => readRoots(readFileSync(join(folder, `${kind}-ca.pem`)))

type Verdict = { verdict: 'stamped'; time: number; serial: string } | { verdict: 'refused'; rule: string }

function judge(token: Uint8Array, roots: readonly Uint8Array[], over: Uint8Array = data): Verdict {
  try {
    const { time, serial } = verifyTimeStamp(token, { data: over, roots })
    return { verdict: 'stamped', time, serial }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { verdict: 'refused', rule: error.rule }
  }
}

const prefixed = (bytes: Uint8Array) => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(bytes.length)
  return Buffer.concat([head, bytes])
}

for (const kind of kinds)
  test(`a time-stamp of an authority with an ${kind} key is verified offline by both verifiers and by openssl`, {
    skip,
  }, async () => {
    const token = await requestTimeStamp(wire, { url: `${address}/${kind}`, data })
    const roots = rootsOf(kind)
    const verdict = judge(token, roots)
    assert.ok(verdict.verdict === 'stamped' && Math.abs(verdict.time - Date.now()) < 60_000, JSON.stringify(verdict))
    writeFileSync(join(folder, 'data'), data)
    writeFileSync(join(folder, 'token'), token)
    assert.match(
      String(openssl('ts', '-verify', '-data', 'data', '-in', 'token', '-CAfile', `${kind}-ca.pem`)),
      /Verification: OK/,
    )
    assert.deepEqual(judge(token, roots, Buffer.from('other')), { verdict: 'refused', rule: 'time-stamp-data' })
    assert.deepEqual(judge(token, []), { verdict: 'refused', rule: 'time-stamp-authority' })
    assert.deepEqual(judge(token, rootsOf(kind === 'rsa' ? 'ec' : 'rsa')), {
      verdict: 'refused',
      rule: 'time-stamp-authority',
    })
  })

test('no bit of a time-stamp can be changed so that it says another time; both verifiers judge each change alike', {
  skip: skip || withoutGo(),
}, async () => {
  const tokens: Uint8Array[] = []
  for (const kind of kinds) tokens.push(await requestTimeStamp(wire, { url: `${address}/${kind}`, data }))
  const differences: string[] = []
  const go = new GoVerifier()
  try {
    for (const [at, kind] of kinds.entries()) {
      const token = tokens[at]!
      const roots = rootsOf(kind)
      const truth = judge(token, roots)
      const judgeBoth = async (file: Uint8Array, what: string) => {
        const frame = Buffer.concat([prefixed(file), prefixed(data), ...roots.map(prefixed)])
        const [ours, theirs] = [judge(file, roots), (await go.judge('t', frame)) as Verdict]
        if (theirs.verdict !== ours.verdict) differences.push(`${what}: ${JSON.stringify([ours, theirs])}`)
        // What is under no signature (the words of the answer) may differ; what it proves may not.
        if (ours.verdict === 'stamped' && !isDeepStrictEqual([ours, theirs], [truth, truth]))
          differences.push(`${what}: ${JSON.stringify([ours, theirs, truth])}`)
      }
      await judgeBoth(token, 'unchanged')
      for (let byte = 0; byte < token.length; byte += 1) {
        const changed = Uint8Array.from(token)
        changed[byte] = (changed[byte] as number) ^ (1 << (byte % 8))
        await judgeBoth(changed, `${kind}: bit ${byte % 8} of byte ${byte}`)
      }
      for (const end of [0, 1, 100, token.length - 1]) await judgeBoth(token.subarray(0, end), `cut at ${end}`)
      await judgeBoth(Buffer.concat([token, Buffer.from([0])]), 'a byte more')
    }
    assert.deepEqual(differences, [])
  } finally {
    await go.close()
  }
})

test('an answer to another question, and no answer, are told in words', { skip }, async () => {
  writeFileSync(join(folder, 'earlier'), readFileSync(join(folder, 'query')))
  await assert.rejects(requestTimeStamp(wire, { url: `${address}/other`, data }), TimeStampTrouble)
  await assert.rejects(requestTimeStamp(wire, { url: 'http://127.0.0.1:9/', data }), TimeStampTrouble)
})

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
