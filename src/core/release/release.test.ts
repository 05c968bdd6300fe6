import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { testDatabase } from '../../../test/support/postgres.ts'
import { newId } from '../../protocol/index.ts'
import type { Tlp } from '../../protocol/types.ts'
import { tlpLabels } from '../../protocol/types.ts'
import {
  addPerson,
  appoint,
  createPeople,
  givePower,
  grantDelegation,
  listAudit,
  migrations as authMigrations,
  openOffice,
  revokeDelegation,
  viewerFor,
} from '../auth/index.ts'
import { Refusal } from '../http/refusal.ts'
import { blobMigrations } from '../storage/index.ts'
import type { ActDraft, Module, Notices, SpaceFacts, Viewer } from '../module/types.ts'
import { type Approved, approvalOf } from './approval.ts'
import { createDrafts, type DraftServices, maySeeDraft, migrations } from './index.ts'

const space = 'a'.repeat(32)
const body = z.strictObject({ number: z.number() })
const channels: Module = {
  name: 'channels',
  acts: [
    {
      type: 'channels.note-sent',
      body,
      text: z.strictObject({ subject: z.string() }),
      kinds: ['case'],
      who: '',
      requires: '',
      effect: '',
      release: 'two-person',
    },
    { type: 'channels.check-called', body, kinds: ['case'], who: '', requires: '', effect: '', release: 'one-person' },
    { type: 'channels.note-acknowledged', body, kinds: ['case'], who: '', requires: '', effect: '', release: 'direct' },
  ],
}

/** A node with its real people and database; the ledger and the wire are played by the test. */
async function desk(t: TestContext, { drill = false, holdMs = 60_000 } = {}) {
  const { db } = await testDatabase(t, [...blobMigrations, ...authMigrations, ...migrations])
  const time = { real: Date.UTC(2026, 10, 20, 8), scenario: Date.UTC(2027, 2, 1, 22) }
  const clock = { now: () => time.real }
  const members: SpaceFacts['members'] = [
    { party: 'aurelia.example', role: 'member', since: 0 },
    { party: 'borovia.example', role: 'member', since: 0 },
  ]
  const facts: SpaceFacts = {
    id: space,
    kind: 'case',
    title: { en: 'A case' },
    purpose: 'test',
    host: 'aurelia.example',
    hosted: true,
    members,
    terms: {},
    size: 1,
    root: '',
    time: 0,
    ...(drill ? { drill: { name: 'MERIDIAN' } } : {}),
  }
  const signed: ActDraft[] = []
  const notices: Parameters<Notices['send']>[1][] = []
  const settled: string[] = []
  const behaviour = { beforeSigning: async () => {}, afterSigning: async () => {} }
  const services = {
    db,
    clock,
    party: 'aurelia.example',
    settings: { holdMs },
    modules: [channels],
    people: createPeople({ db, clock }),
    log: { info() {}, warn() {}, error() {} },
    live: { publish() {}, subscribe: () => () => {} },
    jobs: { enqueue: async () => {}, drain: async () => {} },
    notices: {
      send: async (_tx: unknown, notice: (typeof notices)[number]) => void notices.push(notice),
      settle: async (_tx: unknown, key: string) => void settled.push(key),
      unread: async () => [],
      markRead: async () => {},
    },
    ledger: {
      find: async (id: string) => (id === space ? facts : undefined),
      scenarioNow: async () => (drill ? time.scenario : time.real),
      realTimeOf: async () => undefined,
    },
    outbox: {
      enqueue: async (_tx: unknown, draft: ActDraft) => {
        await behaviour.beforeSigning()
        signed.push(draft)
        await behaviour.afterSigning()
        return { hash: `hash-${draft.id}`, space, id: draft.id, statement: {} }
      },
      settle: async (hash: string) => ({ state: 'signed', hash }),
    },
  } as unknown as DraftServices
  const roles = {
    drafter: 'drafter',
    second: 'drafter',
    releaser: 'releaser',
    officer: 'desk-officer',
    administrator: 'administrator',
  } as const
  await db.transaction().execute(async (tx) => {
    await openOffice({ clock }, tx, { id: 'cyber-desk', name: { en: 'Cyber desk' }, by: 'set-up' })
    for (const [id, role] of Object.entries(roles)) {
      await addPerson({ clock }, tx, { id, name: id, language: 'en', zone: 'Etc/UTC', by: 'set-up' })
      await appoint({ clock }, tx, { person: id, office: 'cyber-desk', role, by: 'set-up' })
    }
  })
  const as = async (person: keyof typeof roles): Promise<Viewer> =>
    (await viewerFor({ db, clock }, { person, sessionId: '' }))!
  const note = (over: object = {}) => ({
    id: newId(),
    space,
    type: 'channels.note-sent',
    office: 'cyber-desk',
    body: { number: 1 },
    text: { subject: 'Hosts' },
    marking: { tlp: 'AMBER' as Tlp },
    form: { subject: 'Hosts' },
    ...over,
  })
  return { db, drafts: createDrafts(services), as, note, signed, notices, settled, time, members, behaviour, services }
}

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

