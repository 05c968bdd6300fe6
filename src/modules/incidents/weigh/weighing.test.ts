import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analyst, ask, openDemo, twoParties } from '../../../../test/support/incident-room.ts'
import { reasons } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'

test('the second hypothesis overtakes the first, and the course of it stays in view', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const id = await openDemo(services)
  const post = async (path: string, input: Record<string, unknown>) => {
    const { answer, html } = await ask('POST', `/incidents/${id}/${path}`, {
      services,
      viewer: analyst,
      input: { id: newId(), ...input },
    })
    assert.ok('redirect' in answer, html)
  }
  await post('hypotheses', { statement: 'Those who run the servers act from there' })
  await post('hypotheses', { statement: 'The servers were taken over by somebody else' })
  const hypotheses = await services.db.selectFrom('home.incidents_hypothesis').select('id').orderBy('number').execute()
  const [first, second] = hypotheses.map((one) => one.id)
  const item = {
    words: 'Rented by a local customer',
    source: 'register',
    reliability: 'B',
    credibility: '2',
    'mark-1': '+',
    'mark-2': '-',
  }
  await post('evidence', item)
  await post('evidence', {
    ...item,
    words: 'A rumour',
    reliability: 'F',
    credibility: '3',
    'mark-1': '--',
    'mark-2': '++',
  })
  await post('assessments', {
    hypothesis: first,
    probability: 'icd-203:likely',
    confidence: 'low',
    ...reasons,
    why: 'One source.',
  })
  await post('evidence', {
    ...item,
    words: 'Traces of a break-in on the servers',
    reliability: 'A',
    credibility: '1',
    'mark-1': '--',
    'mark-2': '++',
  })
  await post('assessments', {
    hypothesis: second,
    probability: 'icd-203:likely',
    confidence: 'moderate',
    ...reasons,
    why: 'Logs of Borovia.',
  })
  for (const language of ['en', 'fr', 'ar']) {
    const { html } = await ask('GET', `/incidents/${id}/weighing`, { services, viewer: analyst, language })
    assert.match(html, /<svg class="chart"/)
    assert.doesNotMatch(html, /incidents\.[a-z]/, language)
  }
  const { html } = await ask('GET', `/incidents/${id}/weighing`, { services, viewer: analyst })
  assert.match(html, /Hypothesis 2 has moved in front/)
  assert.match(html, /Without item 3 alone, H1 would lead/)
  assert.match(html, /Item 2 cannot be judged/)
  assert.match(html, /Hypothesis 2: likely \(ICD 203\). Confidence in this judgement: moderate/)
  assert.doesNotMatch(html, /[Aa]ttacker/)
  const wrong = await ask('POST', `/incidents/${id}/assessments`, {
    services,
    viewer: analyst,
    input: {
      id: newId(),
      hypothesis: first,
      probability: 'icd-203:certain',
      confidence: 'low',
      ...reasons,
      why: 'Kept words',
    },
  })
  assert.match(wrong.html, /Kept words/)
})
