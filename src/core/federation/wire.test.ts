import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { createHttpWire, readNodeUrl, type WireRequest } from './wire.ts'

async function serve(t: TestContext, listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const wire = createHttpWire()
  t.after(async () => {
    await wire.close()
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = (more: Partial<WireRequest> = {}) =>
    wire.send({
      method: 'GET',
      url,
      headers: {},
      body: new Uint8Array(),
      timeoutMs: 30_000,
      maxBytes: 1_000,
      ...more,
    })
  return { server, ask, url }
}

test('a body arrives as it was sent, and the answer as it was given', async (t) => {
  const { ask } = await serve(t, (request, response) => {
    request.pipe(response.setHeader('chancery-time', '7'))
  })
  const answer = await ask({ method: 'POST', body: Buffer.from('aé') })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['chancery-time'], '7')
  assert.equal(Buffer.from(answer.body).toString(), 'aé')
})

test('a peer that says nothing is given up after the time allowed', async (t) => {
  const { ask } = await serve(t, () => undefined)
  await assert.rejects(ask({ timeoutMs: 50 }), { fault: 'timeout' })
})

test('a peer that stops in the middle of its answer is given up', async (t) => {
  const { ask } = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    setTimeout(() => response.destroy(), 10)
  })
  await assert.rejects(ask(), { fault: 'unreachable' })
})

test('an endless answer is cut off', async (t) => {
  const { ask } = await serve(t, (_, response) => {
    const more = () => {
      if (!response.destroyed) response.write(Buffer.alloc(500), () => setImmediate(more))
    }
    more()
  })
  await assert.rejects(ask(), { fault: 'too-large' })
})

test('a redirect is an answer, not an order', async (t) => {
  let visits = 0
  const { ask, url } = await serve(t, (_, response) => {
    visits += 1
    response.writeHead(302, { location: `${url}/elsewhere` }).end()
  })
  assert.equal((await ask()).status, 302)
  assert.equal(visits, 1)
})

test('connections are kept open between requests', async (t) => {
  const { ask, server } = await serve(t, (_, response) => void response.end('ok'))
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  for (let turn = 0; turn < 5; turn += 1) await ask()
  assert.equal(connections, 1)
})

test('a request under way ends when the node stops', async (t) => {
  const { ask } = await serve(t, () => undefined)
  const stopping = new AbortController()
  const answer = ask({ signal: stopping.signal })
  stopping.abort()
  await assert.rejects(answer, { fault: 'aborted' })
  await assert.rejects(ask({ signal: stopping.signal }), { fault: 'aborted' })
})

test('nobody listening is said at once', async () => {
  const wire = createHttpWire()
  await assert.rejects(
    wire.send({
      method: 'GET',
      url: 'http://127.0.0.1:1/',
      headers: {},
      body: new Uint8Array(),
      timeoutMs: 30_000,
      maxBytes: 10,
    }),
    { fault: 'unreachable' },
  )
  await wire.close()
})

test('only plain web addresses are node addresses', () => {
  assert.equal(readNodeUrl('https://Node.Aurelia.example/'), 'https://node.aurelia.example')
  assert.equal(readNodeUrl('http://127.0.0.1:7101'), 'http://127.0.0.1:7101')
  for (const bad of [
    'file:///etc/passwd',
    'ftp://a.example',
    'javascript:alert(1)',
    'http://user:pw@a.example',
    'http://a.example/?x=1',
    'http://a.example/#x',
    'aurelia.example',
    '',
    `http://${'a'.repeat(400)}.example`,
  ])
    assert.throws(() => readNodeUrl(bad), { fault: 'bad-url' }, bad)
})
