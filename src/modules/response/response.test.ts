import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import { Refusal } from '../../core/http/refusal.ts'
import { newId } from '../../protocol/index.ts'
import { incidents as incidentsRoom } from '../incidents/index.ts'
import { publishedIncidents } from '../published-incidents/index.ts'
import { response } from './index.ts'

const adviser = personOf('adviser', /^clearance\.legal:release$/)
const head = personOf('head', /:release$/)
const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

const bothGiven = {
  breach: 'sovereignty',
  responsible: 'direct',
  injured: 'others',
  demand: 'yes',
  notice: 'given',
  attribution: 'state',
}
const sheet = {
  proportionate: 'yes',
  proportionateWhy: 'Less than what was lost',
  rights: 'none',
  'scope-degree': 'high',
  'scope-why': 'One region',
}
const decision = { decidedOn: '2026-11-10', decidedBy: 'Minister', why: 'It has to stop', reviewOn: '2026-12-01' }

test('an incident shows every option and each reason against one, in three languages, and proposes none', async (t) => {
  const { ask, incident, analyst } = await incidentHouse(t, [publishedIncidents, response])
  const at = `/incidents/${incident}/options`
  const before = await ask('GET', at, { viewer: analyst })
  assert.match(before.text, /Not given while an answer is missing/)
  assert.match(before.text, /Not confirmed against the primary text/)
  assert.match(before.text, /What others did No data imported\./)
  const saved = await ask('POST', `${at}/answers`, {
    viewer: analyst,
    input: { id: newId(), why: 'Cabinet paper', ...bothGiven },
  })
  assert.equal('redirect' in saved.answer && saved.answer.redirect, `${at}#gate`)
  const after = await ask('GET', at, { viewer: analyst })
  assert.match(
    after.text,
    /Taken by the injured state\. Asked: Whom did the breach injure\? Stands: Others only\. Needed: Us or Us and others\./,
  )
  assert.match(after.text, /Cabinet paper Name of analyst/)
  assert.doesNotMatch(after.text, /recommended|best option/i)
  for (const [language, words] of [
    ['fr', 'Seuil juridique'],
    ['ar', 'البوابة القانونية'],
  ] as const)
    assert.match((await ask('GET', at, { viewer: analyst, language })).text, new RegExp(words))
  const { answer } = await ask('GET', at, { viewer: analyst, json: true })
  const { options, gate } = (answer as { data: { options: { measure: string }[]; gate: { rung: string } } }).data
  assert.deepEqual([options.length, gate.rung], [31, 'countermeasure'])
})

test('a legal adviser alone sets the gate aside, with a reason on the page, and it lapses with the answer it rests on', async (t) => {
  const { ask, incident, analyst } = await incidentHouse(t, [publishedIncidents, response])
  const at = `/incidents/${incident}/options`
  const answer = (answers: Record<string, string>) =>
    ask('POST', `${at}/answers`, { viewer: analyst, input: { id: newId(), why: 'Known so far', ...answers } })
  await answer(bothGiven)
  const aside = { id: newId(), override: 'injured-state:met', reason: 'The house holds collective measures lawful' }
  await assert.rejects(ask('POST', `${at}/gate`, { viewer: analyst, input: aside }), /analyst may not/)
  const silent = await ask('POST', `${at}/gate`, { viewer: adviser, input: { ...aside, reason: '' } })
  assert.equal('status' in silent.answer && silent.answer.status, 422)
  await ask('POST', `${at}/gate`, { viewer: adviser, input: aside })
  await ask('POST', `${at}/gate`, { viewer: adviser, input: aside })
  const shown = await ask('GET', at, { viewer: analyst })
  assert.equal(shown.text.match(/The house holds collective measures lawful/g)?.length, 1)
  assert.match(shown.text, /Set aside by a legal adviser: Taken by the injured state/)
  await answer({ ...bothGiven, injured: 'us' })
  await answer(bothGiven)
  assert.match(
    (await ask('GET', at, { viewer: analyst })).text,
    /Set aside by a legal adviser: Taken/,
    'as it was when it was said',
  )
  await answer({ ...bothGiven, injured: 'both' })
  assert.match((await ask('GET', at, { viewer: analyst })).text, /counts no longer until a legal adviser says so again/)
})

test('a decision is minuted with what was considered as it stood; what the law shuts is not, and a reason answers the rest', async (t) => {
  const { ask, incident, analyst, services } = await incidentHouse(t, [publishedIncidents, response])
  const at = `/incidents/${incident}/options`
  const decide = (input: Record<string, unknown>) =>
    ask('POST', `${at}/decide`, { viewer: head, input: { id: newId(), ...decision, ...input } })
  const shut = await decide({ chosen: ['suspend-obligation'], despite: 'We want it' })
  assert.match(shut.text, /The legal gate shuts a measure/)
  assert.match((await decide({ chosen: ['eu-statement'] })).text, /say why it was chosen all the same/)
  assert.match((await decide({ decidedOn: '2026-11-11' })).text, /lies in the future/)
  await decide({
    chosen: ['eu-statement'],
    considered: ['eu-cbm'],
    despite: 'Asked for by telephone',
    dissent: 'The embassy',
  })
  await ask('POST', `${at}/answers`, {
    viewer: analyst,
    input: { id: newId(), why: 'Now known', ...bothGiven, injured: 'us' },
  })
  await ask('POST', `${at}/measures/suspend-obligation`, { viewer: analyst, input: { id: newId(), ...sheet } })
  const lawful = await decide({ chosen: ['suspend-obligation'] })
  assert.ok('redirect' in lawful.answer, lawful.text)
  const [first] = await services.db.selectFrom('home.response_decision').selectAll().orderBy('number').execute()
  const page = await ask('GET', `${at}/decisions/${first?.id}`, { viewer: analyst })
  assert.match(page.text, /Initiative of a body entitled to it\. Asked: .* Nobody has answered/)
  assert.match(page.text, /The embassy/)
  assert.deepEqual(
    first?.considered.map(({ measure, standing }) => [measure, standing]),
    [
      ['eu-cbm', 'open'],
      ['eu-statement', 'not-given'],
    ],
  )
  await assert.rejects(
    ask('GET', `${at}/decisions/${newId()}`, { viewer: analyst }),
    refused('response.decision-not-found'),
  )
})

