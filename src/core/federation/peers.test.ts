import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { note, noteActs, openChannel, until, untilSize } from '../../../test/support/notes.ts'

const by = (fingerprint: string) => ({ person: 'p1', how: 'voice', fingerprint })

async function strangers(t: Parameters<typeof startNetwork>[0]) {
  return startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, accredited: false })
}

test('a peer is introduced with the fingerprint its own node shows', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await strangers(t)
  const peer = await aurelia.peers.introduce(`${borovia.url}/`)
  assert.deepEqual(peer, {
    party: 'borovia.example',
    url: borovia.url,
    state: 'introduced',
    name: { en: 'Borovia' },
    fingerprint: await borovia.peers.ownFingerprint(),
    keyEvents: [],
    reachable: true,
  })
  assert.deepEqual(await aurelia.peers.list(), [peer])
})

test('a fingerprint is compared digit by digit; only spaces do not count', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await strangers(t)
  const { fingerprint } = await aurelia.peers.introduce(borovia.url)
  const last = fingerprint.at(-1) === '7' ? '8' : '7'
  for (const wrong of ['', fingerprint.slice(0, -1), fingerprint.slice(0, -1) + last, `${fingerprint}0`]) {
    await assert.rejects(aurelia.peers.pin('borovia.example', by(wrong)), { code: 'peer.fingerprint-differs' }, wrong)
  }
  assert.equal((await aurelia.peers.find('borovia.example'))!.state, 'introduced')
  const pinned = await aurelia.peers.pin('borovia.example', by(`  ${fingerprint.replaceAll(' ', '')}\n`))
  assert.equal(pinned.state, 'pinned')
  assert.equal(pinned.comparedBy, 'voice')
  assert.equal(pinned.pinnedAt, aurelia.clock.now())
})

test('nobody is pinned who was not introduced', async (t) => {
  const {
    nodes: { aurelia },
  } = await strangers(t)
  await assert.rejects(aurelia.peers.pin('borovia.example', by('1')), { code: 'peer.not-found' })
})

test('addresses that are no node, do not answer, or are our own are refused', async (t) => {
  const {
    nodes: { aurelia },
    wire,
  } = await strangers(t)
  wire.attach('webshop', async () => new Response('<h1>Hello</h1>'))
  wire.attach('redirect', async () => Response.redirect('http://aurelia.test/.well-known/chancery', 302))
  wire.attach('liar', async (request) =>
    request.url.endsWith('chancery')
      ? Response.json({ v: 1, party: 'borovia.example', register: aurelia.identity.register, base: 'http://liar.test' })
      : aurelia.handle(new Request(request.url.replace('liar', 'aurelia'))),
  )
  wire.attach('huge', async () => new Response(Buffer.alloc(100_000, 32)))
  for (const [url, code] of [
    ['file:///etc/passwd', 'peer.bad-address'],
    ['http://user:pw@borovia.test', 'peer.bad-address'],
    ['http://nobody.test', 'peer-unreachable'],
    ['http://webshop.test', 'peer.not-a-chancery'],
    ['http://redirect.test', 'peer.not-a-chancery'],
    ['http://liar.test', 'peer.register-of-another'],
    ['http://huge.test', 'peer-unreachable'],
    [aurelia.url, 'peer.is-ourselves'],
  ] as const)
    await assert.rejects(aurelia.peers.introduce(url), { code }, url)
  assert.deepEqual(await aurelia.peers.list(), [])
})

test('a space opened by a peer nobody pinned waits, and nothing of it is read before', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await strangers(t)
  // Aurelia has compared; in Borovia nobody has yet.
  await borovia.peers.introduce(aurelia.url)
  await aurelia.peers.introduce(borovia.url)
  await aurelia.peers.pin('borovia.example', by(await borovia.peers.ownFingerprint()))
  const space = await openChannel(aurelia, [borovia])
  await until(async () => (await borovia.peers.requests()).length > 0, 'the request arrives')
  assert.deepEqual(await borovia.peers.requests(), [
    { space: space.id, party: 'aurelia.example', since: borovia.clock.now() },
  ])
  assert.equal(await borovia.ledger.head(space.id), undefined)
  assert.equal(wire.sent.filter((sent) => sent.from === 'borovia' && sent.path.includes(space.id)).length, 0)
  await borovia.peers.pin('aurelia.example', by(await aurelia.peers.ownFingerprint()))
  await untilSize(borovia, space.id, 1)
  await until(async () => (await borovia.peers.requests()).length === 0, 'the request is settled')
})

test('a peer that was moved is reached at its new address', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  wire.detach('aurelia')
  // The other side believes a signature only for its own address, so a new one is configured on both sides.
  wire.attach('bunker', (request) => aurelia.handle(new Request(request.url.replace('bunker', 'aurelia'), request)))
  await assert.rejects(borovia.peers.moveTo('aurelia.example', 'gopher://x'), { code: 'peer.bad-address' })
  await borovia.peers.moveTo('aurelia.example', 'http://bunker.test')
  assert.equal((await borovia.peers.find('aurelia.example'))!.url, 'http://bunker.test')
  await until(async () => wire.sent.some((sent) => sent.to === 'bunker'), 'borovia asks at the new address')
})

test('somebody who says to be a pinned peer, with a register of his own, is refused', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs })
  const elsewhere = await startNetwork(t, ['borovia'], { acts: noteActs })
  wire.attach('impostor', elsewhere.nodes.borovia.handle)
  await assert.rejects(aurelia.peers.introduce('http://impostor.test'), { code: 'peer.fingerprint-changed' })
  const known = (await aurelia.peers.find('borovia.example'))!
  assert.equal(known.fingerprint, borovia.identity.fingerprint)
  assert.equal(known.url, borovia.url)
})

test('who can be reached follows real traffic, with the time since when', async (t) => {
  const {
    nodes: { aurelia, borovia },
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, submitWaitMs: 500 })
  const space = await openChannel(aurelia, [borovia])
  await untilSize(borovia, space.id, 1)
  await aurelia.kill()
  borovia.clock.advance(60_000)
  await borovia.outbox.send(note(space.id, '1'))
  const lost = (await borovia.peers.find('aurelia.example'))!
  assert.equal(lost.reachable, false)
  assert.equal(typeof lost.unreachableSince, 'number')
  await aurelia.restart()
  await until(async () => (await borovia.peers.find('aurelia.example'))!.reachable, 'aurelia is reachable again')
})

test('a peer whose introduction broke off is usable as soon as it is pinned, or pinning says why not', async (t) => {
  const {
    nodes: { aurelia, borovia },
    wire,
  } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, accredited: false })
  let bundles = 0
  // The second time entries are asked for, the peer is known and its register is not yet here.
  wire.rule(({ path }) => ({ dropRequest: path.includes('/tile/entries/') && ++bundles > 1 }))
  await assert.rejects(aurelia.peers.introduce(borovia.url), { code: 'peer-unreachable' })
  assert.equal((await aurelia.peers.find('borovia.example'))?.state, 'introduced')
  const fingerprint = await borovia.peers.ownFingerprint()
  wire.cut('aurelia', 'borovia')
  await assert.rejects(aurelia.peers.pin('borovia.example', by(fingerprint)), { code: 'peer-unreachable' })
  wire.heal()
  wire.rule(undefined)
  await aurelia.peers.pin('borovia.example', by(fingerprint))
  assert.equal((await openChannel(aurelia, [borovia])).size, 1)
})
