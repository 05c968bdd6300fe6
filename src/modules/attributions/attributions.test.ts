import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { incidentHouse, personOf, reasons } from '../../../test/support/incident-house.ts'
import { migrations as attachmentMigrations } from '../../core/attachments/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Module, Viewer } from '../../core/module/types.ts'
import { blobMigrations } from '../../core/storage/index.ts'
import { newId } from '../../protocol/index.ts'
import { type Tlp, tlpLabels } from '../../protocol/types.ts'
import { incidents } from '../incidents/index.ts'
import { publishedIncidents } from '../published-incidents/index.ts'
import { response } from '../response/index.ts'
import { attributions } from './index.ts'
import { readDecisions } from './decide/decisions.ts'
import { ceilingOf, mayBeNamed, namableAt, readStatements } from './release/statements.ts'
import { levels } from './vocabulary.ts'

const files: Module = { name: 'files', migrations: [...blobMigrations, ...attachmentMigrations] }
const rooms = [files, incidents, publishedIncidents, response, attributions]
const desk = personOf('desk', /^incidents:(draft|manage)$/)
const head = personOf('head', /^incidents.*:(release|draft|manage)$/)
const second = personOf('second', /^incidents.*:release$/)

async function attributionHouse(t: TestContext) {
  const house = await incidentHouse(t, rooms)
  const { ask, incident, analyst, services } = house
  const at = `/incidents/${incident}`
  const post = async (path: string, input: Record<string, unknown>, viewer: Viewer = analyst) => {
    const { answer, text } = await ask('POST', `${at}${path}`, { viewer, input: { id: newId(), ...input } })
    return 'redirect' in answer ? 'kept' : text
  }
  const page = async (path = '', viewer: Viewer = analyst, language = 'en') =>
    (await ask('GET', `${at}/attributions${path}`, { viewer, language })).text
  const item = async (words: string, tlp: Tlp = 'CLEAR') => {
    const id = newId()
    await post('/evidence', { id, words, source: 'register', reliability: 'B', credibility: '2', tlp })
    return id
  }
  const assessed = async () => {
    const [hypothesis, id] = [newId(), newId()]
    await post('/hypotheses', { id: hypothesis, statement: 'They act from there' })
    const judged = { hypothesis, probability: 'icd-203:likely', confidence: 'low', ...reasons, why: 'One source.' }
    await post('/assessments', { id, ...judged })
    return id
  }
  const decide = async (more: Record<string, unknown>, viewer = head) => {
    const id = newId()
    const said = await post('/attributions/decide', { ...minuted, ...more, id }, viewer)
    return { id, said }
  }
  const say = async (decision: string, more: Record<string, unknown>, viewer: Viewer = analyst) => {
    const id = newId()
    const said = await post(`/attributions/decisions/${decision}/say`, { ...words, ...more, id }, viewer)
    return { id, said }
  }
  const statement = async (id: string) =>
    (await readStatements(services.db, incident)).find((one) => one.id === id) ?? assert.fail(`no statement ${id}`)
  const release = async (id: string, viewer: Viewer = second) =>
    post(`/attributions/statements/${id}/release`, { seen: (await statement(id)).hash }, viewer)
  const needs = async (viewer: Viewer) =>
    (await attributions.needs?.(services, viewer))?.map(({ key }) => key.split(':')[0])
  return { ...house, at, post, page, item, assessed, decide, say, statement, release, needs }
}

const minuted = { choice: 'decline', why: 'Cabinet decided so', decidedOn: '2026-11-10', decidedBy: 'Minister' }
const words = { language: 'en', subject: 'On the water works', text: 'We attribute it.', tlp: 'CLEAR' }
const claim = {
  ...{ maker: 'other', name: 'Borovian CERT', accused: 'Group Heron', basis: 'third-party', kind: 'technical' },
  ...{ day: '2026-11', source: 'Report 14/2026', tlp: 'GREEN' },
}