test('a note drafted by one person and released by another is signed once its hold has passed', async (t) => {
  const { drafts, as, note, signed, notices, settled, time } = await desk(t)
  const saved = await drafts.save(await as('drafter'), note())
  const waiting = await drafts.submit(await as('drafter'), saved.id, saved.approval)
  assert.equal(waiting.state, 'awaiting-release')
  assert.deepEqual(notices.map((notice) => notice.person).sort(), ['officer', 'releaser'])
  const held = await drafts.release(await as('releaser'), saved.id, saved.approval)
  assert.deepEqual([held.state, held.holdUntil], ['held', time.real + 60_000])
  assert.deepEqual(settled, [`release:${saved.id}`])
  await drafts.signDue()
  assert.equal(signed.length, 0)
  time.real += 60_000
  await drafts.signDue()
  await drafts.signDue()
  assert.deepEqual(
    signed.map((act) => act.id),
    [saved.id],
  )
  assert.deepEqual(
    [(await drafts.find(saved.id))?.state, (await drafts.find(saved.id))?.actHash],
    ['sent', `hash-${saved.id}`],
  )
})

test('a drafter cannot release a note they wrote in, whatever their powers', async (t) => {
  const { drafts, as, note } = await desk(t)
  const officer = await as('officer')
  const saved = await drafts.save(officer, note())
  await drafts.submit(officer, saved.id, saved.approval)
  await assert.rejects(drafts.release(officer, saved.id, saved.approval), refused('draft.own'))
})

test('who corrected a note is a drafter of it and cannot release it either', async (t) => {
  const { drafts, as, note } = await desk(t)
  const input = note()
  await drafts.save(await as('drafter'), input)
  const corrected = await drafts.save(await as('officer'), { ...input, text: { subject: 'Hosts in Borovia' } })
  await drafts.submit(await as('drafter'), input.id, corrected.approval)
  await assert.rejects(drafts.release(await as('officer'), input.id, corrected.approval), refused('draft.own'))
  assert.equal((await drafts.release(await as('releaser'), input.id, corrected.approval)).state, 'held')
})

test('drafters and administrators hold no power to release', async (t) => {
  const { drafts, as, note } = await desk(t)
  const saved = await drafts.save(await as('drafter'), note())
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  for (const person of ['second', 'administrator'] as const) {
    await assert.rejects(drafts.release(await as(person), saved.id, saved.approval), refused('not-permitted'))
  }
  await assert.rejects(drafts.save(await as('administrator'), note()), refused('not-permitted'))
})

test('any edit voids the clearance: the releaser who saw the old text is refused', async (t) => {
  const { drafts, as, note, signed } = await desk(t)
  const input = note()
  const saved = await drafts.save(await as('drafter'), input)
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  const edited = await drafts.save(await as('drafter'), { ...input, text: { subject: 'Harbouring' } })
  assert.equal(edited.state, 'drafting')
  await assert.rejects(drafts.release(await as('releaser'), saved.id, saved.approval), refused('draft.not-waiting'))
  await drafts.submit(await as('drafter'), saved.id, edited.approval)
  await assert.rejects(
    drafts.release(await as('releaser'), saved.id, saved.approval),
    refused('draft.approval-differs'),
  )
  assert.equal(signed.length, 0)
  const versions = await drafts.versions(saved.id)
  assert.deepEqual(
    versions.map((version) => version.text),
    [{ subject: 'Hosts' }, { subject: 'Harbouring' }],
  )
})

