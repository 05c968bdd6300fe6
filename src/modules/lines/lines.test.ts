import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { countQueries } from '../../../test/support/count-queries.ts'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import type { Refusal } from '../../core/http/refusal.ts'
import { readingOnce } from '../../core/storage/index.ts'
import { newId } from '../../protocol/index.ts'
import { brief } from '../brief/index.ts'
import { incidents, readGrounds } from '../incidents/index.ts'
import { lines, listWaiting, readLines, standingIn } from './index.ts'
import { linesFromBriefs } from './migrations/0002-from-briefs.ts'

const rooms = [incidents, brief, lines]
const colleague = personOf('colleague')
const refused = (code: string) => (error: Refusal) => error.code === code

type House = Awaited<ReturnType<typeof incidentHouse>>

const wording = { audience: 'public', marking: 'CLEAR', kind: 'holding', language: 'en', zone: 'Europe/Paris' }

function hand({ ask, incident, analyst, services }: House) {
  const at = `/incidents/${incident}/lines`
  const post = (path: string, input: Record<string, unknown>, viewer = analyst) =>
    ask('POST', `${at}${path}`, { viewer, input })
  const linesNow = () => readLines(services, analyst, { incident })
  const lineOf = async (id: string) => {
    const found = (await linesNow()).find((one) => one.id === id)
    return found ?? assert.fail(`no line ${id}`)
  }
  return {
    at,
    post,
    linesNow,
    lineOf,
    async write(input: Record<string, unknown>) {
      const id = newId()
      await post('', { ...wording, id, ...input })
      return id
    },
    clear: async (id: string, language = 'en', viewer = colleague) => {
      const line = await lineOf(id)
      const said = [line.wording, ...line.translations].find((one) => one.language === language)
      const seen = said?.id === line.wording.id ? said.id : `${line.wording.id} ${said?.id}`
      return post(`/${id}/clear`, { language, seen }, viewer)
    },
    stateOf: async (id: string, language = 'en') =>
      standingIn(await lineOf(id), language, { now: services.clock.now() }),
    said: async (query = '', viewer = analyst) => (await ask('GET', `${at}/say${query}`, { viewer })).text,
    fact: (words: string, more: Record<string, unknown> = {}) =>
      ask('POST', `/incidents/${incident}/facts`, {
        viewer: analyst,
        input: { id: newId(), kind: 'known', words, ...more },
      }),
  }
}

test('a line is said once a second person cleared it, in that language, within its time, and no longer when it is changed', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { at, post, write, clear, stateOf, said, lineOf } = hand(house)
  const line = await write({ words: 'We help the water works.', untilDate: '2026-11-12', untilTime: '10:00' })
  assert.equal(await stateOf(line), 'not-cleared')
  assert.doesNotMatch(await said(), /We help the water works/)
  assert.match((await post(`/${line}/clear`, { language: 'en', seen: line })).text, /You wrote these words/)
  await clear(line)
  assert.match(await said(), /We help the water works/)
  const { html } = await post('', { ...wording, id: newId(), words: 'Too late', untilDate: '2026-11-09' })
  assert.match(html, /is over already/)

  await post(`/${line}/translate`, { id: newId(), seen: line, language: 'fr', words: 'Nous aidons la régie des eaux.' })
  assert.equal(await stateOf(line, 'fr'), 'not-cleared')
  await clear(line, 'fr')
  assert.match(await said('?language=fr'), /Nous aidons/)
  await post(`/${line}/change`, {
    ...wording,
    id: newId(),
    seen: line,
    words: 'We help the water works day and night.',
    untilDate: '2026-11-12',
    untilTime: '10:00',
  })
  assert.deepEqual([await stateOf(line), await stateOf(line, 'fr')], ['not-cleared', 'behind'])
  const page = await house.ask('GET', `${at}/${line}`, { viewer: colleague })
  assert.match(
    page.html,
    /<del dir="auto">We help the water works\.<\/del>.*<ins dir="auto">We help the water works day/s,
  )
  assert.deepEqual(
    (await lineOf(line)).earlier.map(({ words }) => words),
    ['We help the water works.'],
  )
  await clear(line)
  assert.match(await said(), /day and night/)
  const needs = async () => (await lines.needs?.(house.services, colleague))?.map(({ key }) => key.split(':')[1])
  assert.deepEqual(await needs(), [])
  house.at('2026-11-11T12:00:00Z')
  assert.deepEqual(await needs(), ['ending'])
  house.at('2026-11-12T09:00:00Z')
  assert.equal(await stateOf(line), 'expired')
  assert.doesNotMatch(await said(), /day and night/)
  const sheet = await house.ask('GET', `/incidents/${house.incident}/brief`, { viewer: colleague })
  const printed = sheet.html.split('<details')[0] ?? ''
  assert.doesNotMatch(printed, /day and night/, 'a line that is over is on no sheet')
  assert.match(printed, /One line is left out/)
  await post(`/${line}/withdraw`, {})
  assert.equal(await stateOf(line), 'withdrawn')
})