test('the review of a decision comes to Today a week before its day, and goes when it was looked back on', async (t) => {
  const { ask, incident, analyst, services, at: moveTo } = await incidentHouse(t, [publishedIncidents, response])
  const at = `/incidents/${incident}/options`
  const id = newId()
  await ask('POST', `${at}/decide`, { viewer: head, input: { id, ...decision } })
  const needs = async () => (await response.needs?.(services, analyst))?.map(({ href, dueAt }) => [href, dueAt])
  assert.deepEqual(await needs(), [])
  moveTo('2026-11-25T08:00:00Z')
  assert.deepEqual(await needs(), [[`${at}/decisions/${id}`, Date.parse('2026-12-01T22:59:59.999Z')]])
  const review = (input: Record<string, string>) =>
    ask('POST', `${at}/decisions/${id}/review`, { viewer: analyst, input: { id: newId(), ...input } })
  assert.match((await review({})).text, /at least one finding/)
  await review({ effect: 'It stopped', nextOn: '2027-03-01' })
  assert.deepEqual(await needs(), [])
  moveTo('2027-02-28T08:00:00Z')
  assert.equal((await needs())?.length, 1)
  await review({ change: 'Ask partners first' })
  assert.deepEqual(await needs(), [])
  assert.match((await ask('GET', `${at}/decisions/${id}`, { viewer: analyst })).text, /It stopped.*Ask partners first/)
})

test('what others did stands with its n, its set and what such a set cannot show', async (t) => {
  const { ask, incident, analyst, services } = await incidentHouse(t, [publishedIncidents, response])
  const batch = newId()
  await services.db
    .insertInto('home.published_incidents_batch')
    .values({
      id: batch,
      set_code: 'try',
      name: 'Trial set',
      edition: '1',
      source: 'A test',
      licence: 'CC0',
      state: 'standing',
      files: '[]',
      rows_all: 2,
      rows_done: 2,
      remarks: 0,
      choices: '{}',
      by_person: 'analyst',
      at: 1,
      stood_at: 1,
      ended_by: null,
      ended_at: null,
    })
    .execute()
  for (const ref of ['1', '2'])
    await sql`insert into home.published_incidents_incident
      (batch, ref, name, types, victims, initiators, categories, facets, digest)
      values (${batch}, ${ref}, ${`Incident ${ref}`}, '{}', '{}', '{}', '{}', '{}', '')`.execute(services.db)
  await services.db
    .insertInto('home.published_incidents_response')
    .values({
      ...{ batch, place: 1, ref: '1', legal: false, day: null, actor: null },
      ...{ type: 'state-stabilising', subtype: 'Statement by foreign minister', country: 'Borovia' },
    })
    .execute()
  const { text } = await ask('GET', `/incidents/${incident}/options`, { viewer: analyst })
  assert.match(text, /n = 2 published incidents; 1 of them show a recorded response/)
  assert.match(text, /States: stabilising measures · Statement by foreign minister 1/)
  assert.match(text, /What is published is not what happened/)
  assert.match(text, /Trial set, 1, CC0/)
})

test('a sanctions dossier names only evidence that may be released, says what is open, and drafts its reasons', async (t) => {
  const { ask, incident, analyst, services } = await incidentHouse(t, [publishedIncidents, incidentsRoom, response])
  const item = async (words: string, tlp: string) => {
    await ask('POST', `/incidents/${incident}/evidence`, {
      viewer: personOf('all'),
      input: { id: newId(), words, source: 'A sensor', reliability: 'B', credibility: '2', tlp },
    })
    const rows = await services.db
      .selectFrom('home.incidents_evidence')
      .select(['id', 'words'])
      .where(sql<boolean>`words = ${words}`)
      .execute()
    return rows[0]?.id ?? ''
  }
  const open = await item('Log of the control room', 'CLEAR')
  const closed = await item('Word of an agent', 'RED')
  assert.notEqual(open, '')
  const id = newId()
  const at = `/incidents/${incident}/options/dossiers`
  await ask('POST', at, {
    viewer: analyst,
    input: { id, regime: 'eu', subject: 'Unit 7', kind: 'entity', tlp: 'CLEAR' },
  })
  const form = await ask('GET', `${at}/${id}`, { viewer: analyst })
  assert.match(form.text, /Log of the control room/)
  assert.doesNotMatch(form.text, /Word of an agent/)
  assert.match(form.text, /One item is marked narrower than this dossier/)
  await ask('POST', `${at}/${id}`, {
    viewer: analyst,
    input: {
      id: newId(),
      'attack-met': 'yes',
      'attack-why': 'Pumps were stopped',
      'attack-evidence': [open, closed],
      'identifier-alias': 'Seven',
    },
  })
  const { text, html } = await ask('GET', `${at}/${id}`, { viewer: analyst })
  assert.match(text, /Still open: An external threat/)
  assert.match(
    html,
    /Unit 7\n\nA cyber-attack, or an attempt\.\nPumps were stopped\n– Log of the control room<\/textarea>/,
  )
  const [, row] = await services.db.selectFrom('home.response_dossier').selectAll().orderBy('ordinal').execute()
  assert.deepEqual(row?.content.criteria.attack?.evidence, [open])
})
