import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { incidentHouse, personOf, reasons } from '../../../../test/support/incident-house.ts'
import { migrations as clockMigrations } from '../../../core/clocks/index.ts'
import type { Module } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'
import { readGrounds } from '../read/grounds.ts'
import { nameReader, restrictIncident } from '../need-to-know/readers.ts'

const clocks: Module = { name: 'clocks', migrations: clockMigrations }
const languages = ['en', 'fr', 'ar']
const colleague = personOf('colleague', /^incidents/)
const third = personOf('third', /^incidents/)

/** A house with two hypotheses and an assessment of the analyst. */
async function assessedHouse(t: TestContext) {
  const house = await incidentHouse(t, [clocks, incidents])
  const { ask, incident, services, analyst } = house
  const at = `/incidents/${incident}`
  const post = async (path: string, input: Record<string, unknown>, viewer = analyst) => {
    const { answer, text } = await ask('POST', `${at}/${path}`, { viewer, input: { id: newId(), ...input } })
    return 'redirect' in answer ? 'kept' : text
  }
  const [first, second, assessment] = [newId(), newId(), newId()]
  await post('hypotheses', { id: first, statement: 'Those who run the servers act from there' })
  await post('hypotheses', { id: second, statement: 'The servers were taken over' })
  const judged = { hypothesis: first, probability: 'icd-203:likely', confidence: 'low', ...reasons, why: 'One source.' }
  assert.equal(await post('assessments', { id: assessment, ...judged }), 'kept')
  const page = async (path: string, viewer = analyst, language = 'en') =>
    (await ask('GET', path === '' ? at : `${at}/${path}`, { viewer, language })).text
  const needs = async (viewer = analyst) =>
    ((await incidents.needs?.(services, viewer)) ?? []).map(({ key, verb }) => `${key.split(':')[0]} ${verb}`)
  const about = `assessments/${assessment}`
  const dissent = async (viewer = colleague) => {
    const id = newId()
    const words = 'The logs were written by whoever took the servers'
    const said = await post(
      `${about}/dissents`,
      { id, words, alternative: second, probability: 'icd-203:very-likely' },
      viewer,
    )
    assert.equal(said, 'kept')
    return `${about}/dissents/${id}/steps`
  }
  return { ...house, post, page, needs, dissent, about, first, second, judged }
}

test('dissent stands in its own words beside the assessment wherever that is shown, and is never taken away', async (t) => {
  const { post, page, dissent, about, needs, judged } = await assessedHouse(t)
  assert.match(await post(`${about}/dissents`, { words: 'Mine' }), /This assessment is your own/)
  const steps = await dissent()
  const said =
    /Standing\..*taken over|Standing\. The logs were written by whoever took the servers Holds hypothesis 2: very likely \(ICD 203\)/
  for (const path of ['', 'weighing', about]) assert.match(await page(path), said, path)
  assert.deepEqual(await needs(), ['incidents.dissent weighing.needs.answer'])
  assert.deepEqual(await needs(colleague), [])

  assert.equal(await post(steps, { kind: 'answered', words: 'Two logs come from elsewhere' }), 'kept')
  assert.deepEqual([await needs(), await needs(colleague)], [[], ['incidents.dissent weighing.needs.uphold']])
  assert.match(await post(steps, { kind: 'upheld', words: 'Not mine to say' }), /changed this meanwhile/)
  assert.equal(await post(steps, { kind: 'upheld', words: 'Both were rewritten' }, colleague), 'kept')
  assert.match(
    await page(''),
    /Standing\..*Answer: Two logs come from elsewhere .*Upheld against the answer: Both were/,
  )
  assert.equal(await post(steps, { kind: 'given-up', words: 'The disk image settles it' }, colleague), 'kept')
  assert.match(await post(steps, { kind: 'answered', words: 'Late' }, third), /changed this meanwhile/)
  assert.equal(await post('assessments', { ...judged, why: 'Another' }), 'kept')
  assert.match(
    await page('weighing'),
    /Given up by whoever wrote it\. The logs were written .*The disk image settles it/,
  )
  for (const language of languages)
    assert.doesNotMatch(await page(about, third, language), /(incidents|weighing)\.[a-z]/, language)
})