test('what is marked or meant for fewer is neither shown, copied nor printed for more', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { at, write, clear, said } = hand(house)
  const all = [
    ['Public words', 'public', 'CLEAR'],
    ['Marked too narrow', 'public', 'GREEN'],
    ['Words for partners', 'partners', 'AMBER'],
    ['Words for the house', 'house', 'AMBER'],
  ]
  for (const [words, audience, marking] of all) await clear(await write({ words, audience, marking }))
  const heard = async (audience: string, path = '/say') => {
    const { answer, text } = await house.ask('GET', `${at}${path}?audience=${audience}`, { viewer: house.analyst })
    const shown = answer instanceof Response ? await answer.text() : text
    return all.map(([words]) => words).filter((words) => shown.includes(words as string))
  }
  for (const path of ['/say', '/say/text']) {
    assert.deepEqual(await heard('public', path), ['Public words'])
    assert.deepEqual(await heard('partners', path), ['Public words', 'Marked too narrow', 'Words for partners'])
    assert.equal((await heard('house', path)).length, 4)
  }
  const text = async (audience: string) => {
    const { answer } = await house.ask('GET', `${at}/say/text?audience=${audience}`, { viewer: house.analyst })
    return answer instanceof Response ? answer.text() : assert.fail('no text')
  }
  const { codeName } = (await house.services.db
    .selectFrom('home.incidents_incident')
    .select('code_name as codeName')
    .executeTakeFirstOrThrow()) as { codeName: string }
  assert.ok(!(await text('public')).includes(codeName), 'nothing of the incident stands on what goes out')
  assert.ok((await text('house')).includes(codeName))
  const pdf = (await house.ask('GET', `${at}/say/pdf?audience=public&language=ar`, { viewer: house.analyst })).answer
  assert.equal(pdf instanceof Response && pdf.headers.get('content-type'), 'application/pdf')
  const reader = personOf('guest', /^nothing/, 'GREEN')
  await assert.rejects(said('', reader), refused('incidents.not-found'))
  assert.deepEqual(await lines.homeRecords?.(house.services, reader), [])
})

