import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NotTaken, sendFile, type Have, type Sending } from './send-file.ts'

const file = new File([Buffer.alloc(1_000, 'abc ')], 'log.txt', { lastModified: 1 })

/** A server that keeps bytes, whose line breaks after so many requests. */
function server({ breaks = [] as number[], have = 0 } = {}) {
  const got: number[] = []
  let asked = 0
  const is = { id: 'a'.repeat(32), have, size: file.size, state: 'receiving' } as Have
  const answer = async (_path: string, init: RequestInit = {}) => {
    asked += 1
    const offset = (init.headers as Record<string, string> | undefined)?.['Upload-Offset']
    if (offset !== undefined) {
      if (Number(offset) !== is.have) return Response.json({ code: 'files.elsewhere' }, { status: 409 })
      const { size } = init.body as Blob
      got.push(Number(offset))
      is.have += size
      if (is.have === is.size) is.state = 'ready'
    }
    // The bytes came, the answer did not.
    if (breaks.includes(asked)) throw new TypeError('failed to fetch')
    return Response.json(is)
  }
  return { got, is, fetch: answer as unknown as typeof fetch }
}

const sending = (fetch: typeof globalThis.fetch, said: string[] = []): Sending => ({
  file,
  at: '/drafts/x/uploads',
  pieceBytes: 300,
  title: '',
  tlp: 'AMBER',
  fetch,
  wait: async () => undefined,
  going: (have, how) => void said.push(`${how} ${have}`),
})

test('a line that breaks while a file is sent costs no byte twice, whether the piece or only its answer was lost', async () => {
  const there = server({ breaks: [3, 4] })
  const said: string[] = []
  assert.equal((await sendFile(sending(there.fetch, said))).state, 'ready')
  assert.deepEqual(there.got, [0, 300, 600, 900])
  assert.ok(said.some((line) => line.startsWith('lost')))
})

test('a file whose upload was left in another page goes on where it stopped', async () => {
  const there = server({ have: 600 })
  const said: string[] = []
  await sendFile(sending(there.fetch, said))
  assert.deepEqual(there.got, [600, 900])
  assert.equal(said[0], 'again 600')
})

test('a node whose disk is full is asked again, and the file goes on from the last piece that was kept', async () => {
  const there = server()
  let full = 2
  const fetch = (async (path: string, init?: RequestInit) => {
    const isPiece = new Headers(init?.headers).has('upload-offset')
    if (isPiece && there.is.have === 300 && full-- > 0) return Response.json({ code: 'disk-full' }, { status: 507 })
    return there.fetch(path, init)
  }) as typeof globalThis.fetch
  assert.equal((await sendFile(sending(fetch))).state, 'ready')
  assert.deepEqual(there.got, [0, 300, 600, 900])
})

test('a file the server will not have ends at once with the server’s words', async () => {
  const fetch = (async () =>
    Response.json({ detail: 'A file may have up to 100 MB.' }, { status: 413 })) as typeof globalThis.fetch
  await assert.rejects(
    sendFile(sending(fetch)),
    (error) => error instanceof NotTaken && /up to 100 MB/.test(error.message),
  )
})
