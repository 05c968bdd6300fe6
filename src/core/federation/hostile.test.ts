import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  generateEd25519,
  newBlob,
  newId,
  signAct,
  signCheckpoint,
  type SigningKey,
  signingKey,
  toBase64url,
} from '../../protocol/index.ts'
import { type Network, type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { note, noteActs, openChannel, until, untilSize } from '../../../test/support/notes.ts'
import type { NewestMessage } from './messages.ts'
import { signRequest } from './signature.ts'

type Ask = { method?: string; path: string; body?: Uint8Array; headers?: Record<string, string>; now?: number }

/** A request as another implementation would make it, signed with any key. */
async function ask(node: NetworkNode, key: SigningKey | undefined, { method = 'GET', path, body, headers, now }: Ask) {
  const url = `${node.url}${path}`
  const signed = key ? signRequest({ method, url, body: body ?? new Uint8Array() }, key, now ?? node.clock.now()) : {}
  return node.handle(
    new Request(url, {
      method,
      headers: { ...signed, ...headers },
      ...(body ? { body: new Uint8Array(body) } : {}),
    }),
  )
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

async function threeNodes(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const { aurelia, borovia } = network.nodes
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  return { ...network.nodes, network: network as Network, space: space.id }
}

const spacePaths = (space: string, blob: string) => [
  `/fed/v1/spaces/${space}/checkpoint`,
  `/fed/v1/spaces/${space}/newest?from=0`,
  `/fed/v1/spaces/${space}/newest`,
  `/fed/v1/spaces/${space}/tile/entries/000.p/1`,
  `/fed/v1/spaces/${space}/tile/0/000.p/1`,
  `/fed/v1/spaces/${space}/blobs/${blob}`,
]

async function answerOf(response: Response) {
  const { now, ...rest } = (await response.json()) as { now: number }
  return { status: response.status, ...rest }
}

test('a stranger and a peer that is no member learn nothing: an existing space answers as one that never was', async (t) => {
  const { aurelia, calenia, space } = await threeNodes(t)
  const [entry] = await aurelia.ledger.acts(space)
  const blob = entry!.statement.parts[0]!.hash
  const stranger = signingKey(generateEd25519().privateKey)
  for (const [who, key] of [
    ['nobody', undefined],
    ['stranger', stranger],
    ['peer', calenia.identity.keys.node],
  ] as const) {
    const real = spacePaths(space, blob)
    const invented = spacePaths(newId(), blob)
    for (const [place, path] of real.entries()) {
      const there = await answerOf(await ask(aurelia, key, { path }))
      assert.deepEqual(there, await answerOf(await ask(aurelia, key, { path: invented[place]! })), `${who} ${path}`)
      assert.equal(there.status, who === 'peer' ? 404 : 401, `${who} ${path}`)
    }
  }
})

test('a peer that is no member can neither write nor bring payloads nor cosign', async (t) => {
  const { aurelia, borovia, calenia, space } = await threeNodes(t)
  const { commitment, blob } = newBlob(Buffer.from('x'))
  const act = await borovia.db.transaction().execute((tx) => borovia.ledger.signAct(tx, note(space, '1')))
  for (const [method, path, body] of [
    ['POST', 'acts', json({ acts: [act.envelope] })],
    ['PUT', `blobs/${commitment}`, blob],
    ['POST', 'cosignatures', json({ size: 1, lines: ['— x y\n'] })],
  ] as const) {
    const response = await ask(aurelia, calenia.identity.keys.node, {
      method,
      path: `/fed/v1/spaces/${space}/${path}`,
      body,
    })
    assert.equal(response.status, 404, path)
  }
  assert.equal((await aurelia.ledger.head(space))!.size, 1)
  assert.equal(await aurelia.blobs.find(aurelia.db, commitment), undefined)
})

test('a register is public to everybody, and written by nobody else', async (t) => {
  const { aurelia, borovia } = await threeNodes(t)
  const { register } = aurelia.identity
  for (const path of ['checkpoint', 'newest?from=0', 'tile/entries/000.p/1']) {
    assert.equal((await ask(aurelia, undefined, { path: `/fed/v1/spaces/${register}/${path}` })).status, 200, path)
  }
  const response = await ask(aurelia, borovia.identity.keys.node, {
    method: 'POST',
    path: `/fed/v1/spaces/${register}/acts`,
    body: json({ acts: [{}] }),
  })
  assert.equal(response.status, 404)
})

test('a clock ten minutes off is refused with the time here, five minutes less a second is not', async (t) => {
  const { aurelia, borovia } = await threeNodes(t)
  const path = '/fed/v1/hints'
  const body = json({ spaces: [] })
  for (const [skew, status] of [
    [600_000, 401],
    [-600_000, 401],
    [299_000, 202],
    [-299_000, 202],
  ] as const) {
    const response = await ask(aurelia, borovia.identity.keys.node, {
      method: 'POST',
      path,
      body,
      now: aurelia.clock.now() + skew,
    })
    assert.equal(response.status, status, `${skew}`)
    if (status === 401) assert.equal(response.headers.get('chancery-time'), String(aurelia.clock.now()))
  }
})

test('a request of a peer cannot be turned: to another node, to another body, to another method', async (t) => {
  const { aurelia, borovia, calenia } = await threeNodes(t)
  const key = borovia.identity.keys.node
  const url = `${aurelia.url}/fed/v1/hints`
  const body = json({ spaces: [] })
  const headers = signRequest({ method: 'POST', url, body }, key, aurelia.clock.now())
  const send = (node: NetworkNode, change: { body?: Uint8Array; headers?: Record<string, string> }) =>
    node.handle(
      new Request(`${node.url}/fed/v1/hints`, {
        method: 'POST',
        headers: change.headers ?? headers,
        body: new Uint8Array(change.body ?? body),
      }),
    )
  assert.equal((await send(aurelia, {})).status, 202)
  assert.equal((await send(calenia, {})).status, 401)
  assert.equal((await send(aurelia, { body: json({ spaces: [{ space: newId(), size: 1 }] }) })).status, 401)
  assert.equal((await send(aurelia, { headers: { ...headers, 'content-digest': 'sha-256=:AAAA:' } })).status, 401)
})

test('garbage in a body is refused and stored nowhere', async (t) => {
  const { aurelia, borovia, space } = await threeNodes(t)
  const key = borovia.identity.keys.node
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
  for (const path of [`/fed/v1/spaces/${space}/acts`, `/fed/v1/spaces/${space}/cosignatures`, '/fed/v1/hints']) {
    for (const body of [
      Buffer.from(''),
      Buffer.from('{'),
      Buffer.from([0xff, 0xfe]),
      json(null),
      json([]),
      json({ acts: [] }),
      json({ acts: 'x', spaces: 'x', lines: 7 }),
      Buffer.from(deep),
      json({ spaces: [{ space: '../../etc', size: -1 }] }),
    ])
      assert.equal(
        (await ask(aurelia, key, { method: 'POST', path, body })).status,
        400,
        `${path} ${body.toString('utf8', 0, 40)}`,
      )
  }
  const acts = [null, 7, {}, { payload: 'x', protected: 'x', signature: 'x' }, { payload: 'a'.repeat(30_000) }, []]
  const response = await ask(aurelia, key, {
    method: 'POST',
    path: `/fed/v1/spaces/${space}/acts`,
    body: json({ acts }),
  })
  const { answers } = (await response.json()) as { answers: { state: string; rule: string }[] }
  assert.deepEqual(
    answers.map((answer) => answer.state),
    acts.map(() => 'refused'),
  )
  assert.equal((await aurelia.ledger.head(space))!.size, 1)
})

test('too much of anything is refused', async (t) => {
  const { aurelia, borovia, space } = await threeNodes(t)
  const key = borovia.identity.keys.node
  const acts = json({ acts: Array.from({ length: 257 }, () => ({})) })
  const path = `/fed/v1/spaces/${space}/acts`
  assert.equal((await ask(aurelia, key, { method: 'POST', path, body: acts })).status, 400)
  assert.equal((await ask(aurelia, key, { method: 'POST', path, body: Buffer.alloc(9 * 1024 * 1024, 32) })).status, 413)
  const hints = Buffer.alloc(300 * 1024, 32)
  assert.equal((await ask(aurelia, key, { method: 'POST', path: '/fed/v1/hints', body: hints })).status, 413)
  const many = json({ spaces: Array.from({ length: 1_001 }, () => ({ space: newId(), size: 1 })) })
  assert.equal((await ask(aurelia, key, { method: 'POST', path: '/fed/v1/hints', body: many })).status, 400)
})

test('a payload must be what its commitment says, and waiting payloads are bounded', async (t) => {
  const { aurelia, borovia, space } = await threeNodes(t)
  const key = borovia.identity.keys.node
  const put = (commitment: string, body: Uint8Array) =>
    ask(aurelia, key, {
      method: 'PUT',
      path: `/fed/v1/spaces/${space}/blobs/${commitment}`,
      body,
    })
  const { commitment, blob } = newBlob(Buffer.from('logs'))
  assert.equal((await put(commitment, Buffer.concat([blob, Buffer.from('!')]))).status, 400)
  assert.equal((await put('not-a-hash', blob)).status, 400)
  assert.equal((await put(commitment, blob)).status, 201)
  assert.equal((await put(commitment, blob)).status, 200, 'known by now')
  // In pieces: the answer says where to go on, whatever was sent; the whole has to be what was promised.
  const large = newBlob(Buffer.alloc(3_000_000, 'log '))
  const piece = async (from: number, to: number, bytes = large.blob) => {
    const query = `?from=${from}&of=${large.blob.length}`
    const answer = await put(`${large.commitment}${query}`, bytes.subarray(from, to))
    return { status: answer.status, ...((await answer.json()) as { state?: string; have?: number }) }
  }
  assert.deepEqual(await piece(0, 0), { status: 202, state: 'kept', have: 0 })
  assert.equal((await piece(0, 1_000_000)).have, 1_000_000)
  assert.equal((await piece(0, 1_000_000)).have, 1_000_000, 'the same again')
  assert.equal((await piece(2_000_000, 3_000_000)).have, 1_000_000, 'a gap')
  const forged = Buffer.alloc(large.blob.length, 'x')
  assert.equal((await piece(1_000_000, large.blob.length, forged)).status, 400)
  assert.equal((await piece(0, 0)).have, 0, 'of what was forged nothing is kept')
  assert.equal((await piece(0, large.blob.length)).status, 201)
  assert.equal((await put(`${newBlob(Buffer.from('y')).commitment}?from=0&of=999999999`, Buffer.alloc(1))).status, 413)
  // It is named by no act: not even who brought it gets it back.
  const path = `/fed/v1/spaces/${space}/blobs/${commitment}`
  assert.equal((await ask(aurelia, key, { path })).status, 404)
  await aurelia.db
    .insertInto('home.upload')
    .values(
      Array.from({ length: 510 }, (_, place) => ({
        party: 'borovia.example',
        space,
        commitment: `x${place}`,
        size_bytes: 1,
        at: aurelia.clock.now(),
      })),
    )
    .execute()
  const second = newBlob(Buffer.from('more'))
  assert.equal((await put(second.commitment, second.blob)).status, 429)
})

test('a range of a payload is given as asked, and nothing beyond it', async (t) => {
  const { aurelia, borovia, space } = await threeNodes(t)
  const [opening] = await aurelia.ledger.acts(space)
  const path = `/fed/v1/spaces/${space}/blobs/${opening!.statement.parts[0]!.hash}`
  const key = borovia.identity.keys.node
  const whole = Buffer.from(await (await ask(aurelia, key, { path })).arrayBuffer())
  for (const [range, from, to] of [
    ['bytes=0-9', 0, 10],
    ['bytes=5-', 5, undefined],
    ['bytes=0-999999', 0, undefined],
  ] as const) {
    const part = await ask(aurelia, key, { path, headers: { range } })
    assert.equal(part.status, 206)
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(from, to))
  }
  assert.equal((await ask(aurelia, key, { path, headers: { range: 'bytes=999999-' } })).status, 416)
})

test('the same request again, as an eavesdropper would, changes nothing', async (t) => {
  const { aurelia, borovia, space } = await threeNodes(t)
  const draft = note(space, '1')
  const act = await borovia.db.transaction().execute((tx) => borovia.ledger.signAct(tx, draft))
  const parts = await Promise.all(
    act.statement.parts.map(async ({ hash }) => [hash, toBase64url((await borovia.blobs.find(borovia.db, hash))!)]),
  )
  const request = {
    method: 'POST',
    path: `/fed/v1/spaces/${space}/acts`,
    body: json({ acts: [act.envelope, act.envelope], blobs: Object.fromEntries(parts) }),
  }
  const answers = []
  for (let turn = 0; turn < 3; turn += 1) {
    const response = await ask(aurelia, borovia.identity.keys.node, request)
    answers.push(...((await response.json()) as { answers: { index: number; state: string }[] }).answers)
  }
  assert.deepEqual(
    answers.map(({ state, index }) => ({ state, index })),
    answers.map(() => ({ state: 'on-record', index: 1 })),
  )
  assert.equal((await aurelia.ledger.head(space))!.size, 2)
})

test('a peer cannot write in the name of another', async (t) => {
  const {
    nodes: { aurelia, borovia, calenia },
  } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia, calenia])
  await Promise.all([borovia, calenia].map((node) => untilSize(node, space.id, 1)))
  const act = await calenia.db.transaction().execute((tx) => calenia.ledger.signAct(tx, note(space.id, '1')))
  const forged = { ...act.envelope, signature: toBase64url(Buffer.alloc(64, 1)) }
  const blobs = Object.fromEntries(
    await Promise.all(
      act.statement.parts.map(async ({ hash }) => [hash, toBase64url((await calenia.blobs.find(calenia.db, hash))!)]),
    ),
  )
  const response = await ask(aurelia, borovia.identity.keys.node, {
    method: 'POST',
    path: `/fed/v1/spaces/${space.id}/acts`,
    body: json({ acts: [forged], blobs }),
  })
  const {
    answers: [answer],
  } = (await response.json()) as { answers: { state: string; rule: string }[] }
  assert.deepEqual([answer!.state, answer!.rule], ['refused', 'signature'])
})