test('a flagged line is not spoken from until somebody who did not write it says, with a reason, that it stands', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { at, post, write, clear, stateOf, said, fact, lineOf } = hand(house)
  await fact('Three pumps stand still')
  const [known] = await facts(house)
  assert.ok(known)
  const line = await write({ words: 'Three pumps are repaired.', restsOn: [`fact:${known.id}`] })
  const other = await write({ words: 'We accuse nobody.' })
  for (const id of [line, other]) await clear(id)
  await fact('Four pumps stand still', { replaces: known.id })
  assert.deepEqual([await stateOf(line), await stateOf(other)], ['flagged', 'may-be-said'])
  assert.doesNotMatch(await said(), /Three pumps are repaired/)
  const seenBy = async (viewer: typeof colleague) => (await house.ask('GET', `${at}/${line}`, { viewer })).html
  const page = await seenBy(colleague)
  assert.match(page, /<del[^>]*>Fact \(known\): Three pumps.*<ins[^>]*>Fact \(known\): Four pumps/s)
  assert.match(await seenBy(house.analyst), /Somebody else who may release/)
  const seen = /name="seen" value="([^"]+)"/.exec(page)?.[1]
  assert.ok(seen)
  const why = 'The line names the pumps that are being repaired.'
  const stands = (more: object, viewer = colleague) =>
    post(`/${line}/stands`, { id: newId(), seen, why, ...more }, viewer)
  assert.match((await stands({ why: '' })).html, /Why it still stands: Fill in this field/)
  assert.match((await stands({}, house.analyst)).html, /You wrote these words/)
  assert.match((await stands({ seen: 'fact x y' })).html, /meanwhile/)
  assert.deepEqual(
    (await lines.needs?.(house.services, colleague))?.map(({ key }) => key.split(':')[1]),
    ['flagged'],
  )
  await stands({})
  assert.equal(await stateOf(line), 'may-be-said')
  assert.equal((await lineOf(line)).resting?.grounds[0]?.words, 'Four pumps stand still')
  for (const language of ['fr', 'ar'])
    for (const path of ['', '/say', `/${line}`]) {
      const { html } = await house.ask('GET', `${at}${path}`, { viewer: colleague, language })
      assert.doesNotMatch(html, /\b(lines|brief)\.[a-z]/)
    }
})

const facts = ({ services, incident }: House) =>
  services.db.selectFrom('home.incidents_fact').selectAll().where('incident', '=', incident).orderBy('since').execute()

test('whatever changes of what a line rests on flags it, and nothing else does', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { ask, incident, analyst, services } = house
  const { write, fact, lineOf } = hand(house)
  const post = (path: string, input: Record<string, unknown>) =>
    ask('POST', `/incidents/${incident}/${path}`, { viewer: analyst, input: { id: newId(), ...input } })
  const category = { kind: 'category', code: 'crime', knownBy: 'CERT' }
  const line = { first: 'a', second: 'b', third: 'c' }
  const standing = async () => (await readGrounds(services, analyst, [incident])).get(incident)?.standing ?? []
  await fact('First')
  await fact('Second')
  await post('particulars', category)
  await post('particulars', { ...category, code: 'espionage' })
  await post('bottom-line', line)
  const changes = fc.constantFrom('replace', 'contest', 'dispute', 'correct', 'bottom-line', 'unrelated', 'log')
  let minute = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }),
      changes,
      fc.nat(1),
      async (chosen, change, which) => {
        minute += 1
        house.at(new Date(Date.parse('2026-11-10T09:00:00Z') + minute * 60_000).toISOString())
        const before = await standing()
        const picked = [...new Set(chosen)].flatMap((at) => before[at] ?? [])
        const id = await write({ words: 'A line', restsOn: picked.map(({ kind, id: of }) => `${kind}:${of}`) })
        const factsNow = before.filter(({ kind }) => kind === 'fact')
        const particulars = before.filter(({ kind }) => kind === 'particular')
        const [aFact, aParticular] = [factsNow[which], particulars[which]]
        let touched: string | undefined
        if (change === 'replace' || change === 'contest') {
          await fact('Another', { replaces: aFact?.id, kind: change === 'replace' ? 'known' : 'contested' })
          touched = aFact?.id
        } else if (change === 'dispute') {
          await post(`particulars/${aParticular?.id}/contest`, { by: 'Borovia', why: 'They say so' })
          touched = aParticular?.id
        } else if (change === 'correct') {
          await post('particulars', { ...category, corrects: aParticular?.id })
          touched = aParticular?.id
        } else if (change === 'bottom-line') {
          await post('bottom-line', line)
          touched = 'newest'
        } else if (change === 'log') await post('log', { entry: 'A call' })
        else await write({ words: 'Another line' })
        assert.deepEqual(
          (await lineOf(id)).flags.map(({ ground }) => ground.id),
          picked.filter((one) => one.id === touched).map((one) => one.id),
        )
      },
    ),
    { numRuns: 25 },
  )
})

