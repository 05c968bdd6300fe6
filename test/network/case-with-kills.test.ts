import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { playCase } from '../../src/cli/demo/aurelia-borovia.ts'
import { verifyDossier } from '../../src/protocol/dossier/index.ts'
import { checkOutage } from './case/check-outage.ts'
import { expectedActs } from './case/expected-acts.ts'
import { createKiller } from './case/killer.ts'
import { bundle, type LaunchedCase, launchCase } from './case/launched-case.ts'
import { seededRandom, testSeed } from './case/random.ts'
import { createShownActs } from './case/shown-acts.ts'
import { assertSameActsOnce, awaitAgreement, countActs, eyes, partyKeys, readHeld } from './case/what-nodes-hold.ts'
import { firstPort } from '../support/first-port.ts'

const formsOfTheCase = 120
/** CI kills more often. */
const killsPerNode = Number(process.env.CHANCERY_TEST_KILLS ?? 2)

/** The same four nodes go on from test to test: starting them is the dear part. */
let afterwards: { launched: LaunchedCase; hotline: string } | undefined

test('the case completes though every node is killed again and again, and everything happened once', async (t) => {
  const seed = testSeed(20_261_117)
  const killer = createKiller({ random: seededRandom(seed), rounds: killsPerNode, forms: formsOfTheCase })
  const shown = createShownActs()
  const launched = await launchCase(
    { after },
    {
      firstPort: firstPort(),
      fetchOf: (party) => shown.watch(killer.fetchOf(party)),
      onBeat: (line) => t.diagnostic(`${killer.kills.length} kills: ${line}`),
    },
  )
  const { nodes, people, stage, beats } = launched
  let hotline = ''
  try {
    killer.begin(nodes)
    const played = await playCase(stage, { bundle })
    hotline = played.hotlineSpace
    await killer.end()
    const held = await awaitAgreement(people)

    assertSameActsOnce(held)
    assert.deepEqual(countActs(held.aurelia), expectedActs)
    const standing = new Set(
      Object.values(held).flatMap((spaces) => spaces.flatMap(({ acts }) => acts.map((act) => act.hash))),
    )
    assert.deepEqual(
      [...shown.hashes].filter((hash) => !standing.has(hash)),
      [],
      'somebody was shown an act that is gone',
    )
    assert.ok(shown.hashes.size > 40, `only ${shown.hashes.size} acts were ever shown`)
    assert.equal((await verifyDossier(played.dossier, { pins: {} })).verdict, 'accepted')
    for (const key of partyKeys)
      assert.ok(
        killer.kills.filter(({ party }) => party === key).length >= killsPerNode - 1,
        `${key} was hardly killed`,
      )
  } catch (error) {
    const story = killer.kills.map(({ party, form, how }) => `${party} at form ${form}, ${how}`)
    t.diagnostic(`CHANCERY_TEST_SEED=${seed}; last beat: ${beats.at(-1)}; kills:\n${story.join('\n')}`)
    throw error
  }
  await sleepsThroughTheEnd()
  afterwards = { launched, hotline }

  async function sleepsThroughTheEnd() {
    await nodes.calenia.stop()
    const { secretary } = people
    const [forum] = (await readHeld(secretary)).filter((space) => space.kind === 'forum')
    const path = `/spaces/${forum?.id}`
    for (let item = 1; item <= 3; item += 1) {
      await secretary.open(`${path}/write/forums.item-opened`)
      const review = await secretary.send('/write/forums.item-opened', { title: `Item ${item}`, tlp: 'AMBER' })
      await secretary.send(`${review.path.replace(/\/review$/, '')}/submit`)
      await secretary.open(`${path}/clock`)
      await secretary.send(`${path}/clock`, { advance: 'PT10M', rate: '0' })
    }
    await nodes.calenia.restart()
    const held = await awaitAgreement(people)
    assertSameActsOnce(held)
    const caught = held.calenia.find((space) => space.id === forum?.id)
    assert.equal(caught?.size, (forum?.size ?? 0) + 6)
    assert.equal(caught?.root, (await readHeld(people[eyes.mosc])).find((space) => space.id === forum?.id)?.root)
  }
})

test('the Secretariat is killed: two parties go on over the hotline it orders, and on its return all is recorded, each after what it answers, and in time', async () => {
  assert.ok(afterwards, 'the case was not played')
  await checkOutage(afterwards.launched, afterwards.hotline)
})