test('two checkpoints of one size convict the host: whoever sees both stops believing it', async (t) => {
  const { borovia, aurelia, space } = await threeNodes(t)
  const head = (await aurelia.ledger.head(space))!
  const other = signCheckpoint({ origin: head.origin, size: 1, root: Buffer.alloc(32, 9) }, aurelia.identity.keys.host)
  const response = await ask(borovia, aurelia.identity.keys.node, {
    path: `/fed/v1/spaces/${space}/newest`,
    headers: { 'chancery-checkpoint': toBase64url(Buffer.from(other)) },
  })
  assert.equal(response.status, 200)
  assert.equal((await borovia.ledger.head(space))!.frozen, true)
  assert.equal((await borovia.ledger.conflicts(space)).length, 1)
})

test('entries brought along with changes are taken as any others: a lie or a gap in them, or a party that is no member, changes nothing', async (t) => {
  const { aurelia, borovia, calenia, network, space } = await threeNodes(t)
  type Told = { cursor: string; spaces: { space: string; size: number; newest?: NewestMessage }[] }
  let lie: ((newest: NewestMessage) => NewestMessage) | undefined
  let told = 0
  const honest = aurelia.handle
  network.wire.attach('aurelia', async (request) => {
    const answer = await honest(request)
    if (!lie || new URL(request.url).pathname !== '/fed/v1/changes' || !answer.ok) return answer
    const { cursor, spaces } = (await answer.json()) as Told
    return Response.json({
      cursor,
      spaces: spaces.map((one) => {
        if (one.space !== space || !one.newest || !lie) return one
        told += 1
        return { ...one, newest: lie(one.newest) }
      }),
    })
  })
  const refused = () => borovia.log.events.filter(({ event }) => event === 'replica.refused').length
  const agreed = async () => {
    const [here, there] = await Promise.all([aurelia.ledger.head(space), borovia.ledger.head(space)])
    return here?.size === there?.size && here?.root === there?.root
  }
  /** Notes go on the record until one was told with the lie and it showed; the member has them all the same. */
  const lying = async (changed: (newest: NewestMessage) => NewestMessage, shows = () => true) => {
    lie = changed
    for (const before = told; told === before || !shows(); ) {
      await aurelia.outbox.send(note(space, '1'))
      await until(agreed, 'borovia has it all the same')
    }
    lie = undefined
    assert.equal((await borovia.ledger.head(space))?.frozen, false)
  }
  await lying((newest) => newest)
  assert.equal(refused(), 0)
  const otherTime = (leaf: string) =>
    Buffer.from(Buffer.from(leaf, 'base64url').toString().replace('"time":1', '"time":2')).toString('base64url')
  await lying(
    (newest) => ({ ...newest, entries: newest.entries.map(otherTime) }),
    () => refused() > 0,
  )
  await network.settled()
  const times = refused()
  await lying((newest) => ({ ...newest, from: newest.from + 1 }))
  await lying((newest) => ({ ...newest, entries: [] }))
  await lying((newest) => ({ ...newest, entries: [...newest.entries, ...newest.entries] }))
  await lying((newest) => ({ ...newest, blobs: {} }))
  assert.equal(refused(), times, 'what is not what it lacks is asked for')

  network.wire.cut('aurelia', 'borovia')
  await aurelia.outbox.send(note(space, '2'))
  const { size } = (await borovia.ledger.head(space))!
  const path = `/fed/v1/spaces/${space}/newest?from=${size}`
  const newest = await (await ask(aurelia, borovia.identity.keys.node, { path })).json()
  let asked = 0
  const own = calenia.handle
  network.wire.attach('calenia', async (request) => {
    if (new URL(request.url).pathname !== '/fed/v1/changes') return own(request)
    asked += 1
    return asked > 1 ? own(request) : Response.json({ cursor: 'x', spaces: [{ space, size: size + 1, newest }] })
  })
  // Ends the request that was open before.
  await openChannel(calenia, [borovia])
  await until(async () => asked > 1, 'borovia took the answer and asks on')
  assert.equal((await borovia.ledger.head(space))?.size, size, 'from a party that is no member')
  network.wire.heal()
  await until(agreed, 'from its host')
})