test('the first save sent again late does not void a clearance', async (t) => {
  const { drafts, as, note } = await desk(t)
  const input = note()
  const saved = await drafts.save(await as('drafter'), input)
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  assert.equal((await drafts.save(await as('drafter'), input)).state, 'awaiting-release')
})

test('two clicks on release are one act, also at the same moment', async (t) => {
  const { drafts, as, note, signed, db } = await desk(t, { holdMs: 0 })
  const saved = await drafts.save(await as('drafter'), note())
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  const releaser = await as('releaser')
  const clicks = [
    drafts.release(releaser, saved.id, saved.approval),
    drafts.release(releaser, saved.id, saved.approval),
  ]
  await Promise.all([...clicks, drafts.signDue(), drafts.signDue()])
  assert.equal((await drafts.release(releaser, saved.id, saved.approval)).state, 'sent')
  assert.equal(signed.length, 1)
  assert.equal((await db.selectFrom('home.intent').selectAll().execute()).length, 1)
})

test('stop within the hold brings it back; after the hold it is too late', async (t) => {
  const { drafts, as, note, signed, time } = await desk(t)
  const saved = await drafts.save(await as('drafter'), note())
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  await drafts.release(await as('releaser'), saved.id, saved.approval)
  time.real += 59_999
  const stopped = await drafts.stop(await as('drafter'), saved.id)
  assert.deepEqual([stopped.state, stopped.returnedWhy, stopped.releaser], ['drafting', 'stopped', undefined])
  assert.equal((await drafts.stop(await as('drafter'), saved.id)).state, 'drafting')
  time.real += 60_000
  await drafts.signDue()
  assert.equal(signed.length, 0)
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  await drafts.release(await as('releaser'), saved.id, saved.approval)
  time.real += 60_000
  await assert.rejects(drafts.stop(await as('drafter'), saved.id), refused('draft.hold-over'))
  await drafts.signDue()
  await assert.rejects(drafts.stop(await as('drafter'), saved.id), refused('draft.hold-over'))
  assert.equal(signed.length, 1)
})

test('in a drill the hold runs on scenario time', async (t) => {
  const { drafts, as, note, signed, time } = await desk(t, { drill: true })
  const saved = await drafts.save(await as('drafter'), note())
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  await drafts.release(await as('releaser'), saved.id, saved.approval)
  time.real += 3_600_000
  await drafts.signDue()
  assert.equal(signed.length, 0)
  time.scenario += 60_000
  await drafts.signDue()
  assert.equal(signed.length, 1)
})

test('killed between signing and the end of the step, the note is signed once after the restart', async (t) => {
  const { drafts, as, note, signed, behaviour, db } = await desk(t, { holdMs: 0 })
  const saved = await drafts.save(await as('drafter'), note())
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  behaviour.afterSigning = async () => {
    throw new Error('power cut')
  }
  await drafts.release(await as('releaser'), saved.id, saved.approval)
  assert.equal((await drafts.find(saved.id))?.state, 'held')
  assert.equal((await db.selectFrom('home.intent').selectAll().execute()).length, 0)
  behaviour.afterSigning = async () => {}
  await drafts.signDue()
  await drafts.signDue()
  assert.equal((await drafts.find(saved.id))?.state, 'sent')
  assert.deepEqual(new Set(signed.map((act) => act.id)), new Set([saved.id]))
})

test('a reader who joins after the clearance sends the note back instead of out', async (t) => {
  const { drafts, as, note, signed, time, members } = await desk(t)
  const saved = await drafts.save(await as('drafter'), note())
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  await drafts.release(await as('releaser'), saved.id, saved.approval)
  members.push({ party: 'calenia.example', role: 'observer', since: 5 })
  time.real += 60_000
  await drafts.signDue()
  const back = await drafts.find(saved.id)
  assert.deepEqual([back?.state, back?.returnedWhy, signed.length], ['drafting', 'readers-changed', 0])
})

test('what the outbox refuses comes back with the reason', async (t) => {
  const { drafts, as, note, behaviour } = await desk(t, { holdMs: 0 })
  const saved = await drafts.save(await as('drafter'), note())
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  behaviour.beforeSigning = async () => {
    throw new Refusal('space-closed')
  }
  await drafts.release(await as('releaser'), saved.id, saved.approval)
  assert.equal((await drafts.find(saved.id))?.returnedWhy, 'refused:space-closed')
})

