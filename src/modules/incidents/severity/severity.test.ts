import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { incidentHouse } from '../../../../test/support/incident-house.ts'
import { readCsv } from '../../../core/csv/index.ts'
import type { Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'
import { incidentsSeverity } from '../migrations/0004-severity.ts'
import { listSeverityLevels } from './assess.ts'
import { computeSeverity } from './compute.ts'
import { readSchemes } from './read-schemes.ts'
import { isAtLeast, type SeverityScheme, schemeSchema } from './scheme.ts'

const shipped = readSchemes({ settings: {} })
const scheme = (id: string) => shipped.find(id) as SeverityScheme

/** A folder of a house with rules of its own. */
function ownRules(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-severity-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  mkdirSync(join(dataDir, 'rules/severity'), { recursive: true })
  const write = (name: string, content: unknown) =>
    writeFileSync(join(dataDir, 'rules/severity', name), JSON.stringify(content))
  return { settings: { dataDir }, write }
}

const answersOf = (of: SeverityScheme) =>
  fc.record(
    Object.fromEntries(of.inputs.map(({ id, choices }) => [id, fc.constantFrom(...choices.map((one) => one.id))])),
  )

test('each scheme stays in its range, rises with every question that its file says rises, and its levels follow its figure', () => {
  for (const one of shipped.schemes) {
    const place = (level: string | undefined) => one.levels.findIndex(({ id }) => id === level)
    fc.assert(
      fc.property(
        answersOf(one),
        fc.constantFrom(...one.inputs),
        fc.subarray(one.inputs.map(({ id }) => id)),
        (given, input, open) => {
          const before = computeSeverity(one, given)
          const { figure = -1, level, most, range } = before
          assert.ok(figure >= 0 && figure <= most && range.from === figure && range.to === figure)
          const next = input.choices[input.choices.findIndex(({ id }) => id === given[input.id]) + 1]
          if (next && input.rising) {
            const after = computeSeverity(one, { ...given, [input.id]: next.id })
            assert.ok((after.figure ?? -1) >= figure && place(after.level) >= place(level))
          }
          // What is left open can still turn out to be what was given.
          const partly = computeSeverity(
            one,
            Object.fromEntries(Object.entries(given).filter(([id]) => !open.includes(id))),
          )
          assert.ok(partly.range.from <= figure && figure <= partly.range.to)
          assert.equal(partly.figure === undefined, partly.missing.length > 0)
          const parts = before.contributions.flatMap(({ part }) => part ?? [])
          const whole = one.formula === 'highest' ? Math.max(...parts) : parts.reduce((a, b) => a + b, 0)
          assert.ok(Math.abs(whole - figure) < 1e-4, `${whole} is shown to make up ${figure}`)
        },
      ),
    )
  }
})

const answered = (of: string, ...choices: string[]) =>
  Object.fromEntries(scheme(of).inputs.map(({ id }, at) => [id, choices[at] ?? '']))

test('each scheme gives the figures and levels of its table of cases', () => {
  const cases: [string, string[], number | undefined, string | undefined][] = [
    ['chancery-1', ['3', '2', '1', '2'], 8, 'severe'],
    ['chancery-1', ['0', '0', '1', '0'], 1, 'negligible'],
    ['chancery-1', ['3', '3', '3', '2'], 11, 'critical'],
    ['chancery-1', ['3', '2', '1'], undefined, undefined],
    [
      'nciss',
      ['none', 'prepare', 'outside', 'incidental', 'none', 'regular', 'none', 'low'],
      2.5,
      'baseline-negligible',
    ],
    ['nciss', ['denied', 'effect', 'safety', 'advanced', 'critical', 'not', 'nearly-all', 'vital'], 100, 'emergency'],
    [
      'nciss',
      ['significant', 'effect', 'business', 'criminal', 'private', 'extended', 'some', 'regional'],
      55.875,
      'medium',
    ],
    ['eu-impact', ['minor', 'none', 'none', 'large'], 2, 'yellow'],
    ['eu-impact', ['none', 'none', 'none', 'none', 'high', 'malicious-actions', 'worsening'], 0, 'white'],
    ['eu-impact', ['none', 'very-large', 'none', 'none', 'low'], 3, 'red'],
    ['eurepoc', ['sensitive', 'long', 'misused', 'none', 'none', 'very-high'], 9, 'high'],
    ['eurepoc', ['none', 'short', 'none', 'none', 'none', 'moderate'], 1, 'low'],
    ['eurepoc', ['plain', 'none', 'misused', 'none', 'none', 'moderate'], 3, 'moderate'],
  ]
  for (const [of, choices, figure, level] of cases) {
    const computed = computeSeverity(scheme(of), answered(of, ...choices))
    assert.deepEqual([of, computed.figure, computed.level], [of, figure, level])
  }
  assert.equal(isAtLeast(scheme('nciss'), 'severe', 'high'), true)
  assert.equal(isAtLeast(scheme('nciss'), 'low', 'high'), false)
  assert.equal(isAtLeast(scheme('nciss'), 'yellow', 'high'), undefined, 'a level of another scheme is none of this one')
})

const eurepocFile = new URL('../../../../../shared/data/incidents/EuRepoC_Global_Database_1.1.csv', import.meta.url)
const skip = existsSync(eurepocFile) ? false : 'no ../shared/data/incidents (EuRepoC 1.1)'

test('the rule of EuRepoC gives the intensity that the repository published, but for the ten rows its file says', {
  skip,
}, () => {
  const [head, ...rows] = readCsv(readFileSync(eurepocFile, 'utf8')).rows.map(({ cells }) => cells)
  const columns = ['data_theft', 'disruption', 'hijacking', 'physical_effects_spatial', 'physical_effects_temporal']
  const rule = scheme('eurepoc')
  const compared = rows.flatMap((row) => {
    const cell = (name: string) => row[head?.indexOf(name) ?? -1] ?? ''
    const parts = columns.map((name, at) => {
      const points = cell(name) === 'none' ? 0 : Number(/scores (\d) point/.exec(cell(name))?.[1] ?? Number.NaN)
      return rule.inputs[at]?.choices.find((one) => one.points === points)?.id ?? ''
    })
    const importance = /^(Moderate|Very high)/.exec(cell('target_multiplier'))?.[1]
    if (parts.includes('') || !importance) return []
    const answers = answered('eurepoc', ...parts, importance === 'Moderate' ? 'moderate' : 'very-high')
    return [computeSeverity(rule, answers).figure === Number(cell('weighted_cyber_intensity'))]
  })
  assert.deepEqual([compared.length, compared.filter(Boolean).length], [1431, 1421])
})

test('a changed file of a scheme changes the result, a scheme of the house stands beside, and a mistake is named with its place', (t) => {
  const rules = ownRules(t)
  const answers = answered('nciss', 'denied', 'prepare', 'outside', 'incidental', 'none', 'regular', 'none', 'low')
  assert.equal(computeSeverity(readSchemes(rules).find('nciss') as SeverityScheme, answers).figure, 15)
  const nciss = structuredClone(scheme('nciss'))
  const [functional] = nciss.inputs
  if (functional) functional.weight = 9
  rules.write('nciss.json', nciss)
  const changed = computeSeverity(readSchemes(rules).find('nciss') as SeverityScheme, answers)
  assert.deepEqual([changed.figure, changed.level], [57.5, 'medium'])

  rules.write('national.json', { ...scheme('chancery-1'), id: 'national' })
  const house = { dated: '2026-11-01', source: 'Ours', unconfirmed: false }
  rules.write('house.json', { ...house, schemes: ['national', 'nciss'], shown: 'national' })
  assert.deepEqual(
    readSchemes(rules).schemes.map(({ id }) => id),
    ['national', 'nciss'],
  )
  assert.equal(readSchemes(rules).shown.id, 'national')

  const refused = (code: RegExp) => (error: Refusal) => code.test(error.message)
  rules.write('house.json', { ...house, schemes: ['nciss', 'nowhere'], shown: 'nciss' })
  assert.throws(() => readSchemes(rules), refused(/rules\/severity\/nowhere\.json/))
  rules.write('house.json', { ...house, schemes: ['nciss'], shown: 'nciss' })
  nciss.inputs[1]?.choices.reverse()
  rules.write('nciss.json', nciss)
  assert.throws(() => readSchemes(rules), refused(/nciss\.json, at inputs\[1\]\.choices\[1\]\.points: falls/))
  assert.equal(
    schemeSchema.safeParse({ ...scheme('nciss'), levels: scheme('nciss').levels.toReversed() }).success,
    false,
  )
})

test('answers under several schemes stand side by side with what each adds, are never overwritten, and say when rules changed', async (t) => {
  const { services, incident, analyst, ask, at } = await incidentHouse(t, [incidents])
  const rules = ownRules(t)
  services.settings.dataDir = rules.settings.dataDir
  const page = `/incidents/${incident}/severity`
  const post = (of: string, answers: Record<string, string>, id = newId()) =>
    ask('POST', `${page}/${of}`, { viewer: analyst, input: { id, why: 'What the water works told us', ...answers } })
  const read = async (language = 'en', address = page) =>
    (await ask('GET', address, { viewer: analyst, language })).text

  assert.match(await read(), /Own scheme of Chancery shown in the head .*not answered yet/)
  assert.match((await post('chancery-1', { service: '7' })).text, /Choose an answer of this scheme/)
  await post('chancery-1', { service: '3' })
  assert.match(await read(), /between minor and critical \(3 questions open\).*Still open: How far does it reach\?/)
  at('2026-11-10T09:00:00Z')
  const same = newId()
  for (const _ of [1, 2]) await post('chancery-1', { service: '3', reach: '2', data: '1', recovery: '2' }, same)
  await post('eu-impact', { disruption: 'large', health: 'none', damage: 'none', cost: 'minor', outlook: 'worsening' })
  const shown = await read()
  assert.match(shown, /severe 8 of 12/)
  assert.match(shown, /Yellow: large impact 2 of 3/)
  assert.match(shown, /Disruption for the country or a large region large 2 2, decides/)
  assert.match(shown, /Answers so far, the newest first.*severe 8 .*between minor and critical/)
  assert.match(shown, /not compared with CISA’s page/)
  assert.match(await read('en', `/incidents/${incident}`), /severe \(8 of 12, Own scheme of Chancery\)/)
  assert.deepEqual(
    (await listSeverityLevels(services, analyst, incident)).map(({ scheme: of, level }) => [of, level]),
    [
      ['chancery-1', 'severe'],
      ['eu-impact', 'yellow'],
    ],
  )

  const ours = structuredClone(scheme('chancery-1'))
  rules.write('chancery-1.json', {
    ...ours,
    dated: '2026-11-09',
    levels: ours.levels
      .map((one) => (one.id === 'critical' ? { ...one, from: 8.5 } : one))
      .filter(({ id }) => id !== 'severe'),
  })
  assert.match(
    await read(),
    /severe The level stands as it was computed under the rules of 23 Nov.* today’s, of 9 Nov.*: serious\./,
  )
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await read(language), /severity\.[a-z]|undefined/)
  rules.write('house.json', {
    dated: '2026-11-09',
    source: 'Ours',
    unconfirmed: false,
    schemes: ['eu-impact'],
    shown: 'eu-impact',
  })
  assert.match(await read(), /Under schemes this house no longer uses.*Own scheme of Chancery: severe/)
  assert.match(await read('en', `/incidents/${incident}`), /Yellow: large impact \(2 of 3/)
})

test('what was answered before schemes were files is read as it was given, every time of it', async (t) => {
  const { services, incident, analyst, ask } = await incidentHouse(t, [incidents])
  const { db } = services
  await db.transaction().execute(async (tx) => {
    await sql`drop table home.incidents_severity`.execute(tx)
    await sql`alter table home.incidents_incident add column severity jsonb`.execute(tx)
    await sql`update home.incidents_incident
      set severity = '{"service": 3, "reach": 2, "data": 1, "recovery": 2}'`.execute(tx)
    await sql`insert into home.incidents_entry (id, incident, at, written_at, by_person, kind, facts) values
      ('e1', ${incident}, 1, 1, 'analyst', 'severity', '{"service": 0, "reach": 1, "data": 0, "recovery": 0}'),
      ('e2', ${incident}, 2, 2, 'colleague', 'severity', '{"service": 3, "reach": 2, "data": 1, "recovery": 2}')`.execute(
      tx,
    )
    await incidentsSeverity.up(tx)
  })
  assert.deepEqual(await listSeverityLevels(services, analyst, incident), [
    { scheme: 'chancery-1', level: 'severe', figure: 8, by: 'colleague', at: 2 },
  ])
  const { text } = await ask('GET', `/incidents/${incident}/severity`, { viewer: analyst })
  assert.match(text, /severe Answered before the rules of this scheme had a date.*essential ones stand still 3 3/)
  assert.match(text, /Answers so far, the newest first.*severe 8 .*negligible 1 /)
})