test('a hint about a space that is not there leaves no trace and asks once', async (t) => {
  const { aurelia, borovia, network } = await threeNodes(t)
  const unknown = newId()
  const body = json({ spaces: [{ space: unknown, size: 5 }] })
  const asked = () => network.wire.sent.filter((sent) => sent.path.includes(unknown))
  await ask(aurelia, borovia.identity.keys.node, { method: 'POST', path: '/fed/v1/hints', body })
  await until(async () => asked().length > 0, 'aurelia asked')
  await network.settled()
  assert.equal(asked().length, 1)
  assert.equal(await aurelia.ledger.head(unknown), undefined)
})

test('naming the commitment of a payload in another space does not open it', async (t) => {
  const { aurelia, borovia, calenia } = await threeNodes(t)
  const secret = await openChannel(aurelia, [calenia])
  const sent = await aurelia.outbox.send(note(secret.id, '1', { text: { subject: 'for Calenia alone' } }))
  const held = (await aurelia.ledger.findAct(sent.hash))!.statement.parts.find((part) => part.role === 'text')!
  const shared = (await aurelia.ledger.list({ kind: 'channel', member: 'borovia.example' }))[0]!.id
  const draft = await borovia.db.transaction().execute((tx) => borovia.ledger.signAct(tx, note(shared, '1')))
  // Borovia knows the commitment, from a dossier in which the text was withheld.
  const statement = { ...draft.statement, parts: [...draft.statement.parts, { ...held, role: 'attachment' }] }
  const act = signAct(statement, borovia.identity.keys.act)
  const blobs = Object.fromEntries(
    await Promise.all(
      draft.statement.parts.map(async ({ hash }) => [hash, toBase64url((await borovia.blobs.find(borovia.db, hash))!)]),
    ),
  )
  const response = await ask(aurelia, borovia.identity.keys.node, {
    method: 'POST',
    path: `/fed/v1/spaces/${shared}/acts`,
    body: json({ acts: [act.envelope], blobs }),
  })
  const { answers } = (await response.json()) as { answers: unknown[] }
  assert.deepEqual(answers, [{ state: 'parts-missing', hash: act.hash, parts: [held.hash] }])
  const fetched = await ask(aurelia, borovia.identity.keys.node, {
    path: `/fed/v1/spaces/${shared}/blobs/${held.hash}`,
  })
  assert.equal(fetched.status, 404)
})