test('a one-person act goes straight into its hold, unless the office asks for a second person', async (t) => {
  const { drafts, as, note, db, services } = await desk(t)
  const officer = await as('officer')
  const check = () => note({ type: 'channels.check-called', text: undefined })
  const alone = await drafts.save(officer, check())
  assert.equal((await drafts.submit(officer, alone.id, alone.approval)).state, 'held')
  await db.transaction().execute((tx) =>
    givePower(services, tx, {
      office: 'cyber-desk',
      role: 'desk-officer',
      subject: '*',
      verb: 'send',
      secondPerson: true,
      by: 'administrator',
    }),
  )
  const together = await drafts.save(officer, check())
  assert.equal((await drafts.submit(officer, together.id, together.approval)).state, 'awaiting-release')
  const byDrafter = await drafts.save(await as('drafter'), check())
  assert.equal((await drafts.submit(await as('drafter'), byDrafter.id, byDrafter.approval)).state, 'awaiting-release')
})

test('a direct act is signed without a hold', async (t) => {
  const { drafts, as, note, signed } = await desk(t)
  const saved = await drafts.save(await as('officer'), note({ type: 'channels.note-acknowledged', text: undefined }))
  assert.equal((await drafts.submit(await as('officer'), saved.id, saved.approval)).state, 'sent')
  assert.equal(signed.length, 1)
})

test('attachments travel with the draft, and changing one voids the clearance', async (t) => {
  const { drafts, as, note, signed } = await desk(t, { holdMs: 0 })
  const file = (text: string) => [
    { name: 'annex.txt', media: 'text/plain', marking: { tlp: 'AMBER' as Tlp }, content: Buffer.from(text) },
  ]
  const input = note({ attachments: file('one') })
  const first = await drafts.save(await as('drafter'), input)
  const second = await drafts.save(await as('drafter'), { ...input, attachments: file('two') })
  assert.notEqual(first.approval, second.approval)
  const kept = await drafts.save(await as('drafter'), { ...input, attachments: undefined, form: { again: true } })
  assert.deepEqual([kept.approval, kept.attachments.length], [second.approval, 1])
  await drafts.submit(await as('drafter'), input.id, second.approval)
  await drafts.release(await as('releaser'), input.id, second.approval)
  assert.equal(Buffer.from(signed[0]!.attachments![0]!.content).toString(), 'two')
})

test('a discarded draft leaves no prose behind', async (t) => {
  const { drafts, as, note, db } = await desk(t)
  const saved = await drafts.save(await as('drafter'), note({ text: { subject: 'Unsaid' } }))
  await drafts.submit(await as('drafter'), saved.id, saved.approval)
  await drafts.discard(await as('drafter'), saved.id)
  assert.equal(await drafts.find(saved.id), undefined)
  const rows = [
    ...(await db.selectFrom('home.draft').selectAll().execute()),
    ...(await db.selectFrom('home.draft_version').selectAll().execute()),
  ]
  assert.ok(!JSON.stringify(rows).includes('Unsaid'))
})

