import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playCase } from '../../src/cli/demo/aurelia-borovia.ts'
import { parties } from '../../src/cli/demo/parties.ts'
import { until } from '../../src/cli/demo/person.ts'
import { verifyDossier } from '../../src/protocol/dossier/index.ts'
import type { Fate } from '../support/fake-wire.ts'
import { composeCase } from './case/composed-case.ts'
import { type Sleeper, seatSleeper } from './case/sleeper.ts'
import { expectedActs } from './case/expected-acts.ts'
import { bundle } from './case/launched-case.ts'
import { readIndex, readViews, viewsOf } from './case/read-views.ts'
import { type Random, seededRandom, testSeed } from './case/random.ts'
import { assertSameActsOnce, awaitAgreement, countActs, partyKeys } from './case/what-nodes-hold.ts'

/** Of ten messages one is lost, one loses its answer, two come twice, half are late by up to 30 turns. */
function badWeather(random: Random): () => Fate {
  return () => ({
    dropRequest: random() < 0.1,
    dropAnswer: random() < 0.1,
    duplicates: random() < 0.2 ? 1 : 0,
    delayTurns: random() < 0.5 ? Math.floor(random() * 30) : 0,
  })
}

/** An impatient person: every form is sent twice at once, and the answer to the second is the one that is seen. */
function createSecondClick() {
  const failures: string[] = []
  return {
    forms: 0,
    failures,
    async send(request: Request, answer: (request: Request) => Promise<Response>): Promise<Response> {
      const { pathname } = new URL(request.url)
      // A sign-in link is for one use: its second click is refused by design.
      if (request.method !== 'POST' || pathname.startsWith('/sign-in/link/')) return answer(request)
      this.forms += 1
      const [one, other] = await Promise.all([answer(request.clone()), answer(request)])
      // 502: the other party could not be reached on this wire.
      for (const { status } of [one, other])
        if (status >= 500 && status !== 502) failures.push(`${pathname} answered ${status}`)
      return other.status < 400 ? other : one
    },
  }
}

test('the case with every form sent twice on a wire that loses, doubles, delays and reorders ends as on a good one, and views replay to the same rows', async (t) => {
  const seed = testSeed(20_261_122)
  let sleeper: Sleeper | undefined
  const clicks = createSecondClick()
  const composed = await composeCase(t, {
    between: (answer) => async (request) => {
      const response = await clicks.send(sleeper ? await sleeper.invite(request) : request, answer)
      await sleeper?.excuse(request, response)
      return response
    },
  })
  const { nodes, people, stage, wire, errors } = composed
  sleeper = await seatSleeper(t, composed)
  const beats: string[] = []
  try {
    wire.rule(badWeather(seededRandom(seed)))
    const played = await playCase({ ...stage, tell: ({ line }) => void beats.push(line) }, { bundle })
    wire.rule(undefined)
    const held = await awaitAgreement(people)

    assertSameActsOnce(held)
    assert.deepEqual(countActs(held.aurelia), [...expectedActs, 'forum spaces.policy-set 1'])
    assert.equal((await verifyDossier(played.dossier, { pins: {} })).verdict, 'accepted')
    assert.ok(wire.sent.length > 400, `only ${wire.sent.length} messages crossed the wire`)
    assert.deepEqual(errors, [])
    assert.ok(clicks.forms > 100, `only ${clicks.forms} forms were sent`)
    assert.deepEqual(clicks.failures, [])
    const incidents = await people.analyst.read<unknown[] | { incidents: unknown[] }>('/api/v1/incidents')
    assert.equal(('length' in incidents ? incidents : incidents.incidents).length, 1)

    for (const key of partyKeys) {
      const { node, database } = nodes[key]
      const before = await readViews(database)
      const found = await readIndex(node)
      await node.ledger.rebuildViews()
      const after = await readViews(database)
      for (const [name, rows] of Object.entries(before)) assert.deepEqual(after[name], rows, `${key} view.${name}`)
      assert.deepEqual(await readIndex(node), found, `${key}: what is found by words`)
      assert.ok(found.length > 10, `${key}: nothing is found by words`)
      assert.ok((before.space?.length ?? 0) >= 2, `${key} has no spaces to replay`)
      for (const { space, kind } of await node.ledger.heads())
        assert.deepEqual(await node.scrub.check(space), [], `${key}: the scrub doubts a good ${kind}`)
    }
  } catch (error) {
    t.diagnostic(`CHANCERY_TEST_SEED=${seed}; last beat: ${beats.at(-1)}; errors: ${errors.join('\n')}`)
    throw error
  }

  // The same nodes go on: playing the case is the dear part.
  await t.test('a member that was off during the whole case holds the same by itself', async () => {
    const { ledger } = await sleeper.startAgain()
    let missed = 0
    for (const key of partyKeys) {
      const host = nodes[key]
      for (const { space, hosted, size, root, kind } of await host.node.ledger.heads()) {
        const members = (await host.node.ledger.members(space)).map((member) => member.party)
        if (!hosted || !(kind === 'register' || members.includes(sleeper.party))) continue
        await until(`the sleeper to hold ${key}'s ${kind}`, async () => {
          const rows = await sleeper.database.db.selectFrom('view.cursor').select('size').where('space', '=', space)
          return (await rows.executeTakeFirst())?.size === size
        })
        assert.equal((await ledger.head(space))?.root, root)
        // A host that is no member reads nothing; another member does.
        const reader = kind === 'register' ? key : partyKeys.find((one) => members.includes(parties[one].party))
        const theirs = await readViews(nodes[reader ?? key].database)
        assert.deepEqual(viewsOf(await readViews(sleeper.database), space), viewsOf(theirs, space), `${key} ${kind}`)
        missed += kind === 'register' ? 0 : size
      }
    }
    assert.ok(missed > 25, `only ${missed} acts were missed`)
    assert.deepEqual(errors, [])
  })
})
