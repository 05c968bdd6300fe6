import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { incidentHouse, personOf, reasons } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'

const languages = ['en', 'fr', 'ar']
const colleague = personOf('colleague', /^incidents/)

/** A house with two hypotheses; `add` puts an item against both. */
async function desk(t: TestContext) {
  const house = await incidentHouse(t, [incidents])
  const { ask, incident, services, analyst } = house
  const at = `/incidents/${incident}`
  const post = async (path: string, input: Record<string, unknown>, viewer = analyst) => {
    const { answer, html } = await ask('POST', `${at}/${path}`, {
      viewer,
      input: path.endsWith('/marks') ? input : { id: newId(), ...input },
    })
    assert.ok('redirect' in answer, html)
  }
  const page = (path: string, viewer = analyst, language = 'en') =>
    ask('GET', path === '' ? at : `${at}/${path}`, { viewer, language })
  await post('hypotheses', { statement: 'Those who run the servers act from there' })
  await post('hypotheses', { statement: 'The servers were taken over' })
  const hypotheses = await services.db.selectFrom('home.incidents_hypothesis').select('id').orderBy('number').execute()
  const add = async (words: string, grade: string, one: string, two: string, more = {}) => {
    const input = {
      words,
      source: 'register',
      reliability: grade[0],
      credibility: grade[1],
      'mark-1': one,
      'mark-2': two,
    }
    await post('evidence', { ...input, ...more })
    const row = await services.db
      .selectFrom('home.incidents_evidence')
      .select('id')
      .where('words', '=', words)
      .executeTakeFirstOrThrow()
    return row.id
  }
  const [first = '', second = ''] = hypotheses.map((one) => one.id)
  return { ...house, post, page, add, first, second, at }
}

const rowsOf = (html: string) =>
  [...html.matchAll(/<th scope="row"[^>]*>(?:<bdi>)?(\d+)\. /g)].map((found) => Number(found[1]))

test('the matrix is ordered and narrowed by links, and says what an item tells apart', async (t) => {
  const { add, page, first } = await desk(t)
  await add('Rented by a local customer', 'B2', '+', '-')
  await add('A rumour', 'F3', '--', '++')
  await add('Seen everywhere', 'A1', '-', '-')
  await add('Break-in on the servers', 'A1', '', '++')
  const { html, text } = await page('weighing')
  assert.deepEqual(rowsOf(html), [1, 2, 3, 4])
  assert.match(text, /weight × \(highest mark − lowest mark\)/)
  const cells = html
    .match(/<td class="num" data-label="Tells apart">(?:<bdi>)?(-?\d+)/g)
    ?.map((cell) => Number(cell.match(/(\d+)$/)?.[1]))
  assert.deepEqual(cells, [18, 0, 0, 32])
  assert.deepEqual(rowsOf((await page('weighing?sort=diagnosticity')).html), [4, 1, 2, 3])
  assert.deepEqual(rowsOf((await page('weighing?only=undiagnostic')).html), [3])
  assert.deepEqual(rowsOf((await page('weighing?only=unjudged')).html), [4])
  assert.deepEqual(rowsOf((await page('weighing?grade=F')).html), [2])
  assert.deepEqual(rowsOf((await page('weighing?bears=1')).html), [1, 2, 3])
  assert.deepEqual(rowsOf((await page('weighing?sort=nothing&page=99')).html), [1, 2, 3, 4])
  assert.match((await page('weighing/sensitivity')).text, /H1 One item is not judged against it/)
  for (const language of languages)
    for (const path of ['weighing', 'weighing/sensitivity', `hypotheses/${first}`])
      assert.doesNotMatch(
        (await page(path, undefined, language)).html,
        /(incidents|weighing)\.[a-z]/,
        `${language} ${path}`,
      )
})

test('a long matrix has pages, and each page keeps order and choice', async (t) => {
  const { services, incident, page, first } = await desk(t)
  await services.db
    .insertInto('home.incidents_evidence')
    .values(
      Array.from({ length: 90 }, (_, at) => ({
        id: newId(),
        incident,
        number: at + 1,
        words: `Item ${at + 1}`,
        source: 'register',
        reliability: 'B',
        credibility: '2',
        stix_id: null,
        tlp: 'AMBER' as const,
        by_person: 'analyst',
        at: 0,
        withdrawn_at: null,
        compartment: null,
      })),
    )
    .execute()
  assert.equal(rowsOf((await page('weighing')).html).length, 25)
  const { html } = await page('weighing?page=4&grade=B')
  assert.deepEqual(rowsOf(html), [76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90])
  assert.match(html, /href="[^"]*\/weighing\?page=2&amp;grade=B|href="[^"]*grade=B&amp;page=2/)
  assert.match((await page(`hypotheses/${first}?from=75`)).html, /name="mark-90"/)
})

