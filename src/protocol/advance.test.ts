import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  foundRegister,
  keyFrom,
  openTestSpace,
  snapshotOf,
  type TestLog,
  type TestParty,
  testParty,
} from '../../test/conformance/build-log.ts'
import {
  cosignerAt,
  inclusionPath,
  type Json,
  hostAt,
  isMemberAt,
  keyAt,
  keyCommitment,
  leafHash,
  outcomeOf,
  presentMembers,
  ProtocolError,
  readLeaf,
  stateFromJson,
  stateToJson,
  type AdmissionState,
  signAct,
  toBase64url,
  type SpaceKind,
} from './index.ts'

const [aurelia, borovia, calenia] = ['aurelia.example', 'borovia.example', 'calenia.example'].map(testParty) as [
  TestParty,
  TestParty,
  TestParty,
]
const open = (kind: SpaceKind, members: TestParty[], name = 'space') =>
  openTestSpace(
    name,
    kind,
    members.map((owner) => ({ owner, register: foundRegister(owner) })),
  )
const stateOf = (log: TestLog) => log.state as AdmissionState
const admitted = (owner: TestParty): Json => ({ member: snapshotOf(owner, foundRegister(owner)) as unknown as Json })
const hostBody = (log: TestLog, owner: TestParty): Json => ({
  host: { party: owner.party, origin: `${owner.party}/spaces/${log.space}`, key: owner.host.publicKey },
})

/** Why an act would change nothing, without appending it. */
function without(log: TestLog, author: TestParty, type: string, body: Json): string | undefined {
  return outcomeOf(stateOf(log), signAct(log.statement(author, type, body), author.act), body).withoutEffect
}

test('the host of a forum admits; an ordinary member does not', () => {
  const log = open('forum', [aurelia, borovia])
  assert.equal(without(log, borovia, 'space.member-admitted', admitted(calenia)), 'not-entitled')
  log.add(aurelia, 'space.member-admitted', admitted(calenia))
  assert.deepEqual(presentMembers(stateOf(log)), ['aurelia.example', 'borovia.example', 'calenia.example'])
  assert.equal(isMemberAt(stateOf(log), 'calenia.example', 0), false)
  assert.equal(without(log, aurelia, 'space.member-admitted', admitted(calenia)), 'already-member')
})

test('in a case of three the opener admits, in a case of two both', () => {
  const two = open('case', [aurelia, borovia])
  two.add(aurelia, 'space.member-admitted', admitted(calenia))
  assert.deepEqual(presentMembers(stateOf(two)), ['aurelia.example', 'borovia.example'])
  two.add(aurelia, 'space.member-admitted', admitted(calenia), { id: 'a'.repeat(32) })
  assert.equal(presentMembers(stateOf(two)).length, 2, 'the same party twice is not two parties')
  two.add(borovia, 'space.member-admitted', admitted(calenia))
  assert.equal(presentMembers(stateOf(two)).length, 3)
  const dalmora = testParty('dalmora.example')
  assert.equal(without(two, borovia, 'space.member-admitted', admitted(dalmora)), 'not-entitled')
  assert.equal(without(two, aurelia, 'space.member-admitted', admitted(dalmora)), undefined)
})

test('a member may go, but not while it orders the space, and nobody may be sent away from a case', () => {
  const log = open('case', [aurelia, borovia])
  assert.equal(without(log, aurelia, 'space.member-left', { party: 'aurelia.example' }), 'host-stays')
  assert.equal(without(log, aurelia, 'space.member-left', { party: 'borovia.example' }), 'not-entitled')
  assert.equal(without(log, aurelia, 'space.member-left', { party: 'calenia.example' }), 'not-member')
  const index = log.add(borovia, 'space.member-left', { party: 'borovia.example' })
  assert.equal(isMemberAt(stateOf(log), 'borovia.example', index - 1), true)
  assert.equal(isMemberAt(stateOf(log), 'borovia.example', index), false)
  assert.throws(() => log.add(borovia, 'channels.note-sent', {}), /not-a-member/)
})

test('a handover changes origin and key for checkpoints that cover it, not for older ones', () => {
  const log = open('forum', [aurelia, borovia, calenia])
  const index = log.add(aurelia, 'space.host-changed', hostBody(log, borovia))
  assert.equal(hostAt(stateOf(log), index).party, 'aurelia.example')
  assert.equal(hostAt(stateOf(log), index + 1).party, 'borovia.example')
  assert.equal(stateOf(log).host.key, borovia.host.publicKey)
})

test('a majority can move a space away from a silent host; one member cannot', () => {
  const log = open('forum', [aurelia, borovia, calenia])
  log.add(borovia, 'space.host-changed', hostBody(log, borovia))
  assert.equal(stateOf(log).host.party, 'aurelia.example')
  log.add(calenia, 'space.host-changed', hostBody(log, borovia))
  assert.equal(stateOf(log).host.party, 'borovia.example')
})

