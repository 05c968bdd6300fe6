import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  openCase,
  personOf,
  redirectOf,
  searchIndex,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import type { Refusal } from '../../../core/http/index.ts'
import type { Services } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents, openIncident } from '../../incidents/index.ts'
import { originator } from '../../originator/index.ts'
import { talks } from '../../talks/index.ts'
import { clearLine } from '../clear-lines.ts'
import { heldLines } from '../held-words.ts'
import { lines, readLines } from '../index.ts'
import { listSayable } from '../list-sayable.ts'
import type { Line } from '../read-lines.ts'
import { lineStates, standingIn } from '../standing.ts'
import { changeLine, holdLine, writeLine } from '../write-lines.ts'
import { releaseNeeds } from './needs.ts'
import type { Embargo } from './releases.ts'

const house = [...modules.filter(({ name }) => name !== 'incidents'), searchIndex, incidents, originator, talks, lines]
const drafter = personOf('drafter')
const colleague = personOf('colleague')
const refused = (code: string) => (error: Refusal) => error.code === code

test('a line held until an agreed time is said on both sides by the clock, and only both sides move that time', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = network.nodes
  const at = { aurelia: servicesOf(aurelia, house), borovia: servicesOf(borovia, house) }
  type Side = keyof typeof at
  const space = await openCase(network, at.aurelia)
  let size = 1
  const write = async (who: Side, verb: string, input: Record<string, unknown>): Promise<string> => {
    const services = at[who]
    const { answer } = await ask('POST', `/spaces/${space}/write/lines.release-${verb}`, {
      services,
      viewer: drafter,
      input: { id: newId(), tlp: 'AMBER', ...input },
    })
    const id = redirectOf(answer).split('/')[2] ?? ''
    await services.drafts.submit(drafter, id, (await services.drafts.find(id))?.approval ?? '')
    await services.drafts
      .release(colleague, id, (await services.drafts.find(id))?.approval ?? '')
      .catch(() => undefined)
    await services.drafts.signDue()
    await arrives(space, ++size, aurelia, borovia)
    const hash = (await services.drafts.find(id))?.actHash ?? ''
    assert.equal((await aurelia.ledger.findAct(hash))?.withoutEffect, undefined, verb)
    return hash
  }
  const time = (moment: string) => {
    for (const node of [aurelia, borovia]) node.clock.set(Date.parse(moment))
  }
  const keepLine = async (services: Services, words: string) => {
    const incident = await openIncident(services, drafter, {
      id: newId(),
      title: 'Hosts',
      summary: '',
      category: 'availability',
      drill: false,
      ceiling: 'RED',
      marking: 'AMBER',
      source: { kind: 'form' },
    })
    const id = newId()
    await writeLine(services, drafter, incident, {
      id,
      words,
      question: '',
      audience: 'public',
      marking: 'CLEAR',
      kind: 'holding',
      language: 'en',
      restsOn: [],
    })
    await clearLine(services, colleague, incident, { line: id, language: 'en', seen: id })
    return { incident, line: id }
  }
  const kept = { aurelia: await keepLine(at.aurelia, 'We speak.'), borovia: await keepLine(at.borovia, 'They speak.') }
  const said = async (who: Side, services: Services = at[who]) => {
    const { sayable } = await listSayable(services, drafter, { language: 'en', audience: 'public' }, 'print')
    return sayable.flatMap((one) => one.lines.map(({ said: { words } }) => words))
  }
  const hold = (who: Side, release: string) =>
    holdLine(at[who], drafter, kept[who].incident, {
      id: newId(),
      line: kept[who].line,
      until: release ? { space, release } : undefined,
    })
  assert.deepEqual([await said('aurelia'), await said('borovia')], [['We speak.'], ['They speak.']])

  const proposal = { subject: 'Joint findings', zone: 'Europe/Paris', date: '2026-11-25', time: '14:00' }
  const release = await write('aurelia', 'proposed', { ...proposal, with: [borovia.party] })
  assert.deepEqual(
    [await releaseNeeds(at.aurelia, drafter), await releaseNeeds(at.borovia, drafter)].map(([need]) => need?.waitsFor),
    ['them', 'me'],
  )
  for (const who of ['aurelia', 'borovia'] as const) await hold(who, release)
  const listed = async (who: Side, viewer = drafter, language = 'en') =>
    (await ask('GET', `/spaces/${space}/releases`, { services: at[who], viewer, language })).html
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
  assert.match(
    await listed('borovia'),
    /Joint findings .*Proposed by AURELIA .*Not answered yet: BOROVIA .*What of ours waits.*They speak\. .*ready in English.*Agree to this time.*proposed Not before/,
  )
  assert.doesNotMatch(await listed('aurelia'), /They speak|Agree to this time/)
  assert.match(
    (await ask('GET', `/spaces/${space}`, { services: at.aurelia, viewer: drafter })).html,
    /One time of release/,
  )
  time('2026-11-25T13:00:00Z')
  assert.deepEqual(await said('aurelia'), [], 'what nobody agreed to is held, whatever the time')
  time('2026-11-24T13:00:00Z')
  await write('borovia', 'agreed', { proposal: release })
  await assert.rejects(hold('aurelia', ''), refused('lines.release-binds'))
  const near = async (who: Side) =>
    (await releaseNeeds(at[who], drafter)).map(({ verb, waitsFor }) => `${waitsFor}: ${verb}`)
  time('2026-11-24T12:59:59.999Z')
  assert.deepEqual(await near('aurelia'), [], 'more than a day before, Today is silent')
  time('2026-11-24T13:00:00Z')
  assert.deepEqual(await near('aurelia'), ['nobody: lines.release.need.near'])
  time('2026-11-25T12:59:59.999Z')
  assert.deepEqual([await said('aurelia'), await said('borovia')], [[], []])
  const heldWords = async () => (await heldLines(at.aurelia, drafter)).map(({ words, until }) => ({ words, until }))
  assert.deepEqual(await heldWords(), [{ words: ['We speak.'], until: Date.parse('2026-11-25T13:00:00Z') }])
  const moved = await write('aurelia', 'proposed', { ...proposal, time: '18:00', moves: release })
  time('2026-11-25T13:00:00Z')
  assert.deepEqual(
    [await said('aurelia'), await said('borovia')],
    [['We speak.'], ['They speak.']],
    'one side moves nothing',
  )
  assert.deepEqual(await heldWords(), [], 'what is free may be said in any words')
  time('2026-11-25T12:59:59.999Z')
  await write('borovia', 'agreed', { proposal: moved })
  time('2026-11-25T16:59:59.999Z')
  assert.deepEqual([await said('aurelia'), await said('borovia')], [[], []])
  const page = await ask('GET', `/incidents/${kept.aurelia.incident}/lines/${kept.aurelia.line}`, {
    services: at.aurelia,
    viewer: drafter,
  })
  assert.match(page.html, /Held until 25 November 2026, /)
  const moving = await listed('aurelia')
  assert.match(
    moving,
    /BOROVIA agrees to the time of release · 24 November.*Moved to 25 November 2026, 17:00 UTC by all sides.*agreed Not before/,
  )
  const changed = newId()
  const { incident, line } = kept.borovia
  const wording = {
    id: changed,
    question: '',
    words: 'They speak late.',
    audience: 'public',
    marking: 'CLEAR',
  } as const
  await changeLine(at.borovia, drafter, incident, { ...wording, line, seen: line, restsOn: [] })
  assert.deepEqual(await near('borovia'), ['me: lines.release.need.prepare'])
  assert.match(await listed('borovia'), /They speak late\. .*English: Not cleared/)
  await clearLine(at.borovia, colleague, incident, { line, language: 'en', seen: changed })
  const drill = {
    ...at.aurelia,
    ledger: { ...at.aurelia.ledger, scenarioNow: async () => Date.parse('2026-11-25T17:00:00Z') },
  }
  assert.deepEqual(await said('aurelia', drill as Services), ['We speak.'], 'the clock of the space decides')

  await write('aurelia', 'broken', {
    proposal: release,
    party: borovia.party,
    zone: 'Etc/UTC',
    date: '2026-11-25',
    time: '16:00',
    words: 'Their minister spoke on the radio.',
  })
  const state = async (who: Side) => (await readLines(at[who], drafter))[0]?.embargo
  assert.deepEqual([(await state('borovia'))?.isBroken, (await state('borovia'))?.isOver], [true, false])
  assert.deepEqual(await said('aurelia'), [], 'a statement frees nothing by itself')
  assert.match(await listed('borovia'), /AURELIA states that a side spoke before the time BOROVIA spoke before/)
  await hold('aurelia', '')
  assert.deepEqual([await said('aurelia'), await said('borovia')], [['We speak.'], []])
  assert.match(await listed('aurelia'), /Nothing that you may know of/)
  time('2026-11-25T17:00:00Z')
  assert.deepEqual(await said('borovia'), ['They speak late.'])
  assert.match(await listed('borovia'), /its time has come/)
  const guest = { ...drafter, ceiling: 'CLEAR' as const }
  const withheld = await listed('borovia', guest)
  assert.doesNotMatch(withheld, /Joint findings|They speak/)
  assert.match(withheld, /2 proposals are marked above/)
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await listed('borovia', drafter, language), /\blines\.[a-z]/)
})

