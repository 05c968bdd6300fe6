import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { incidentHouse, reasons } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'
import { uncovered } from './probability-page.tsx'
import { sharedBand } from './read-probability.ts'

const languages = ['en', 'fr', 'ar']

test('a word is shown in the words of other schemes, with what none of them says', async (t) => {
  const { ask, analyst } = await incidentHouse(t, [incidents])
  const page = async (word: string, language = 'en') =>
    ask('GET', `/incidents/probability-words?word=${word}`, { viewer: analyst, language })
  const { text, html } = await page('icd-203:likely')
  assert.match(text, /likely \(ICD 203\) in the words of others 55–80 %/)
  assert.match(text, /PHIA likely \(55–75 %\) 75–80 %/, 'highly likely only touches it at 80')
  assert.match(text, /NATO AJP-2\.1 even chance \(55–60 %\) and likely \(60–80 %\) –/)
  assert.match(text, /Kent 1964 chances about even \(55–60 %\) and probable \(63–80 %\) 60–63 %/)
  assert.equal(html.match(/<rect/g)?.length, 7 + 7 + 5 + 5 + 1)
  assert.doesNotMatch((await page('icd-203:certain')).text, /in the words of others/)
  for (const language of languages)
    assert.doesNotMatch(
      (await page('phia:remote-chance', language)).html,
      />[^<]*(incidents|weighing)\.[a-z]/,
      language,
    )
  assert.equal(sharedBand({ from: 55, to: 80 }, { from: 80, to: 90 }), undefined)
  assert.deepEqual(
    uncovered({ from: 0, to: 10 }, [
      { from: 2, to: 4 },
      { from: 3, to: 8 },
    ]),
    [
      { from: 0, to: 2 },
      { from: 8, to: 10 },
    ],
  )
})

test('confidence is recorded with its reasons, apart from likelihood, and a word keeps the band it had', async (t) => {
  const { ask, analyst, services, incident } = await incidentHouse(t, [incidents])
  const folder = await mkdtemp(join(tmpdir(), 'chancery-probability-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  services.settings.dataDir = folder
  const post = async (path: string, input: Record<string, unknown>) => {
    const { answer, text } = await ask('POST', `/incidents/${incident}/${path}`, { viewer: analyst, input })
    return 'redirect' in answer ? 'kept' : text
  }
  const [hypothesis, id] = [newId(), newId()]
  await post('hypotheses', { id: hypothesis, statement: 'The servers were taken over' })
  const judged = { hypothesis, probability: 'phia:realistic-possibility', confidence: 'low', why: 'One source.' }
  for (const missing of ['sources', 'independence', 'assumptions', 'gaps'])
    assert.notEqual(await post('assessments', { id, ...judged, ...reasons, [missing]: '' }), 'kept', missing)
  assert.equal(await post('assessments', { id, ...judged, ...reasons }), 'kept')
  const page = async () => (await ask('GET', `/incidents/${incident}/assessments/${id}`, { viewer: analyst })).text
  assert.match(await page(), /realistic possibility \(PHIA\) , 40–50 %|realistic possibility \(PHIA\), 40–50 %/)
  assert.match(await page(), /Gaps No image of the disks/)

  const shipped = JSON.parse(await readFile(new URL('../reference/probability.json', import.meta.url), 'utf8'))
  const names = { en: 'a fair chance', fr: 'une chance réelle', ar: 'فرصة حقيقية' }
  const own = { id: 'own', name: 'Own', source: 'Ours', unconfirmed: false }
  shipped.schemes = [
    {
      ...own,
      words: [
        { word: 'fair', names, from: 30, to: 60 },
        { word: 'else', names, from: 60, to: 70 },
      ],
    },
  ]
  await mkdir(join(folder, 'rules', 'weighing'), { recursive: true })
  await writeFile(join(folder, 'rules', 'weighing', 'probability.json'), JSON.stringify(shipped))
  assert.match(
    await page(),
    /realistic possibility \(PHIA\),? ?,? 40–50 %/,
    'a scheme that went keeps its word and band',
  )
  assert.match(await post('assessments', { ...judged, ...reasons, id: newId() }), /word/)
  assert.equal(await post('assessments', { ...judged, ...reasons, id: newId(), probability: 'own:fair' }), 'kept')
  assert.match((await ask('GET', `/incidents/${incident}`, { viewer: analyst })).text, /a fair chance \(Own\)/)
})