test('a dissent makes an assessment a contested ground for whoever speaks from it', async (t) => {
  const { services, analyst, incident, dissent, post } = await assessedHouse(t)
  const ground = async () =>
    (await readGrounds(services, analyst, [incident])).get(incident)?.find({ kind: 'assessment', id: 'newest' })
  const before = await ground()
  const steps = await dissent()
  const contested = await ground()
  assert.deepEqual([before?.state, contested?.state], ['stands', 'contested'])
  assert.notEqual(contested?.stamp, before?.stamp)
  await post(steps, { kind: 'answered', words: 'Settled by the disk image' })
  const answered = await ground()
  assert.deepEqual([answered?.state, answered?.stamp], ['stands', contested?.stamp])
})

test('somebody other than the author is asked to challenge an assessment by a day, and what is late comes to Today', async (t) => {
  const { post, page, needs, about, at } = await assessedHouse(t)
  const asked = { method: 'key-assumptions-check', task: 'Are the logs their own?', dueOn: '2026-11-12' }
  const challenge = newId()
  const ask = (more: Record<string, unknown>) => post(`${about}/challenges`, { ...asked, ...more })
  assert.match(await ask({ asked: 'analyst' }), /Nobody challenges an assessment of their own/)
  assert.match(await ask({ asked: 'colleague', dueOn: '2026-11-09' }), /Choose a day that is not over/)
  assert.equal(await ask({ id: challenge, asked: 'colleague' }), 'kept')
  assert.deepEqual(await needs(colleague), ['incidents.challenge weighing.needs.minute'])
  assert.deepEqual(await needs(), [])
  at('2026-11-13T08:00:00Z')
  assert.deepEqual(await needs(), ['incidents.challenge weighing.needs.awaited'])
  assert.match(await page(about), /Key assumptions check (Name of )?colleague, was due by .* and is late/)

  const minute = `${about}/challenges/${challenge}/minute`
  const found = {
    ...{ outcome: 'revise', words: 'One of two does not hold' },
    ...{ 'assumption-1': 'The clocks ran true', 'finding-1': 'solid' },
    ...{ 'assumption-2': 'Nobody else had the keys', 'finding-2': 'unsupported' },
  }
  assert.match(await post(minute, found, third), /Only whoever was asked minutes the result/)
  assert.match(await post(minute, { ...found, outcome: 'called-off' }, colleague), /Only whoever was asked/)
  assert.equal(await post(minute, found, colleague), 'kept')
  assert.equal(await post(minute, found, colleague), 'kept')
  assert.match(await post(minute, { outcome: 'called-off', words: 'Too late' }), /minuted already/)
  assert.deepEqual([await needs(), await needs(colleague)], [[], []])
  const text = await page(about, colleague)
  assert.match(text, /should be revised\. One of two .*The clocks ran true\s*: solid .*the keys\s*: unsupported/)
  for (const language of languages)
    assert.doesNotMatch(await page(about, colleague, language), /(incidents|weighing)\.[a-z]/, language)
})

test('nobody learns of a restricted incident by being asked to challenge what is judged in it', async (t) => {
  const { services, analyst, incident, post, about, needs } = await assessedHouse(t)
  await restrictIncident(services, analyst, incident)
  const asked = { method: 'devils-advocacy', task: 'Argue the other case', asked: 'colleague', dueOn: '2026-11-12' }
  assert.match(await post(`${about}/challenges`, asked), /does not read the incident itself/)
  await nameReader(services, analyst, incident, { id: newId(), kind: 'person', who: 'colleague' })
  assert.equal(await post(`${about}/challenges`, asked), 'kept')
  assert.deepEqual(await needs(colleague), ['incidents.challenge weighing.needs.minute'])
  assert.deepEqual(await needs(third), [])
})