test('a sheet that was cleared around a flagged line asks again once that line stands, and clears it then', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { post, write, stateOf, fact, lineOf } = hand(house)
  await fact('Three pumps stand still')
  const [known] = await facts(house)
  const line = await write({ words: 'Three pumps are repaired.', restsOn: [`fact:${known?.id}`] })
  await write({ words: 'We accuse nobody.' })
  await fact('Four pumps stand still', { replaces: known?.id })
  const at = `/incidents/${house.incident}/brief`
  const clearSheet = async () => {
    const { html } = await house.ask('GET', at, { viewer: colleague })
    const seen = /name="seen" value="([\w-]{43})"/.exec(html)?.[1] ?? assert.fail('nothing to clear')
    await house.ask('POST', `${at}/clear`, { viewer: colleague, input: { seen } })
  }
  const waits = async () => (await brief.needs?.(house.services, colleague))?.length
  await clearSheet()
  assert.deepEqual([await stateOf(line), await waits()], ['flagged', 0])
  const { flags } = await lineOf(line)
  const seen = flags.map(({ ground, now }) => `${ground.kind} ${ground.id} ${now?.stamp}`).join('|')
  await post(`/${line}/stands`, { id: newId(), seen, why: 'The figure is not in it.' }, colleague)
  assert.deepEqual([await stateOf(line), await waits()], ['not-cleared', 1])
  await clearSheet()
  assert.deepEqual([await stateOf(line), await waits()], ['may-be-said', 0])
})

test('lines that stood on briefs come with all they said before, uncleared; what stood there stays', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { services, incident } = house
  const { linesNow, stateOf } = hand(house)
  const sheet = (id: string, said: string[], by: string, at: number) => sql`
    insert into home.brief_lines (id, incident, lines, by_person, at, cleared_by, cleared_at, cleared_as)
    values (${id}, ${incident}, ${`{${said.map((one) => `"${one}"`).join(',')}}`}::text[], ${by}, ${at}, 'x', ${at}, 'y')`
  await services.db.transaction().execute(async (tx) => {
    await sheet('a'.repeat(32), ['One', 'Two', 'Three'], 'analyst', 1_000).execute(tx)
    await sheet('b'.repeat(32), ['One', 'Two, put better'], 'drafter', 2_000).execute(tx)
    await linesFromBriefs.up(tx)
  })
  const all = await linesNow()
  assert.deepEqual(
    all.map(({ wording: { words, by }, earlier, withdrawn }) => [
      words,
      by,
      earlier.map((one) => one.words),
      withdrawn?.by,
    ]),
    [
      ['One', 'analyst', [], undefined],
      ['Two, put better', 'drafter', ['Two'], undefined],
      ['Three', 'analyst', [], 'drafter'],
    ],
  )
  assert.equal(await stateOf(all[0]?.id ?? '', 'und'), 'not-cleared')
  const { rows } = await sql`select * from home.brief_lines`.execute(services.db)
  assert.equal(rows.length, 2)
})

test('one page reads the lines that wait once, for their room and for the brief, and tells what each would tell alone', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { services, incident, ask, analyst } = house
  const { write, fact } = hand(house)
  await fact('Three pumps stand still')
  const known = (await facts(house))[0]?.id ?? ''
  await write({ words: 'We help the water works.', kind: 'background', restsOn: [`fact:${known}`] })
  await ask('POST', `/incidents/${incident}/brief/lines`, {
    viewer: analyst,
    input: { id: newId(), lines: 'We help.' },
  })
  const needs = async (of: typeof services) =>
    (await Promise.all([lines, brief].map((room) => room.needs?.(of, colleague)))).flat().map((need) => need?.key)
  const alone = await needs(services)
  assert.deepEqual(alone, [`lines:clear:${incident}`, `brief:${incident}`])
  const apart = await countQueries(() => needs(services))
  let told: (string | undefined)[] = []
  const together = await countQueries(async () => {
    told = await needs({ ...services, db: readingOnce(services.db) })
  })
  const reading = await countQueries(() => listWaiting(services, colleague))
  assert.deepEqual(told, alone)
  assert.equal(apart - together, reading, `${apart} statements before, ${together} now`)
})