test('who acts for another releases in that person’s place, within the dates and under the instrument, and passes it on to nobody', async (t) => {
  const { db, drafts, as, note, services, time } = await desk(t)
  const day = 24 * 3_600_000
  const begins = time.real + day
  const grant = (over: object = {}) => ({
    id: newId(),
    delegate: 'second',
    office: 'cyber-desk',
    principal: 'officer',
    capacity: 'for' as const,
    styles: { en: { principal: 'the Director', own: 'Deputy Director' } },
    instrument: 'Order 12/2026',
    from_at: begins,
    until_at: begins + 3 * day,
    ...over,
  })
  const give = async (by: Parameters<typeof as>[0], over: object = {}) =>
    grantDelegation(services, await as(by), grant(over))
  const waiting = async (...hands: Parameters<typeof as>[0][]) => {
    const input = note()
    for (const [at, hand] of hands.entries())
      await drafts.save(await as(hand), { ...input, text: { subject: `Hosts, draft ${at}` } })
    const { approval = '' } = (await drafts.find(input.id)) ?? {}
    await drafts.submit(await as('drafter'), input.id, approval)
    return async () => drafts.release(await as('second'), input.id, approval)
  }
  await assert.rejects(give('drafter'), refused('not-permitted'))
  await assert.rejects(give('administrator', { delegate: 'administrator' }), refused('delegation-not-to-oneself'))
  await assert.rejects(give('administrator', { principal: 'administrator' }), refused('delegation-not-of-the-office'))
  await assert.rejects(give('administrator', { until_at: begins }), refused('delegation-dates'))
  const id = newId()
  for (const _ of ['first', 'second click']) await give('administrator', { id })

  const release = await waiting('drafter')
  await assert.rejects(release, refused('not-permitted'), 'not before its first day')
  time.real = begins
  assert.equal((await release()).state, 'held')
  const lines = await listAudit(db)
  assert.equal(lines.find(({ what }) => what === 'draft-released')?.facts?.releasedUnder, 'Order 12/2026')
  await assert.rejects(
    await waiting('drafter', 'officer'),
    refused('draft.own-principal'),
    'whom they act for wrote in it',
  )
  await assert.rejects(await waiting('drafter', 'second'), refused('draft.own'))

  // For the office itself: what its head may do, and still nothing that could be passed on.
  await give('administrator', { id: newId(), delegate: 'drafter', principal: null })
  assert.ok((await as('drafter')).may('delegations:manage', 'cyber-desk'))
  await assert.rejects(give('drafter', { delegate: 'releaser' }), refused('delegation-no-further'))
  await assert.rejects(
    give('administrator', { delegate: 'drafter', principal: 'second' }).then(async () => {
      const lent = (await as('drafter')).lentBy?.('channels.note-sent:release') ?? []
      assert.ok(
        lent.every(({ principal }) => principal === undefined),
        'nothing lent is lent again',
      )
      throw new Refusal('lent-once')
    }),
    refused('lent-once'),
  )

  const [late, revoked] = [await waiting('drafter'), await waiting('drafter')]
  await revokeDelegation(services, await as('administrator'), id)
  await assert.rejects(revoked, refused('not-permitted'), 'revoked')
  await give('administrator')
  time.real = begins + 3 * day
  await assert.rejects(late, refused('not-permitted'), 'over')
})

test('a form for another act cannot take over the id of a draft', async (t) => {
  const { drafts, as, note } = await desk(t)
  const saved = await drafts.save(await as('officer'), note())
  const other = note({ id: saved.id, type: 'channels.check-called', text: undefined })
  await assert.rejects(drafts.save(await as('officer'), other), refused('draft.another'))
})

test('drafts are seen by their office and, once handed on, by those who may release them', async (t) => {
  const { drafts, as, note } = await desk(t)
  const saved = await drafts.save(await as('drafter'), note())
  assert.ok(maySeeDraft(await as('second'), saved))
  assert.ok(!maySeeDraft(await as('releaser'), saved))
  const waiting = await drafts.submit(await as('drafter'), saved.id, saved.approval)
  assert.ok(maySeeDraft(await as('releaser'), waiting))
  assert.ok(!maySeeDraft(await as('administrator'), waiting))
  assert.deepEqual((await drafts.listFor(await as('administrator'))).length, 0)
})

test('every part of what is approved changes the approval', () => {
  const text = fc.string({ maxLength: 12 })
  const approved: fc.Arbitrary<Approved> = fc.record({
    type: text,
    space: text,
    office: text,
    recipients: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
    marking: fc.record({ tlp: fc.constantFrom(...tlpLabels) }),
    body: fc.record({ a: text }),
    text: fc.record({ b: text }),
    attachments: fc.array(
      fc.record({ name: text, media: text, hash: text, marking: fc.record({ tlp: fc.constantFrom(...tlpLabels) }) }),
      { maxLength: 2 },
    ),
    refs: fc.array(fc.record({ act: text }), { maxLength: 2 }),
  })
  const normal = (value: Approved) => JSON.stringify({ ...value, recipients: [...value.recipients].sort() })
  fc.assert(
    fc.property(
      approved,
      approved,
      fc.constantFrom(
        ...(Object.keys({
          type: 1,
          space: 1,
          office: 1,
          recipients: 1,
          marking: 1,
          body: 1,
          text: 1,
          attachments: 1,
          refs: 1,
        }) as (keyof Approved)[]),
      ),
      (one, two, key) => {
        const changed = { ...one, [key]: two[key] }
        assert.equal(approvalOf(changed) === approvalOf(one), normal(changed) === normal(one))
      },
    ),
  )
})
