import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { incidentHouse, personOf, reasons } from '../../../../test/support/incident-house.ts'
import { migrations as attachmentMigrations } from '../../../core/attachments/index.ts'
import { migrations as clockMigrations } from '../../../core/clocks/index.ts'
import type { Module } from '../../../core/module/types.ts'
import { blobMigrations } from '../../../core/storage/index.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'
import { readGrounds } from '../read/grounds.ts'
import { readAffected } from './affected.ts'
import { fingerprintOf } from './rests-on.ts'

const clocks: Module = { name: 'clocks', migrations: clockMigrations }
const files: Module = { name: 'files', migrations: [...blobMigrations, ...attachmentMigrations] }
const languages = ['en', 'fr', 'ar']
const colleague = personOf('colleague', /^incidents/)

/** An assessment of the analyst over some items, each B2 and against the second of two hypotheses. */
async function weighedHouse(t: TestContext, count: number) {
  const house = await incidentHouse(t, [clocks, files, incidents])
  const { ask, incident, services, analyst } = house
  const post = async (path: string, input: Record<string, unknown>, viewer = analyst) => {
    const { answer, text } = await ask('POST', `/incidents/${incident}/${path}`, {
      viewer,
      input: path.endsWith('/grade') ? input : { id: newId(), ...input },
    })
    return 'redirect' in answer ? 'kept' : text
  }
  const page = async (path: string, viewer = analyst, language = 'en') =>
    (await ask('GET', `/incidents/${incident}${path}`, { viewer, language })).text
  const [first, second, assessment] = [newId(), newId(), newId()]
  await post('hypotheses', { id: first, statement: 'Those who run the servers act from there' })
  await post('hypotheses', { id: second, statement: 'The servers were taken over' })
  const grade = { reliability: 'B', credibility: '2' }
  const items = Array.from({ length: count }, () => newId())
  for (const [at, id] of items.entries()) {
    const item = { id, words: `Item ${at + 1}`, source: 'register', ...grade, 'mark-1': '+', 'mark-2': '-' }
    assert.equal(await post('evidence', item), 'kept')
  }
  const judged = { hypothesis: first, probability: 'icd-203:likely', confidence: 'low', ...reasons, why: 'One source.' }
  assert.equal(await post('assessments', { id: assessment, ...judged }), 'kept')
  const fates = async () =>
    (await readAffected(services, analyst, { incidents: [incident] })).flatMap(({ changed }) =>
      changed.map(({ number, fate }) => `${number} ${fate}`),
    )
  const needs = async (viewer = analyst) =>
    ((await incidents.needs?.(services, viewer)) ?? []).map(({ key }) => key.split(':')[0])
  return { ...house, post, page, fates, needs, items, grade, judged, second, about: `assessments/${assessment}` }
}

test('whatever becomes of an item under an assessment is told, and what is added beside it is not', async (t) => {
  const { services, post, fates, page, items, grade, about, needs } = await weighedHouse(t, 7)
  const [withdrawn, regraded, remarked, narrowed, closed, erased] = items
  assert.deepEqual([await fates(), await needs()], [[], []])
  await post('evidence', { words: 'Later', source: 'register', ...grade, 'mark-1': '--', 'mark-2': '++' })
  await post('hypotheses', { statement: 'Somebody else altogether' })
  await post(`evidence/${remarked}/grade`, { ...grade, 'mark-1': '+', 'mark-2': '-', 'mark-3': '++' })
  assert.deepEqual([await fates(), await needs()], [[], []])

  await post(`evidence/${withdrawn}/withdraw`, {})
  await post(`evidence/${regraded}/grade`, { reliability: 'D', credibility: '4', why: 'The firm sells this story' })
  await post(`evidence/${remarked}/grade`, { ...grade, 'mark-1': '--' })
  await sql`update home.incidents_evidence set tlp = 'RED' where id = ${narrowed}`.execute(services.db)
  await post('readers/compartments', { name: 'Source Heron' })
  await sql`update home.incidents_evidence set compartment = (select id from home.incidents_compartment)
    where id = ${closed}`.execute(services.db)
  await sql`delete from home.incidents_mark where evidence = ${erased}`.execute(services.db)
  await sql`delete from home.incidents_evidence where id = ${erased}`.execute(services.db)
  assert.deepEqual(await fates(), ['1 withdrawn', '2 regraded', '3 remarked', '4 narrowed', '5 closed', '6 gone'])
  assert.deepEqual(await needs(), ['incidents.affected'])
  assert.deepEqual(await needs(colleague), [])
  for (const path of ['', '/weighing']) assert.match(await page(path), /6 items it rested on have changed since/, path)
  const text = await page(`/${about}`, colleague)
  assert.match(text, /2\. Item 2 B2 D4 H1 \+ · H2 − H1 \+ · H2 −/)
  assert.match(text, /3\. Item 3 B2 B2 H1 \+ · H2 − H1 −− · H2 −/)
  assert.match(text, /One item that is as it was.*7\. Item 7 B2 B2/)
  assert.doesNotMatch(await page(`/${about}`, { ...colleague, ceiling: 'AMBER' }), /4\. Item 4|5\. Item 5/)
  for (const language of languages)
    assert.doesNotMatch(await page(`/${about}`, colleague, language), /(incidents|weighing)\.[a-z]/, language)
})