test('what Today and a search find of lines is what reading every line would find', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { services } = house
  const { post, write, clear, fact, linesNow } = hand(house)
  await fact('Three pumps stand still')
  let known = (await facts(house))[0]?.id ?? ''
  const steps = fc.constantFrom('write', 'rest', 'end', 'clear', 'translate', 'change', 'replace', 'withdraw', 'later')
  let minute = 0
  const compared = async () => {
    const now = services.clock.now()
    const standing = (await linesNow()).filter(({ withdrawn }) => !withdrawn)
    const isNear = (until?: number) => until !== undefined && until > now && until <= now + 24 * 3_600_000
    const waits = standing.some((line) =>
      [...(line.kind === 'holding' ? [] : [line.wording]), ...line.translations].some(
        ({ language }) => standingIn(line, language, { now }) === 'not-cleared',
      ),
    )
    const expected = [
      ...(standing.some((line) => standingIn(line, line.language, { now }) === 'flagged') ? ['flagged'] : []),
      ...(standing.some(({ wording }) => isNear(wording.validUntil)) ? ['ending'] : []),
      ...(waits ? ['clear'] : []),
    ]
    assert.deepEqual(
      (await lines.needs?.(services, colleague))?.map(({ key }) => key.split(':')[1]),
      expected,
    )
    const found = (await lines.homeRecords?.(services, colleague)) ?? []
    assert.deepEqual(
      found
        .map(({ href, text }) => [href.split('/').at(-1), ...(text as { said: string[] }).said].toSorted())
        .toSorted(),
      standing.map((l) => [l.id, ...[l.wording, ...l.translations].map((w) => ` ${w.words}`)].toSorted()).toSorted(),
    )
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(steps, fc.nat(9)), { minLength: 3, maxLength: 8 }), async (chosen) => {
      for (const [step, which] of chosen) {
        minute += 1
        house.at(new Date(Date.parse('2026-11-10T09:00:00Z') + minute * 60_000).toISOString())
        const standing = (await linesNow()).filter(({ withdrawn }) => !withdrawn)
        const line = standing[which % Math.max(1, standing.length)]
        const kind = which % 2 === 0 ? 'holding' : 'background'
        if (step === 'write') await write({ words: `Line ${minute}`, kind })
        else if (step === 'rest') await write({ words: `Line ${minute}`, kind, restsOn: [`fact:${known}`] })
        else if (step === 'end')
          await write({ words: `Line ${minute}`, kind, untilDate: '2026-11-11', untilTime: '10:00' })
        else if (step === 'replace') {
          await fact(`Pumps ${minute}`, { replaces: known })
          known = (await facts(house)).findLast(({ ended_at: end }) => end === null)?.id ?? known
        } else if (step === 'later') minute += 600
        else if (!line) continue
        else if (step === 'clear') await clear(line.id)
        else if (step === 'withdraw') await post(`/${line.id}/withdraw`, {})
        else if (step === 'translate')
          await post(`/${line.id}/translate`, {
            id: newId(),
            seen: line.wording.id,
            language: 'fr',
            words: `Ligne ${minute}`,
          })
        else
          await post(`/${line.id}/change`, {
            ...wording,
            id: newId(),
            seen: line.wording.id,
            words: `Changed ${minute}`,
          })
      }
      await compared()
    }),
    { numRuns: 12 },
  )
})
