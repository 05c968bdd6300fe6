import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'
import { brief } from '../../brief/index.ts'
import { legalClocks } from '../../legal-clocks/index.ts'
import { lines, writeHoldingLines } from '../../lines/index.ts'
import { response } from '../../response/index.ts'
import { incidents } from '../index.ts'

test('the page of an incident lists the rooms of work that its reader may enter, each with how it stands', async (t) => {
  const { ask, incident, analyst, services } = await incidentHouse(t, [incidents, response, legalClocks, brief, lines])
  const rooms = async (viewer: typeof analyst) => {
    const { html } = await ask('GET', `/incidents/${incident}`, { viewer })
    const [list = ''] = /<ul class="rooms">.*?<\/ul>/s.exec(html) ?? []
    return [...list.matchAll(/<a href="\/incidents\/[^/]+\/([^"]+)">.*?<p[^>]*>(.*?)<\/p>/g)].map(([, at, state]) => [
      at,
      state,
    ])
  }
  const before = await rooms(analyst)
  assert.deepEqual(
    before.map(([at]) => at),
    [
      ...['record', 'particulars', 'objects', 'weighing', 'weighing/diamond'],
      ...['options', 'lines', 'brief', 'clocks', 'severity', 'readers'],
    ],
  )
  await writeHoldingLines(services, personOf('drafter'), incident, {
    id: newId(),
    lines: ['We are looking into it.'],
    language: 'en',
  })
  const states = new Map((await rooms(analyst)).map(([at, state]) => [at, state]))
  assert.equal(states.get('brief'), 'Lines to take wait for a second person')
  assert.match(states.get('options') ?? '', /^\d+ open questions, nothing decided$/)
  assert.equal(states.get('weighing/diamond'), 'no hypothesis, no event')
  assert.equal(states.get('clocks'), 'No term runs')
  assert.equal(states.get('readers'), 'Open to the house')
  const reader = await rooms(personOf('reader', /^nothing/))
  assert.ok(!reader.some(([at]) => at === 'record'), 'who may not write is not led to the forms')
  assert.ok(reader.some(([at]) => at === 'particulars'))
})
