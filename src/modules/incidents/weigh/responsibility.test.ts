import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'

const languages = ['en', 'fr', 'ar']

test('a hypothesis is placed on the spectrum of responsibility by a person, a day and a source, and never by a figure', async (t) => {
  const { ask, analyst, incident } = await incidentHouse(t, [incidents])
  const at = `/incidents/${incident}`
  const post = async (path: string, input: Record<string, unknown>) => {
    const { answer, text } = await ask('POST', `${at}/${path}`, {
      viewer: analyst,
      input: { id: newId(), ...input },
    })
    return 'redirect' in answer ? 'kept' : text
  }
  const hypothesis = newId()
  await post('hypotheses', { id: hypothesis, statement: 'A group acts from there' })
  const page = async (viewer = analyst, language = 'en') =>
    ask('GET', `${at}/hypotheses/${hypothesis}`, { viewer, language })
  assert.match((await page()).text, /Nobody has placed it yet/)
  const placed = { step: 'ignored', toldOn: '2026-11-09', source: 'Two notes that were not answered', why: 'They know' }
  const place = (more: Record<string, unknown>) =>
    post(`hypotheses/${hypothesis}/responsibility`, { ...placed, ...more })
  assert.match(await place({ step: 'guilty' }), /The spectrum has no such step/)
  assert.match(await place({ toldOn: '2026-11-12' }), /Choose a day that has begun/)
  assert.match(await place({ source: '' }), /Source/)
  assert.equal(await place({}), 'kept')
  assert.equal(await place({ step: 'prohibited-inadequate', why: 'They answered and lack the means' }), 'kept')
  const { text, html } = await page()
  assert.match(text, /State-ignored as of 9 November 2026; another placing stands\. They know/)
  assert.match(text, /State-prohibited but inadequate as of 9 November 2026\. They answered/)
  assert.equal(html.match(/<li aria-current="true">/g)?.length, 1)
  const reader = await page(personOf('reader', /^none$/))
  assert.match(reader.text, /They answered/)
  assert.doesNotMatch(reader.html, /name="step"/)
  for (const language of languages)
    assert.doesNotMatch((await page(analyst, language)).html, />[^<]*(incidents|weighing)\.[a-z]/, language)
})

test('items are seen through a technical, a political or a legal lens, and the matrix is narrowed by it', async (t) => {
  const { ask, analyst, incident } = await incidentHouse(t, [incidents])
  const at = `/incidents/${incident}`
  const post = (path: string, input: Record<string, unknown>) =>
    ask('POST', `${at}/${path}`, { viewer: analyst, input })
  await post('hypotheses', { id: newId(), statement: 'A group acts from there' })
  const ids = [newId(), newId(), newId()]
  const grade = { reliability: 'B', credibility: '2' }
  for (const [index, lens] of ['technical', 'political', ''].entries())
    await post('evidence', { id: ids[index], words: `Seen ${index + 1}`, source: 'register', ...grade, lens })
  const shown = async (view: string, language = 'en') => {
    const { html } = await ask('GET', `${at}/weighing${view}`, { viewer: analyst, language })
    return [...html.matchAll(/<th scope="row"[^>]*>(?:<bdi>)?(\d)\. /g)].map(([, number]) => Number(number))
  }
  assert.deepEqual([await shown(''), await shown('?lens=technical'), await shown('?lens=legal')], [[1, 2, 3], [1], []])
  const graded = await post(`evidence/${ids[2]}/grade`, { ...grade, lens: 'legal' })
  assert.ok('redirect' in graded.answer, 'another lens needs no reason')
  assert.deepEqual([await shown('?lens=legal'), await shown('?lens=other')], [[3], [1, 2, 3]])
})
