import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foundRegister, keyFrom, openTestSpace, type TestLog, testParty } from '../../../test/conformance/build-log.ts'
import { cosignCheckpoint, cosignerKey, type Json } from '../index.ts'
import { reportLines, verifyDossier, writeDossier } from './index.ts'

const parties = ['aurelia.example', 'borovia.example', 'calenia.example'].map(testParty)
const [aurelia, borovia, calenia] = parties as [(typeof parties)[0], (typeof parties)[0], (typeof parties)[0]]
const watch = { name: 'watch.example/w1', key: keyFrom('watch') }

function openForum(): TestLog {
  const members = parties.map((owner) => ({ owner, register: foundRegister(owner) }))
  return openTestSpace('levels', 'forum', members)
}

function judge(log: TestLog, cosigners: typeof parties, withheld: readonly string[] = []) {
  const parts = new Map([...log.blobs].filter(([hash]) => !withheld.includes(hash)))
  const file = writeDossier({
    purpose: '',
    audience: 'court',
    maker: aurelia.party,
    made: 0,
    spaces: [{ entries: log.entries, checkpoint: log.checkpoint(aurelia.host, cosigners) }],
    parts,
  })
  const report = verifyDossier(file)
  assert.equal(report.verdict, 'accepted')
  const [space] = report.spaces
  assert.ok(space)
  return { space, levels: space.acts.map(({ level }) => level), text: reportLines(report).join('\n') }
}

const record = 'on-the-record'
const confirmed = 'confirmed-by-all'

test('a reader learns how far each entry had come: by one member of two no further, by both confirmed by all', () => {
  const log = openForum()
  log.add(borovia, 'unknown.thing-done', { n: 1 })
  assert.deepEqual(judge(log, []).levels, [record, record])
  assert.deepEqual(judge(log, [borovia]).levels, [record, record])
  const all = judge(log, [borovia, calenia])
  assert.deepEqual(all.levels, [confirmed, confirmed])
  assert.deepEqual(all.space.policy, { by: 'default' })
  assert.match(all.text, /entries 0 to 1: confirmed by all members that were in/)
  assert.match(judge(log, [aurelia]).text, /entries 0 to 1: on the record by its host, and no more is shown here/)
})

test('whoever left is not asked, and whoever came later is not asked for what was before', () => {
  const log = openForum()
  log.add(calenia, 'space.member-left', { party: calenia.party })
  assert.deepEqual(judge(log, [borovia]).levels, [confirmed, confirmed])
})

test('what an act carries proves the level of what it rests on, though later lines are missing', () => {
  const log = openForum()
  log.add(borovia, 'unknown.thing-done', { n: 1 })
  const witnessed = { checkpoint: log.checkpoint(aurelia.host, [borovia, calenia]) }
  log.add(aurelia, 'forums.decision-declared', { sought: 'x', witnessed })
  const { space, levels, text } = judge(log, [])
  assert.deepEqual(levels, [confirmed, confirmed, record])
  assert.deepEqual(space.acts[2]?.carried, {
    size: 2,
    holds: true,
    cosigned: [borovia.party, calenia.party],
    notChecked: 0,
  })
  assert.match(text, /carries a checkpoint of 2 entries signed by borovia\.example, calenia\.example/)
  const forged = openForum()
  forged.add(borovia, 'unknown.thing-done', { n: 2 })
  forged.add(aurelia, 'forums.decision-declared', { sought: 'x', witnessed })
  const other = judge(forged, [])
  assert.deepEqual(other.levels, [record, record, record], 'a checkpoint of another history shows nothing')
  assert.deepEqual(other.space.acts[2]?.carried, { size: 0, holds: false, cosigned: [], notChecked: 0 })
  assert.match(other.text, /carries a checkpoint that does not hold/)
})

test('a policy of the space counts, its outside witness by lines that acts carry; withheld, nothing is said by it', () => {
  const log = openForum()
  const policy = `witness watch ${cosignerKey(watch.name, watch.key.publicKey)}\nquorum watch\n`
  log.add(aurelia, 'spaces.policy-set', { policy })
  log.add(borovia, 'unknown.thing-done', { n: 1 })
  const checkpoint = log.checkpoint(aurelia.host)
  const lines = [cosignCheckpoint(checkpoint, watch, 1_900_000_000)]
  log.add(aurelia, 'forums.decision-declared', { sought: 'x', witnessed: { checkpoint, lines } as Json })
  const shown = judge(log, [borovia])
  assert.deepEqual(shown.levels, ['witnessed', 'witnessed', 'witnessed', record])
  assert.deepEqual(shown.space.policy, { by: 'act', index: 1 })
  assert.deepEqual(shown.space.acts[3]?.carried?.cosigned, [watch.name])
  const [hash] = [...log.blobs].find(([, blob]) => Buffer.from(blob).includes('quorum watch'))!
  const hidden = judge(log, [borovia], [hash])
  assert.deepEqual(hidden.levels, [record, record, record, record])
  assert.deepEqual(hidden.space.policy, { by: 'unknown', index: 1 })
  assert.match(hidden.text, /not said here, since the policy in entry 1 is withheld/)
})