test('an assessment is looked at again with a reason, another change asks anew, and its words are never touched', async (t) => {
  const { services, analyst, incident, post, needs, page, items, about, judged } = await weighedHouse(t, 2)
  const stamp = async () =>
    (await readGrounds(services, analyst, [incident])).get(incident)?.find({ kind: 'assessment', id: 'newest' })?.stamp
  const seen = async () => {
    const [affected] = await readAffected(services, analyst, { incidents: [incident] })
    return affected ? fingerprintOf(affected.changed) : ''
  }
  const before = await stamp()
  await post(`evidence/${items[0]}/grade`, { reliability: 'C', credibility: '3', why: 'Only one of them saw it' })
  const first = await seen()
  assert.notEqual(await stamp(), before, 'lines that rest on it are flagged')
  await post(`evidence/${items[0]}/grade`, { reliability: 'E', credibility: '5', why: 'He took it back' })
  assert.match(
    await post(`${about}/look`, { seen: first, why: 'Two more say so' }),
    /More has changed since you looked/,
  )
  assert.equal(await post(`${about}/look`, { seen: await seen(), why: 'Two more say so' }), 'kept')
  assert.deepEqual(await needs(), [])
  assert.match(await page(`/${about}`), /Looked at again, and it stands: Two more say so/)
  await post(`evidence/${items[1]}/withdraw`, {})
  assert.deepEqual(await needs(), ['incidents.affected'])
  await post('assessments', { ...judged, why: 'Less is left' })
  assert.deepEqual(await needs(), [], 'another assessment rests on what is there now')
  assert.match(await page(`/${about}`), /One source\..*item 1 was graded anew|One source\..*Item 1 was graded anew/)
})

test('a grade becomes another only with a reason, and each grade an item had stays with who gave it and why', async (t) => {
  const { post, page, items, grade } = await weighedHouse(t, 1)
  const at = `evidence/${items[0]}/grade`
  assert.match(await post(at, { reliability: 'D', credibility: '4' }), /Say why the grade becomes another/)
  assert.equal(
    await post(at, { reliability: 'D', credibility: '4', why: 'The firm sells this story' }, colleague),
    'kept',
  )
  assert.equal(await post(at, { reliability: 'D', credibility: '4' }), 'kept', 'the same again changes nothing')
  assert.equal(await post(at, { ...grade, why: 'A second firm saw it too' }), 'kept')
  const text = await page(`/evidence/${items[0]}`)
  assert.match(text, /B2 Name of analyst When it was added/)
  assert.match(text, /B2 → D4 (Name of )?colleague The firm sells this story .* D4 → B2 Name of analyst A second firm/)
  const reader = personOf('reader', /^none$/)
  const read = await page(`/evidence/${items[0]}`, reader)
  assert.match(read, /D4 → B2/)
  assert.doesNotMatch(read, /Take item|How reliable/)
})
