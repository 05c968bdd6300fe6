import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { test } from 'node:test'
import { serveHttp } from '../../src/core/http/index.ts'

test('a node that is told to end does so although peers ask again as soon as they are answered', async (t) => {
  let waiting: (() => void)[] = []
  const held = () =>
    new Promise<Response>((resolve) => {
      waiting.push(() => resolve(new Response('nothing new')))
    })
  const node = { fetch: held, closeStreams: () => undefined }
  const running = await serveHttp(() => node, { port: 0, host: '127.0.0.1' })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  let isOver = false
  const askForEver = () => {
    if (isOver) return
    const asking = get({ port: running.port, host: '127.0.0.1', agent }, (answer) => {
      answer.resume()
      answer.on('end', askForEver)
    })
    asking.on('error', () => undefined)
  }
  askForEver()
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))

  const startedAt = performance.now()
  const closed = running.close()
  const releasing = setInterval(() => {
    const now = waiting
    waiting = []
    for (const answer of now) answer()
  }, 20)
  t.after(() => clearInterval(releasing))
  await closed
  isOver = true
  assert.ok(performance.now() - startedAt < 3_000, `it took ${performance.now() - startedAt} ms`)
})