test('a hypothesis is marked against all items on one form, and an empty mark changes nothing', async (t) => {
  const { add, post, page, services, first, second } = await desk(t)
  const one = await add('Rented by a local customer', 'B2', '+', '-')
  const two = await add('Office hours', 'C3', '', '')
  await post(`hypotheses/${second}/marks`, { 'mark-1': '', 'mark-2': '--' })
  const marks = await services.db
    .selectFrom('home.incidents_mark')
    .select(['evidence', 'hypothesis', 'consistency'])
    .execute()
  const of = (evidence: string, hypothesis: string) =>
    marks.find((mark) => mark.evidence === evidence && mark.hypothesis === hypothesis)?.consistency
  assert.deepEqual([of(one, second), of(two, second), of(two, first)], ['-', '--', undefined])
  assert.match((await page('')).text, /One item judged anew against hypothesis 2/)
})

test('a hypothesis that was dropped is not ranked until it is taken up again, and both keep their reason', async (t) => {
  const { add, post, page, ask, analyst, at, first, second } = await desk(t)
  await add('Rented by a local customer', 'B2', '+', '-')
  await post(`hypotheses/${first}/move`, { kind: 'dropped', why: 'The hours do not fit' })
  const dropped = await page('weighing')
  assert.match(dropped.text, /One hypothesis that is not weighed/)
  assert.match(dropped.text, /Hypothesis 2 is the least contradicted/)
  const again = await ask('POST', `${at}/hypotheses/${first}/move`, {
    viewer: analyst,
    input: { id: newId(), kind: 'dropped', why: 'Twice' },
  })
  assert.match(again.html, /A colleague has changed this meanwhile/)
  await post(`hypotheses/${first}/move`, { kind: 'taken-up', why: 'The hours were wrong' })
  assert.match((await page('weighing')).text, /Hypothesis 1 is the least contradicted/)
  const { text } = await page(`hypotheses/${first}`)
  assert.match(text, /Dropped\. The hours do not fit .*Taken up again\. The hours were wrong/)
  await post(`hypotheses/${second}/move`, { kind: 'same-as', sameAs: first, why: 'The same conduct' })
  const refused = await ask('POST', `${at}/hypotheses/${first}/move`, {
    viewer: analyst,
    input: { id: newId(), kind: 'dropped', why: 'Leaves none' },
  })
  assert.match(refused.html, /Another hypothesis is joined to this one/)
})

test('each reader is given the ranking of what they may see', async (t) => {
  const { add, page } = await desk(t)
  await add('Rented by a local customer', 'B2', '+', '-')
  await add('Heard by few', 'A1', '--', '++', { tlp: 'RED' })
  assert.match((await page('weighing')).text, /Hypothesis 2 is the least contradicted/)
  const amber = await page('weighing', { ...colleague, ceiling: 'AMBER' })
  assert.match(amber.text, /Hypothesis 1 is the least contradicted/)
  assert.match(amber.text, /One item is marked above what you may see; the figures here leave it out/)
  assert.doesNotMatch((await page('weighing/sensitivity', { ...colleague, ceiling: 'AMBER' })).text, /item 2|Heard/)
})

test('what is recorded beside an assessment rests on items that all readers of the incident have', async (t) => {
  const { add, post, services, first } = await desk(t)
  await add('Rented by a local customer', 'B2', '+', '-')
  await add('Heard by few', 'A1', '--', '++', { tlp: 'RED' })
  await post('assessments', {
    hypothesis: first,
    probability: 'icd-203:likely',
    confidence: 'low',
    ...reasons,
    why: 'One source.',
  })
  const { ranking } = await services.db
    .selectFrom('home.incidents_assessment')
    .select('ranking')
    .executeTakeFirstOrThrow()
  assert.equal(ranking.find(({ place }) => place === 1)?.hypothesis, first)
})