test('an unproven, malformed or misplaced governance act changes nothing', () => {
  const log = open('forum', [aurelia, borovia])
  assert.equal(without(log, aurelia, 'space.member-admitted', { member: 1 }), 'malformed')
  const stranger = snapshotOf(calenia, foundRegister(borovia))
  assert.equal(without(log, aurelia, 'space.member-admitted', { member: stranger as unknown as Json }), 'unproven')
  assert.equal(
    without(log, aurelia, 'space.host-changed', { host: { ...stateOf(log).host, origin: 'x' } }),
    'malformed',
  )
  assert.equal(without(log, aurelia, 'register.rotated', {}), 'not-entitled')
  assert.throws(
    () => outcomeOf(stateOf(log), signAct(log.statement(aurelia, 'space.member-left', {}), aurelia.act)),
    (error) => error instanceof ProtocolError && error.rule === 'body-missing',
  )
})

/** Proof of a register's key events, as `space.keys-changed` carries it. */
function chainOf(owner: TestParty, register: TestLog, size = register.size): Json {
  const entries = register.entries.slice(0, size).map((bytes, index) => {
    const hash = readLeaf(bytes).act.statement.parts[0]?.hash as string
    return {
      index,
      leaf: toBase64url(bytes),
      path: inclusionPath(index, register.size, register.nodeAt).map(toBase64url),
      body: toBase64url(register.blobs.get(hash) as Uint8Array),
    }
  })
  return { party: owner.party, register: { checkpoint: register.checkpoint(owner.host), entries } }
}

test('a stolen key that was replaced cannot be brought back by an older chain', () => {
  const register = foundRegister(borovia)
  const [third, fourth] = [keyFrom('borovia third'), keyFrom('borovia fourth')]
  const rotate = (key: typeof third, next: typeof third) =>
    register.add(
      borovia,
      'register.rotated',
      {
        act: { kid: key.kid, key: key.publicKey },
        next: keyCommitment(next.publicKey),
      },
      { key },
    )
  rotate(borovia.next, third)
  const log = open('case', [aurelia, borovia])
  log.add(aurelia, 'space.keys-changed', chainOf(borovia, register))
  rotate(third, fourth)
  const older = chainOf(borovia, register, 2)
  log.add(aurelia, 'space.keys-changed', chainOf(borovia, register))
  assert.equal(without(log, aurelia, 'space.keys-changed', older), 'unproven')
  const member = stateOf(log).members.get('borovia.example')
  assert.ok(member)
  assert.equal(keyAt(member, third.kid, log.size), third.publicKey)
  for (const old of [borovia.act, borovia.next]) assert.throws(() => keyAt(member, old.kid, log.size), /key-ended/)
  assert.equal(keyAt(member, borovia.act.kid, 0), borovia.act.publicKey, 'older positions keep their key')
  assert.equal(without(log, aurelia, 'space.keys-changed', chainOf(borovia, register)), 'no-new-key')
})

test('a revoked key is void from its own position on', () => {
  const register = foundRegister(borovia)
  const [recovery] = borovia.recovery
  assert.ok(recovery)
  register.add(
    borovia,
    'register.revoked',
    {
      kid: borovia.act.kid,
      by: { kid: recovery.kid, key: recovery.publicKey },
    },
    { key: recovery },
  )
  assert.throws(
    () => register.add(borovia, 'register.anchored', { act: toBase64url(leafHash(new Uint8Array())) }),
    /key-ended/,
  )
  const log = open('case', [aurelia, borovia])
  log.add(aurelia, 'space.keys-changed', chainOf(borovia, register))
  assert.throws(() => log.add(borovia, 'channels.note-sent', {}), /key-ended/)
})

test('a rotation brings the other keys along, and earlier cosignatures keep theirs', () => {
  const register = foundRegister(borovia)
  const [cosigner, node] = [keyFrom('borovia second cosigner'), keyFrom('borovia second node')]
  register.add(
    borovia,
    'register.rotated',
    {
      act: { kid: borovia.next.kid, key: borovia.next.publicKey },
      next: keyCommitment(keyFrom('borovia third').publicKey),
      cosigner: cosigner.publicKey,
      nodes: [node.publicKey],
    },
    { key: borovia.next },
  )
  const log = open('case', [aurelia, borovia])
  const index = log.add(aurelia, 'space.keys-changed', chainOf(borovia, register))
  const member = stateOf(log).members.get('borovia.example')
  assert.ok(member)
  assert.deepEqual([member.cosigner, member.node], [cosigner.publicKey, node.publicKey])
  assert.equal(cosignerAt(member, index), borovia.cosigner.publicKey, 'a checkpoint without the change')
  assert.equal(cosignerAt(member, index + 1), cosigner.publicKey)
  const kept = stateFromJson(JSON.parse(JSON.stringify(stateToJson(stateOf(log))))).members.get('borovia.example')
  assert.deepEqual(kept, member)
})

test('a state kept as JSON judges as before', () => {
  const log = open('case', [aurelia, borovia])
  log.add(aurelia, 'space.member-admitted', admitted(calenia))
  assert.deepEqual(stateFromJson(JSON.parse(JSON.stringify(stateToJson(stateOf(log))))), stateOf(log))
})
