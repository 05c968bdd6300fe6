import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateEd25519, signingKey } from '../../protocol/index.ts'
import {
  contentDigest,
  readSignature,
  requireDigest,
  SignatureError,
  signatureBase,
  signRequest,
  verifyRequest,
} from './signature.ts'

const now = Date.UTC(2026, 10, 22, 5)
const body = Buffer.from('{"hello": "world"}')
const { privateKey, publicKey } = generateEd25519()
const key = signingKey(privateKey)
const request = { method: 'POST', url: 'http://127.0.0.1:7101/fed/v1/hints?a=1', body }
const findKey = async (keyid: string) => (keyid === key.kid ? publicKey : undefined)

// RFC 9421 appendix B.1.4 and B.2.6.
const rfcKey = 'MC4CAQAwBQYDK2VwBCIEIJ-DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF'
const rfcMessage = {
  method: 'POST',
  url: 'https://example.com/foo?param=Value&Pet=dog',
  headers: { date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json', 'content-length': '18' },
}
const rfcParameters = {
  components: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
  created: 1618884473,
  keyid: 'test-key-ed25519',
}

test('the Ed25519 example of RFC 9421 B.2.6 is reproduced byte by byte', () => {
  const base = signatureBase(rfcMessage, rfcParameters)
  assert.equal(
    base,
    [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")' +
        ';created=1618884473;keyid="test-key-ed25519"',
    ].join('\n'),
  )
  const signature = Buffer.from(signingKey(rfcKey).sign(Buffer.from(base))).toString('base64')
  assert.equal(signature, 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==')
})

test('the digest example of RFC 9530 for a small JSON body is reproduced', () => {
  assert.equal(contentDigest(body), 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:')
})

test('a signed request names its key, also at the edges of the window', async () => {
  const headers = signRequest(request, key, now)
  for (const skew of [0, 299_000, -299_000]) {
    assert.equal(await verifyRequest({ ...request, headers }, now + skew, findKey), key.kid)
  }
})

const changed: [string, Parameters<typeof verifyRequest>[0], SignatureError['fault']][] = (() => {
  const headers = signRequest(request, key, now)
  return [
    ['another method', { ...request, headers, method: 'PUT' }, 'signature'],
    ['another host', { ...request, headers, url: 'http://127.0.0.1:7102/fed/v1/hints?a=1' }, 'signature'],
    ['another path', { ...request, headers, url: 'http://127.0.0.1:7101/fed/v1/hint?a=1' }, 'signature'],
    ['another query', { ...request, headers, url: 'http://127.0.0.1:7101/fed/v1/hints?a=2' }, 'signature'],
    [
      'another digest',
      {
        ...request,
        headers: { ...headers, 'content-digest': contentDigest(Buffer.from('{}')) },
      },
      'signature',
    ],
    ['no signature', { ...request, headers: { 'content-digest': headers['content-digest']! } }, 'unsigned'],
    [
      'another key id',
      {
        ...request,
        headers: { ...headers, 'signature-input': headers['signature-input']!.replace(key.kid, 'nobody') },
      },
      'unknown-key',
    ],
    [
      'a component left out',
      {
        ...request,
        headers: { ...headers, 'signature-input': headers['signature-input']!.replace(' "@query"', '') },
      },
      'coverage',
    ],
    ['two labels', { ...request, headers: { ...headers, signature: `other${headers.signature!}` } }, 'malformed'],
    [
      'an unknown parameter',
      {
        ...request,
        headers: { ...headers, 'signature-input': `${headers['signature-input']};expires=1` },
      },
      'malformed',
    ],
  ]
})()

for (const [name, message, fault] of changed) {
  test(`a request with ${name} is not believed`, async () => {
    await assert.rejects(
      verifyRequest(message, now, findKey),
      (error) => error instanceof SignatureError && error.fault === fault,
    )
  })
}

test('another body than the signed one is not believed', () => {
  const headers = signRequest(request, key, now)
  requireDigest(headers, body)
  assert.throws(() => requireDigest(headers, Buffer.from('{}')), { fault: 'digest' })
})

test('a request signed ten minutes ago or ahead is not believed', async () => {
  for (const skew of [600_000, -600_000]) {
    const headers = signRequest(request, key, now + skew)
    await assert.rejects(verifyRequest({ ...request, headers }, now, findKey), { fault: 'clock' })
  }
})

test('very long signature headers are refused before they are parsed', () => {
  const input = `chancery=(${'"a" '.repeat(500)});created=1;keyid="k"`
  assert.throws(() => readSignature({ 'signature-input': input, signature: 'chancery=::' }), { fault: 'malformed' })
})