test('no line is said while it is held, whatever else is true of it', () => {
  const states: Embargo['state'][] = ['proposed', 'unanswered', 'declined', 'withdrawn', 'agreed', 'over', 'unknown']
  const wording = {
    id: 'w',
    language: 'en',
    question: '',
    words: 'w',
    audience: 'public',
    marking: 'CLEAR',
    by: 'a',
    at: 0,
  }
  const line = fc.record({
    validFrom: fc.nat(9),
    validUntil: fc.option(fc.nat(9), { nil: undefined }),
    flags: fc.constantFrom([], [{ ground: {} }]),
    clearances: fc.constantFrom([], [{ language: 'en', as: 'w', by: 'b', at: 0 }]),
    withdrawn: fc.constantFrom(undefined, { by: 'a', at: 0 }),
    embargo: fc.option(fc.constantFrom(...states), { nil: undefined }),
  })
  fc.assert(
    fc.property(line, fc.nat(9), ({ embargo, validFrom, validUntil, ...rest }, now) => {
      const state = standingIn(
        {
          ...rest,
          wording: { ...wording, validFrom, ...(validUntil !== undefined && { validUntil }) },
          translations: [],
          ...(embargo && {
            embargo: { space: 's', release: 'r', state: embargo, isOver: embargo === 'over', isBroken: false },
          }),
        } as unknown as Line,
        'en',
        { now },
      )
      assert.ok(lineStates.includes(state))
      const isFree = embargo === undefined || embargo === 'over'
      const isTime = validFrom <= now && (validUntil === undefined || now < validUntil)
      const stands = rest.flags.length === 0 && rest.clearances.length > 0 && !rest.withdrawn
      assert.equal(state === 'may-be-said', isFree && isTime && stands)
    }),
  )
})
