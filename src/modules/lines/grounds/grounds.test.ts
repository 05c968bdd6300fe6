import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributionHouses, textOf, writer } from '../../../../test/support/attribution-houses.ts'
import { personOf } from '../../../../test/support/space-pages.ts'
import { newId } from '../../../protocol/index.ts'
import { lines, readLines, standingIn } from '../index.ts'

test('a line that rests on an act or an attribution is flagged when that is contested, rejected, replaced or withdrawn', async (t) => {
  const houses = await attributionHouses(t, [lines])
  const { house, incident, affirmed, state, send, atHome, read, releaser, sign } = houses
  const { statement } = await affirmed('aurelia')
  const hash = await state('aurelia', statement)
  await send('borovia', 'attributions.attribution-answered', {
    ...{ statement: hash, answer: 'noted', words: 'For few.', tlp: 'RED' },
  })
  const claim = newId()
  const said = { maker: 'other', name: 'Firm of experts', accused: 'Group Heron', basis: 'industry', kind: 'technical' }
  const kept = { ...said, day: '2026-11-20', source: 'Report 4', tlp: 'GREEN' }
  await atHome('aurelia', '/attributions/claims', { id: claim, ...kept })
  const at = `/incidents/${incident.aurelia}/lines`
  const write = async (words: string, restsOn: string[]) => {
    const id = newId()
    await atHome('aurelia', '/lines', {
      ...{ id, words, restsOn, question: '', audience: 'house', marking: 'AMBER', kind: 'holding', language: 'en' },
    })
    await atHome('aurelia', `/lines/${id}/clear`, { language: 'en', seen: id }, releaser)
    return id
  }
  const form = await read('aurelia', at)
  assert.match(form, /Act on the record \(stands\): .*Attribution, .*AURELIA.*: .*On the banks/)
  assert.match(form, /Attribution of the register \(stands\): .*Firm of experts: Group Heron/)
  assert.match(form, /Words we released \(stands\)/)
  assert.doesNotMatch(form, /For few/, 'what is marked narrower than the incident is nothing to rest on')
  const stated = await write('They did it.', [`act:${hash}`])
  const told = await write('Experts say so too.', [`attribution:${claim}`, `statement:${statement}`])
  const linesNow = async (viewer = writer) => readLines(house.aurelia, viewer, { incident: incident.aurelia })
  const states = async () => {
    const all = await linesNow()
    return [stated, told].map((id) => {
      const line = all.find((one) => one.id === id)
      return line && standingIn(line, 'en', { now: house.aurelia.clock.now() })
    })
  }
  const stands = async (line: string) => {
    const page = (await houses.post('aurelia', `${at}/${line}/clear`, { language: 'en', seen: line }, releaser)).html
    assert.match(page, /What it rests on changed/)
    const found = (await linesNow()).find(({ id }) => id === line)
    const seen = found?.flags.map(({ ground, now }) => `${ground.kind} ${ground.id} ${now?.stamp}`).join('|')
    await atHome('aurelia', `/lines/${line}/stands`, { seen, why: 'We hold to it.' }, releaser)
  }
  assert.deepEqual(await states(), ['may-be-said', 'may-be-said'], 'an act that takes note disputes nothing')

  await send('borovia', 'attributions.attribution-answered', { statement: hash, answer: 'rejected', words: '' })
  assert.deepEqual(await states(), ['flagged', 'may-be-said'])
  assert.match(
    await read('aurelia', `${at}/${stated}`, releaser),
    /Act on the record \(stands\):.*Act on the record \(contested\):.*Disputed by .*BOROVIA.*To what changed/,
  )
  await stands(stated)
  const contest = await send('borovia', 'attributions.attribution-contested', {
    ...{ statement: hash, ground: 'false-flag', subject: 'Not so', text: 'It was staged.' },
  })
  assert.deepEqual(await states(), ['flagged', 'may-be-said'], 'one more who disputes it is another state')
  await stands(stated)
  await send('borovia', 'attributions.attribution-withdrawn', { act: contest, reason: 'settled', words: '' })
  assert.deepEqual(await states(), ['flagged', 'may-be-said'], 'so is one fewer')
  await stands(stated)
  const contested = { about: hash, ground: 'own-hosts-victims' }
  const words = { subject: 'Not our hosts', paragraphs: ['They were misused.'] }
  assert.equal(await sign('borovia', 'incidents.facts-contested', contested, words), undefined)
  assert.deepEqual(await states(), ['flagged', 'may-be-said'])
  await stands(stated)
  await send('aurelia', 'attributions.attribution-withdrawn', { act: hash, reason: 'mistaken', words: '' })
  assert.deepEqual(await states(), ['flagged', 'may-be-said'])
  assert.match(await read('aurelia', `${at}/${stated}`), /Act on the record \(withdrawn\)/)

  await atHome('aurelia', `/attributions/claims/${claim}/disputes`, { by: 'Borovia', on: '2026-11-21', words: 'No' })
  assert.deepEqual(await states(), ['flagged', 'flagged'])
  await stands(told)
  await atHome('aurelia', '/attributions/claims', {
    ...{ id: newId(), ...kept, accused: 'Group Egret', tlp: 'RED', corrects: claim, why: 'They said so' },
  })
  assert.deepEqual(await states(), ['flagged', 'flagged'])
  const amber = personOf('amber', 'AMBER')
  const [before, now] = [amber, writer].map((viewer) => read('aurelia', `${at}/${told}`, viewer))
  assert.match((await before) ?? '', /Attribution of the register \(contested\): marked too narrow for you/)
  assert.doesNotMatch((await before) ?? '', /Egret|It still stands/)
  assert.match((await now) ?? '', /Group Egret/)
  const flags = (await linesNow(amber)).find(({ id }) => id === told)?.flags ?? []
  const seen = flags.map(({ ground, now: is }) => `${ground.kind} ${ground.id} ${is?.stamp}`).join('|')
  const confirmed = await atHome('aurelia', `/lines/${told}/stands`, { seen, why: 'As before.' }, amber)
  assert.match(textOf(confirmed.html), /marked too narrow for you. Somebody who may read it/)
  for (const language of ['fr', 'ar'])
    assert.doesNotMatch(await read('aurelia', `${at}/${told}`, writer, language), /\b(lines|attributions)\.[a-z]/)
})
