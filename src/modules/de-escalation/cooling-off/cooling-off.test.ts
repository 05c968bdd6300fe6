import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { clocksAbout, clockState, lapsedAct } from '../../../core/clocks/index.ts'
import { fieldErrors, InvalidInput } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { talks } from '../../talks/index.ts'
import { deEscalation } from '../index.ts'

const house = [...modules, talks, deEscalation]
const [drafter, releaser] = [personOf('drafter'), personOf('releaser')]
const hour = 3_600_000

test('a cooling-off period is proposed, agreed, prolonged and ended on both sides; a breach is a statement beside its answer', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = network.nodes
  const at = { aurelia: servicesOf(aurelia, house), borovia: servicesOf(borovia, house) }
  type Side = keyof typeof at
  const space = await openCase(network, at.aurelia)
  const path = `/spaces/${space}/cooling-off`
  let size = 1
  const landed = () => arrives(space, ++size, aurelia, borovia)
  const page = async (who: Side, language = 'en', address = path) =>
    (await ask('GET', address, { services: at[who], viewer: drafter, language })).html
  const post = (who: Side, type: string, input: Record<string, unknown>) =>
    ask('POST', `/spaces/${space}/write/de-escalation.${type}`, {
      services: at[who],
      viewer: drafter,
      input: { id: newId(), tlp: 'AMBER', ...input },
    })
  const write = async (who: Side, type: string, input: Record<string, unknown>): Promise<string> => {
    const { drafts } = at[who]
    const { answer: saved, html } = await post(who, type, input)
    assert.doesNotMatch(html, /-error"/)
    const id = redirectOf(saved).split('/')[2] ?? ''
    await drafts.submit(drafter, id, (await drafts.find(id))?.approval ?? '')
    if ((await drafts.find(id))?.state === 'awaiting-release')
      await drafts.release(releaser, id, (await drafts.find(id))?.approval ?? '')
    await drafts.signDue()
    await landed()
    return (await drafts.find(id))?.actHash ?? ''
  }
  const refused = async (type: string, input: Record<string, unknown>, field: string) => {
    const blamed = await post('aurelia', type, input).then(
      ({ html }) => html,
      (error) => {
        assert.ok(error instanceof InvalidInput)
        return Object.keys(fieldErrors(error, createTranslator('en'))).map((one) => `${one}-error`)
      },
    )
    assert.ok(blamed.includes(`${field}-error`), field)
  }
  const effectOf = async (act: string) => (await aurelia.ledger.findAct(act))?.withoutEffect
  const needs = async (who: Side) =>
    (await deEscalation.needs!(at[who], drafter)).map(({ verb, waitsFor }) => [verb.split('.').at(-1), waitsFor])
  const day = (ms: number) => new Date(ms).toISOString()
  const moment = (name: string, ms: number) => ({
    [`${name}-date`]: day(ms).slice(0, 10),
    [`${name}-time`]: day(ms).slice(11, 16),
  })
  const now = aurelia.clock.now()
  const period = {
    with: [borovia.party],
    zone: 'UTC',
    ...moment('from', now + hour),
    ...moment('until', now + 48 * hour),
    refrains0: ['public-statements'],
    refrains1: ['network-operations', 'other'],
    words1: 'No new scans of banks.',
    told: 'nobody',
  }
  for (const [wrong, field] of [
    [moment('until', now - hour), 'until-date'],
    [{ words1: '' }, 'words1'],
    [{ refrains0: [], refrains1: [] }, 'refrains0'],
    [{ told: 'named' }, 'told-words'],
    [{ with: [aurelia.party] }, 'with'],
  ] as const)
    await refused('cooling-off-proposed', { ...period, ...wrong }, field)

  const form = await page('aurelia', 'en', `/spaces/${space}/write/de-escalation.cooling-off-proposed`)
  const ids = [...form.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  assert.equal(new Set(ids).size, ids.length, 'each control has its own label')

  const first = await write('aurelia', 'cooling-off-proposed', period)
  assert.deepEqual([await needs('aurelia'), await needs('borovia')], [[['wait', 'them']], [['answer', 'me']]])
  const second = await write('borovia', 'cooling-off-proposed', {
    ...period,
    with: [aurelia.party],
    ...{ words0: period.words1, refrains0: period.refrains1, refrains1: period.refrains0 },
    ...moment('until', now + 24 * hour),
    insteadOf: first,
  })
  assert.match(await page('aurelia'), /Proposed between[\s\S]*Propose otherwise[\s\S]*Replaced, between/)
  await write('aurelia', 'cooling-off-agreed', { proposal: second })
  for (const who of ['aurelia', 'borovia'] as const) assert.deepEqual(await needs(who), [['see', 'nobody']])
  assert.match(await page('borovia'), /In force between|Agreed between/)
  aurelia.clock.advance(2 * hour)
  borovia.clock.advance(2 * hour)
  const english = await page('borovia')
  assert.match(english, /No new scans of banks[\s\S]*AURELIA agreed[\s\S]*State a breach[\s\S]*until 23 Nov/)
  assert.match(await page('borovia', 'ar'), /فترات التهدئة[\s\S]*عمليات على شبكات/)
  assert.match(await page('aurelia', 'en', `/spaces/${space}`), /Cooling-off period until 23 Nov/)
  assert.match(await page('aurelia', 'fr', `/spaces/${space}/path`), /Période d’apaisement jusqu’au 23/)
  assert.doesNotMatch(await page('aurelia', 'en', `/spaces/${space}`), /overdue|We owe/)

  const later = { prolongs: second, zone: 'UTC', ...moment('until', now + 72 * hour), told: 'nobody' }
  const longer = await write('borovia', 'cooling-off-proposed', later)
  assert.match(await page('aurelia'), /Agree to the later end/)
  await write('aurelia', 'cooling-off-agreed', { proposal: longer })
  assert.match(await page('borovia'), /Prolonged until 25 November/)

  const breach = {
    proposal: second,
    term: 't2',
    ...{ date: day(now + hour).slice(0, 10), time: day(now + 1.5 * hour).slice(11, 16) },
    zone: 'UTC',
    words: 'Scans came back at noon.',
    evidence: [first],
  }
  await refused('breach-stated', { ...breach, term: 't3' }, 'term')
  await refused('breach-stated', { ...breach, date: day(now - 48 * hour).slice(0, 10) }, 'date')
  const stated = await write('aurelia', 'breach-stated', breach)
  assert.deepEqual(await needs('borovia'), [
    ['see', 'nobody'],
    ['reply', 'me'],
  ])
  const said = await page('borovia')
  assert.match(said, /AURELIA’s statement\. It is no finding[\s\S]*Scans came back[\s\S]*has not answered/)
  assert.ok(said.includes(`#act-${first}`), 'the evidence is a reference')
  await write('borovia', 'breach-answered', { statement: stated, words: 'A university did it.' })
  assert.match(await page('aurelia'), /Scans came back[\s\S]*BOROVIA answers[\s\S]*A university did it/)
  assert.deepEqual(await needs('borovia'), [['see', 'nobody']], 'nothing ended by the statement')

  // What cannot be said on the pages comes from nodes that spoke at once, or while they did not hear each other.
  const send = async (who: Side, type: string, body: Record<string, unknown>, text?: Record<string, unknown>) => {
    const { hash } = await network.nodes[who].outbox.send({
      space,
      type: `de-escalation.${type}`,
      id: newId(),
      office: 'cyber-desk',
      body: body as never,
      ...(text && { text: text as never }),
      marking: { tlp: 'AMBER' },
    })
    await landed()
    return hash
  }
  const ended = await write('borovia', 'cooling-off-ended', { proposal: second, words: 'Our minister asked for it.' })
  assert.match(await page('aurelia'), /Ended, between[\s\S]*gave notice of its end/)
  assert.equal(await effectOf(ended), undefined)
  assert.equal(
    await effectOf(await send('aurelia', 'cooling-off-ended', { proposal: second }, { words: '' })),
    'has-ended',
  )

  const begins = aurelia.clock.now()
  const body = (over: object = {}) => ({
    ...{ from: begins, until: begins + hour, zone: 'UTC', told: 'nobody' },
    terms: [{ id: 't1', party: borovia.party, code: 'public-statements' }],
    ...over,
  })
  const words = { words: {} }
  const withdrawn = await send('aurelia', 'cooling-off-proposed', body({ with: [borovia.party] }), words)
  await send('aurelia', 'cooling-off-withdrawn', { proposal: withdrawn }, { words: '' })
  assert.equal(await effectOf(await send('borovia', 'cooling-off-agreed', { proposal: withdrawn })), 'closed-before')

  const ours = await send('aurelia', 'cooling-off-proposed', body({ with: [borovia.party] }), words)
  const theirs = await send('borovia', 'cooling-off-proposed', body({ with: [aurelia.party] }), words)
  assert.equal(await effectOf(await send('aurelia', 'cooling-off-agreed', { proposal: theirs })), undefined)
  const crossed = await send('borovia', 'cooling-off-agreed', { proposal: ours })
  assert.equal(await effectOf(crossed), 'closed-before', 'of two proposals made at once one stands')
  const third = await send('aurelia', 'cooling-off-proposed', body({ with: [borovia.party] }), words)
  assert.equal(await effectOf(await send('borovia', 'cooling-off-agreed', { proposal: third })), 'another-runs')

  const prolonging = { with: [borovia.party], prolongs: theirs, terms: [], until: begins + 2 * hour }
  const tooLate = await send('aurelia', 'cooling-off-proposed', body(prolonging), words)
  for (const { clock } of [aurelia, borovia]) clock.advance(hour + 1)
  assert.equal(await effectOf(await send('borovia', 'cooling-off-agreed', { proposal: tooLate })), 'has-ended')
  assert.equal(await effectOf(await send('borovia', 'cooling-off-agreed', { proposal: third })), 'too-late')
  assert.deepEqual([await needs('aurelia'), await needs('borovia')].flat(), [], 'what lapsed asks nothing of anybody')
  assert.match(await page('aurelia'), /Over, between/)
  const { answer } = await ask('GET', path, { services: at.borovia, viewer: drafter, json: true })
  assert.ok('data' in answer)
  assert.deepEqual(
    (answer.data as { state: string }[]).map(({ state }) => state),
    ['unanswered', 'over', 'another-agreed', 'withdrawn', 'ended', 'replaced'],
  )

  // In an exercise everything is judged on its own time, years away from the machine's.
  const scenario = Date.UTC(2031, 0, 1)
  const facts = await aurelia.ledger.find(space)
  const project = (author: Side, over: { hash: string; body: unknown; scenarioTime: number }) => {
    const type = 'with' in (over.body as object) ? 'proposed' : 'agreed'
    const statement = { author: network.nodes[author].party, type: `de-escalation.cooling-off-${type}` }
    const act = { ...over, space: { ...facts, id: 'drill' }, index: 1, time: aurelia.clock.now(), statement }
    const definition = deEscalation.acts?.find((one) => one.type === statement.type)
    return aurelia.db.transaction().execute((tx) => definition!.project!(tx, act as never))
  }
  const inDrill = body({ with: [borovia.party], from: scenario, until: scenario + hour })
  assert.equal(await project('aurelia', { hash: 'p', body: inDrill, scenarioTime: scenario }), undefined)
  const agree = (scenarioTime: number) => project('borovia', { hash: 'a', body: { proposal: 'p' }, scenarioTime })
  assert.deepEqual(await agree(scenario + hour + 1), { withoutEffect: 'too-late' })
  assert.equal(await agree(scenario + hour / 2), undefined)
  const [clock] = (await clocksAbout(aurelia.db, ['p'])).get('p') ?? []
  assert.ok(clock)
  assert.deepEqual(
    [0, hour, hour + 1].map((after) => clockState(clock, scenario + after)),
    ['running', 'running', 'over'],
  )
  const lapse = { body: { clock: clock.id }, space: { id: 'drill' }, scenarioTime: scenario + 2 * hour }
  const lapsed = aurelia.db.transaction().execute((tx) => lapsedAct.project!(tx, lapse as never))
  assert.deepEqual(await lapsed, { withoutEffect: 'only-a-period' }, 'nobody is late when a period runs out')
})