test('attributions by many are kept with basis, kind, date and days, corrected with their history, and contested by name', async (t) => {
  const { post, page, incident, services } = await attributionHouse(t)
  const first = newId()
  assert.equal(await post('/attributions/claims', { ...claim, id: first }), 'kept')
  assert.equal(await post('/attributions/claims', { ...claim, id: first }), 'kept', 'sent twice')
  assert.equal(
    await post('/attributions/claims', {
      ...claim,
      maker: 'attacker',
      name: '',
      accused: '',
      basis: 'attacker',
      kind: 'self',
      day: '2026-11-09',
    }),
    'kept',
  )
  assert.match(await page(), /Borovian CERT Group Heron Third party Technical report November 2026 -9/)
  assert.match(await page(), /The attacker itself Not named/)
  assert.match(await page(), /days are counted from the day the incident was opened here/)
  const event = { words: 'First encryption', precision: 'day', when: '2026-10-30', zone: 'Etc/UTC' }
  const known = { knownBy: 'CERT', knownSince: '2026-11-01', consent: 'not-needed' }
  assert.equal(await post('/particulars', { kind: 'event', ...event, ...known }), 'kept')
  assert.match(await page(), /November 2026 2 /, 'from the earliest dated event')

  assert.match(await post('/attributions/claims', { ...claim, corrects: first }), /Say why it is corrected/)
  assert.equal(
    await post('/attributions/claims', { ...claim, accused: 'Group Stork', corrects: first, why: 'Second edition' }),
    'kept',
  )
  assert.match(await page(), /What it said before: .*Group Heron/)
  const contested = { by: 'Borovia', on: '2026-11-10', words: 'The samples are older.' }
  assert.equal(await post(`/attributions/claims/${first}/disputes`, contested), 'kept')
  assert.match(await page(), /Borovia contested it \(.*10 November 2026\): The samples are older\./)
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from home.attributions_claim where incident = ${incident}`.execute(services.db)
  assert.equal(rows[0]?.n, 3, 'an entry is added, never changed')
  for (const [language, title] of [
    ['fr', 'Ce que d’autres ont attribué'],
    ['ar', 'ما أسنده آخرون'],
  ] as const)
    assert.match(await page('', undefined, language), new RegExp(title))
})

test('an attribution that cannot be so is not kept, and the form says which field', async (t) => {
  const { post, page } = await attributionHouse(t)
  const refused = (more: Record<string, string>) => post('/attributions/claims', { ...claim, ...more })
  assert.match(await refused({ day: '2026-13' }), /a day, a month or a year that there is/)
  assert.match(await refused({ day: '2026-02-30' }), /a day, a month or a year that there is/)
  assert.match(await refused({ day: '2026-12' }), /This day has not come yet/)
  assert.match(await refused({ name: '' }), /Say who made it/)
  assert.match(await refused({ basis: 'attacker' }), /Only an attribution made by the attacker/)
  assert.match(await refused({ basis: 'guess' }), /Basis/)
  assert.match(await page(), /No attribution is kept yet/)
})

test('to affirm, to defer and to decline are minuted by a person; nothing is filled in, and what was decided before stays', async (t) => {
  const { decide, assessed, item, page, at, needs, services, incident, post, ask } = await attributionHouse(t)
  await assert.rejects(decide({}, desk), /may not incidents\.attribution:release/)
  const assessment = await assessed()
  const evidence = await item('Rented by a local customer')
  const { html, text } = await ask('GET', `${at}/attributions/decide`, { viewer: head })
  assert.match(text, /Inputs, not answers .*They act from there/)
  assert.doesNotMatch(html, /checked|name="accused"[^>]*value="[^"]/, 'no choice and no name is proposed')
  const affirm = { choice: 'affirm', accused: 'Borovia', assessment, evidence: [evidence] }
  assert.match((await decide({ ...affirm, accused: '' })).said, /To affirm is to name somebody/)
  assert.match((await decide({ ...affirm, assessment: '' })).said, /choose the assessment/)
  assert.match((await decide({ ...affirm, evidence: [] })).said, /tick the evidence/)
  assert.match((await decide({ choice: 'defer' })).said, /A deferral needs the day/)
  assert.match((await decide({ choice: 'decline', reviewOn: '2026-12-01' })).said, /Only a deferral/)
  assert.match((await decide({ choice: 'defer', reviewOn: '2026-11-10' })).said, /lies after the decision/)
  assert.match((await decide({ decidedOn: '2026-11-12' })).said, /not come yet/)

  const deferred = await decide({ choice: 'defer', reviewOn: '2026-11-16' })
  assert.equal(deferred.said, 'kept')
  assert.deepEqual(await needs(head), ['attributions.review'])
  assert.deepEqual(await needs(desk), [])
  const affirmed = await decide({ ...affirm, dissent: 'The CERT saw too little.' })
  assert.equal(affirmed.said, 'kept')
  assert.deepEqual(await needs(head), [], 'another decision ends a deferral')
  const [standing, earlier] = await readDecisions(services.db, incident)
  assert.deepEqual([standing?.choice, earlier?.choice], ['affirm', 'defer'])
  assert.match(await page(), /Decision 2 on attribution · stands Affirm : Borovia/)
  assert.match(await page(), /Decision 1 on attribution · earlier Defer/)
  const shown = await page(`/decisions/${affirmed.id}`)
  assert.match(shown, /The CERT saw too little/)
  assert.match(shown, /Hypothesis 1: likely \(ICD 203\)\. Confidence in this judgement: low/)
  assert.equal(await post('/attributions/decide', { ...minuted, id: affirmed.id }, head), 'kept')
  assert.equal((await readDecisions(services.db, incident)).length, 2, 'the same minute twice is one')
})

test('each level is proposed by one and released by another, in order, and what is public has a number', async (t) => {
  const { decide, item, say, release, page, needs, ask, at, post, statement, analyst, services, incident } =
    await attributionHouse(t)
  const [open, narrow] = [await item('Public registration data'), await item('What an ally told us', 'AMBER')]
  const { id: decision } = await decide({ evidence: [open, narrow] })
  assert.match((await say(decision, { level: 'partners' })).said, /release it within the house first/)
  const internal = await say(decision, { level: 'internal', tlp: 'AMBER', evidence: [narrow] })
  assert.deepEqual(await needs(second), ['attributions.release'])
  const own = await say(decision, { level: 'internal' }, head)
  assert.match(await release(own.id, head), /another person has to release it/)
  await assert.rejects(release(internal.id, desk), /may not/)
  assert.equal(await release(internal.id), 'kept')

  assert.match((await say(decision, { level: 'public' })).said, /release it for partners first/)
  const partners = await say(decision, { level: 'partners', tlp: 'GREEN', evidence: [open] })
  assert.match(
    (await say(decision, { level: 'partners', tlp: 'GREEN', evidence: [narrow] })).said,
    /marked narrower than these words/,
  )
  assert.match((await say(decision, { level: 'partners', tlp: 'RED' })).said, /narrower than the level allows/)
  assert.equal(await release(partners.id), 'kept')
  assert.match(await page(`/decisions/${decision}/say?level=public`), /One item stays here/)
  assert.doesNotMatch(await page(`/decisions/${decision}/say?level=public`), /What an ally told us/)
  const published = await say(decision, { level: 'public', evidence: [open] })
  const file = `${at}/attributions/statements/${published.id}/file`
  await assert.rejects(ask('GET', `${file}.txt`, { viewer: analyst }), /not-signed-yet/)
  const changed = await post(`/attributions/statements/${published.id}/release`, { seen: 'A'.repeat(43) }, second)
  assert.match(changed, /It is not what you saw/)
  assert.equal(await release(published.id), 'kept')
  assert.equal((await statement(published.id)).reference, 'ATT 2026/1')

  await assert.rejects(ask('GET', `${file}.txt`, { viewer: analyst }), /not-signed-yet/)
  const pages = ['', '/decide', `/decisions/${decision}`, `/decisions/${decision}/say?level=public`]
  for (const language of ['en', 'fr', 'ar'])
    for (const path of [...pages, ...[internal, partners, published].map(({ id }) => `/statements/${id}`)])
      assert.doesNotMatch(
        await page(path, head, language),
        /(attributions|incidents|response)\.[a-z]/,
        `${language} ${path}`,
      )

  const withdraw = () =>
    post(`/attributions/statements/${published.id}/withdraw`, { why: 'The registrar corrected it.' }, second)
  await Promise.all([withdraw(), withdraw()])
  const withdrawals = services.db
    .selectFrom('home.incidents_entry')
    .select('id')
    .where('kind', '=', 'attribution-withdrawn')
  assert.equal((await withdrawals.where('incident', '=', incident).execute()).length, 1, 'pressed twice, said once')
  const corrected = await say(decision, { level: 'public', subject: 'Corrected', corrects: published.id })
  assert.equal(await release(corrected.id), 'kept')
  assert.equal((await statement(corrected.id)).reference, 'ATT 2026/2')
})

test('evidence withdrawn, marked narrower or erased under an attribution is said, comes to Today, and takes nothing back', async (t) => {
  const { decide, item, assessed, page, needs, post, say, release, services, ask, at } = await attributionHouse(t)
  const items = [await item('One'), await item('Two'), await item('Three'), await item('Four')]
  const [withdrawn, narrowed, erased] = items
  const { id } = await decide({ choice: 'affirm', accused: 'Borovia', assessment: await assessed(), evidence: items })
  const internal = await say(id, { level: 'internal', evidence: items })
  await release(internal.id)
  const partners = await say(id, { level: 'partners', evidence: [withdrawn] })
  assert.deepEqual(await needs(head), ['attributions.release'])
  await post(`/evidence/${withdrawn}/withdraw`, {})
  await sql`update home.incidents_evidence set tlp = 'RED' where id = ${narrowed}`.execute(services.db)
  await sql`delete from home.incidents_mark where evidence = ${erased}`.execute(services.db)
  await sql`delete from home.incidents_evidence where id = ${erased}`.execute(services.db)
  const shown = await page(`/decisions/${id}`)
  assert.match(shown, /Rests on 4 items of evidence\. Item 1 was withdrawn on 10 November 2026/)
  assert.match(shown, /Item 2 is marked narrower than it was\. Item 3 was erased/)
  assert.match(shown, /3 · Three · B2/, 'what it said then is kept')
  assert.match(await page(`/statements/${internal.id}`), /One B2|1 · One · B2/)
  assert.match(await release(partners.id), /withdrawn, erased or marked narrower since/)
  assert.deepEqual((await needs(head))?.toSorted(), ['attributions.evidence', 'attributions.release'])
  assert.deepEqual(await needs(personOf('bystander', /^nothing$/)), [])

  const { html } = await ask('GET', `${at}/attributions/decisions/${id}`, { viewer: head })
  const seen = /name="seen" value="([^"]+)"/.exec(html)?.[1] ?? assert.fail('nothing to look at')
  assert.equal(await post(`/attributions/decisions/${id}/look`, { seen, why: 'Item 4 carries it.' }, head), 'kept')
  assert.deepEqual(await needs(head), ['attributions.release'])
  assert.match(await page(`/decisions/${id}`), /Item 4 carries it/)
  const grade = { reliability: 'E', credibility: '5', why: 'The register was forged' }
  assert.match((await ask('POST', `${at}/evidence/${items[3]}/grade`, { viewer: head, input: grade })).text, /^$/)
  assert.deepEqual((await needs(head))?.toSorted(), ['attributions.evidence', 'attributions.release'])
  assert.match(await page(`/decisions/${id}`), /Item 4 was graded anew/)
  await post(`/evidence/${items[3]}/withdraw`, {})
  assert.deepEqual(
    (await needs(head))?.toSorted(),
    ['attributions.evidence', 'attributions.release'],
    'another change asks again',
  )
  assert.match(
    await post(`/attributions/decisions/${id}/look`, { seen, why: 'Still' }, head),
    /More became of the evidence since you looked/,
  )
})

test('who need not know of an incident finds neither its attributions nor a line on Today', async (t) => {
  const { decide, post, page, needs, ask, at, analyst } = await attributionHouse(t)
  await post('/attributions/claims', claim)
  const { id } = await decide({ choice: 'defer', reviewOn: '2026-11-12' })
  assert.deepEqual(await needs(second), ['attributions.review'])
  await ask('POST', `${at}/readers/restrict`, { viewer: analyst, input: {} })
  assert.deepEqual(await needs(second), [])
  for (const path of ['', `/decisions/${id}`, '/decide'])
    await assert.rejects(page(path, second), { code: 'incidents.not-found' })
  await assert.rejects(post('/attributions/decide', { ...minuted, id: newId() }, second), {
    code: 'incidents.not-found',
  })
})

test('an attribution marked above a reader is counted for them and not shown, nor what it said when it was wider', async (t) => {
  const { post, page } = await attributionHouse(t)
  const id = newId()
  await post('/attributions/claims', { ...claim, id })
  const reader = personOf('reader', /^nothing$/, 'AMBER')
  assert.match(await page('', reader), /Group Heron/)
  await post('/attributions/claims', { ...claim, tlp: 'RED', corrects: id, why: 'The source is at risk' })
  assert.match(await page('', reader), /One attribution is marked above what you may read/)
  assert.doesNotMatch(await page('', reader), /Group Heron/)
})

test('no item marked narrower than the words of a level can be named at it, whatever happened to its marking', async (t) => {
  const { services, incident, analyst, item, decide } = await attributionHouse(t)
  const ids: string[] = []
  for (let at = 0; at < 6; at++) ids.push(await item(`Item ${at}`))
  await decide({ evidence: ids })
  const [decision] = await readDecisions(services.db, incident)
  assert.ok(decision)
  const anyTlp = fc.constantFrom(...tlpLabels)
  const anyMarkings = fc.array(fc.record({ was: anyTlp, now: anyTlp }), { minLength: 6, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(anyMarkings, fc.constantFrom(...levels), anyTlp, async (markings, level, tlp) => {
      for (const [at, { now }] of markings.entries())
        await sql`update home.incidents_evidence set tlp = ${now} where id = ${ids[at]}`.execute(services.db)
      const evidence = decision.basis.evidence.map((one, at) => ({ ...one, tlp: markings[at]?.was ?? 'RED' }))
      const { items, leftOut } = await namableAt(
        services,
        analyst,
        { ...decision, basis: { ...decision.basis, evidence } },
        { level, tlp },
      )
      const narrowest = new Map(
        ids.map((id, at) => [id, Math.max(tlpRank(markings[at]?.was ?? 'RED'), tlpRank(markings[at]?.now ?? 'RED'))]),
      )
      const expected = ids.filter((id) => (narrowest.get(id) ?? 9) <= tlpRank(tlp))
      assert.deepEqual(
        items.map(({ id }) => id),
        expected,
      )
      assert.equal(leftOut, ids.length - expected.length)
    }),
    { numRuns: 40 },
  )
  assert.ok(mayBeNamed(services, { level: 'public', tlp: 'CLEAR' }, 'CLEAR'))
  assert.deepEqual(
    levels.map((level) => [ceilingOf(level, { marking: 'RED' }), ceilingOf(level, { marking: 'GREEN' })]),
    [
      ['RED', 'GREEN'],
      ['AMBER', 'GREEN'],
      ['CLEAR', 'CLEAR'],
    ],
  )
})
