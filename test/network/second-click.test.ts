import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playCase } from '../../src/cli/demo/aurelia-borovia.ts'
import { composeCase } from './case/composed-case.ts'
import { expectedActs } from './case/expected-acts.ts'
import { bundle } from './case/launched-case.ts'
import { assertSameActsOnce, awaitAgreement, countActs } from './case/what-nodes-hold.ts'

test('every form of the case is sent twice at once, as by an impatient second click, and everything happens once', async (t) => {
  let twice = 0
  const failures: string[] = []
  const { people, stage, errors } = await composeCase(t, {
    between: (answer) => async (request) => {
      const { pathname } = new URL(request.url)
      // A sign-in link is for one use: its second click is refused by design.
      if (request.method !== 'POST' || pathname.startsWith('/sign-in/link/')) return answer(request)
      twice += 1
      const [one, other] = await Promise.all([answer(request.clone()), answer(request)])
      for (const { status } of [one, other]) if (status >= 500) failures.push(`${pathname} answered ${status}`)
      // The person sees the answer to the second click; the first is what a browser drops.
      return other.status < 400 ? other : one
    },
  })
  await playCase(stage, { bundle })
  const held = await awaitAgreement(people)
  assertSameActsOnce(held)
  assert.deepEqual(countActs(held.aurelia), expectedActs)
  assert.deepEqual(failures, [])
  assert.deepEqual(errors, [])
  assert.ok(twice > 100, `only ${twice} forms were sent`)
  const incidents = await people.analyst.read<unknown[] | { incidents: unknown[] }>('/api/v1/incidents')
  assert.equal(('length' in incidents ? incidents : incidents.incidents).length, 1)
})
