import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import { readPdf } from '../../../test/support/read-pdf.ts'
import type { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import type { Tlp } from '../../protocol/types.ts'
import { incidents, openIncident } from '../incidents/index.ts'
import { lines } from '../lines/index.ts'
import { briefSizeClass } from './brief-sheet.ts'
import { fitLists } from './fit-lists.ts'
import { brief } from './index.ts'

type House = Awaited<ReturnType<typeof incidentHouse>>
const rooms = [incidents, brief, lines]
const by = { by_person: 'analyst', at: Date.parse('2026-11-10T07:00:00Z') }

const words = fc.string({ minLength: 1, maxLength: 160 })
const state = fc.constantFrom('known' as const, 'unknown' as const, 'contested' as const)
const facts = fc.array(fc.record({ state, words }), { maxLength: 25 })
const linesOf = (...markings: Tlp[]) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom('holding' as const, 'if-asked' as const),
      marking: fc.constantFrom(...markings),
      isCleared: fc.boolean(),
      words,
    }),
    { maxLength: 5 },
  )
const hidden = fc.record({ facts, lines: linesOf('AMBER+STRICT', 'RED'), evidence: fc.array(words, { maxLength: 4 }) })
type Hidden = typeof hidden extends fc.Arbitrary<infer T> ? T : never

async function keepFacts(services: Services, incident: string, said: Hidden['facts'], compartment: string | null) {
  if (said.length === 0) return
  const rows = said.map(({ state: of, words: text }) => ({
    ...{ id: newId(), incident, state: of, words: text, by_person: by.by_person, since: by.at, compartment },
    ...{ ended_at: null, replaces: null, act: null },
  }))
  await services.db.insertInto('home.incidents_fact').values(rows).execute()
}

async function keepLines(services: Services, incident: string, said: Hidden['lines']) {
  for (const [place, { kind, marking, isCleared, words: text }] of said.entries()) {
    const id = newId()
    const { db } = services
    await db
      .insertInto('home.lines_line')
      .values({ id, incident, kind, language: 'en', place, ...by, withdrawn_by: null, withdrawn_at: null })
      .execute()
    await db
      .insertInto('home.lines_wording')
      .values({
        ...{
          id,
          line: id,
          language: 'en',
          question: '',
          words: text,
          renders: null,
          audience: 'house',
          marking,
          ...by,
        },
        ...{ valid_from: by.at, valid_until: null },
      })
      .execute()
    if (isCleared)
      await db
        .insertInto('home.lines_clearance')
        .values({ id: `c${id}`, line: id, language: 'en', kind: 'second', cleared_as: id, ...by, by_person: 'other' })
        .execute()
  }
}

let hiddenItems = 0

/** Adds what a sheet at AMBER may tell nothing of: a compartment with facts and entries, narrower lines and evidence. */
async function hide(services: Services, incident: string, one: Hidden) {
  const compartment = newId()
  const { db } = services
  await db
    .insertInto('home.incidents_compartment')
    .values({ id: compartment, incident, name: `Cell ${compartment}`, ...by })
    .execute()
  await keepFacts(services, incident, one.facts, compartment)
  await keepLines(services, incident, one.lines)
  for (const text of one.evidence) {
    hiddenItems += 1
    const number = hiddenItems
    await db
      .insertInto('home.incidents_evidence')
      .values({
        ...{ id: newId(), incident, number, words: text, source: 'x', reliability: 'A', credibility: '1' },
        ...{ stix_id: null, tlp: 'RED' as const, withdrawn_at: null, compartment, ...by },
      })
      .execute()
    await db
      .insertInto('home.incidents_entry')
      .values({
        ...{ id: newId(), incident, at: by.at, written_at: by.at, by_person: by.by_person, kind: 'written' },
        ...{ words: text, facts: '{}', compartment },
      })
      .execute()
  }
}

const openAnother = (services: Services, viewer: Viewer, title = 'Disruption of a water works') =>
  openIncident(services, viewer, {
    ...{ id: newId(), title, summary: '', category: 'availability', drill: false },
    ...{ ceiling: 'RED', marking: 'AMBER', source: { kind: 'form' } },
  })

async function sheetOf({ ask }: House, incident: string, viewer: Viewer, query = '', language = 'en') {
  const { answer } = await ask('GET', `/incidents/${incident}/brief/pdf${query}`, { viewer, language })
  assert.ok(answer instanceof Response)
  return Buffer.from(await answer.arrayBuffer())
}

const textOf = (pdf: Uint8Array): string =>
  readPdf(pdf)
    .map((one) => one.text)
    .join(' ')
const guest = personOf('guest', /^nothing/, 'AMBER')
const pagesIn = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0

test('a brief differs in nothing, bytes of the file included, between records that differ in what is hidden', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { services, analyst, ask } = house
  await fc.assert(
    fc.asyncProperty(facts, linesOf('CLEAR', 'GREEN', 'AMBER'), hidden, hidden, async (open, said, first, second) => {
      const incident = await openAnother(services, analyst)
      await keepFacts(services, incident, open, null)
      await keepLines(services, incident, said)
      const seen = async () => {
        const pdfs = [
          await sheetOf(house, incident, guest),
          await sheetOf(house, incident, analyst),
          await sheetOf(house, incident, analyst, '?marking=GREEN'),
          await sheetOf(house, incident, guest, '?marking=CLEAR', 'ar'),
        ]
        for (const pdf of pdfs) {
          assert.equal(pagesIn(pdf), 1, 'one page')
          assert.equal(pdf.length % briefSizeClass, 0, `${pdf.length} bytes`)
        }
        const pages = [guest, analyst].map(async (viewer) => {
          const { html } = await ask('GET', `/incidents/${incident}/brief`, { viewer })
          // Forms carry ids that are new on each page.
          return html.replaceAll(/[0-9a-f]{32}/g, 'id')
        })
        return [...pdfs.map((pdf) => pdf.toString('base64')), ...(await Promise.all(pages))]
      }
      await hide(services, incident, first)
      const before = await seen()
      await hide(services, incident, second)
      assert.deepEqual(await seen(), before)
    }),
    { numRuns: 8 },
  )
})

test('below the marking of its incident a brief holds lines that may be said, and differs in nothing else', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { services, analyst } = house
  const of = async (title: string, told: Hidden['facts']) => {
    const incident = await openAnother(services, analyst, title)
    await keepFacts(services, incident, told, null)
    await keepLines(services, incident, [
      { kind: 'holding', marking: 'GREEN', isCleared: true, words: 'We are helping.' },
      { kind: 'holding', marking: 'GREEN', isCleared: false, words: 'Not yet read.' },
      { kind: 'holding', marking: 'AMBER', isCleared: true, words: 'For the house.' },
    ])
    return { incident, green: await sheetOf(house, incident, analyst, '?marking=GREEN') }
  }
  const one = await of('Water', [])
  const other = await of('A ministry read for a year', [
    { state: 'known', words: 'Nine sites are down.' },
    { state: 'contested', words: 'A firm says three.' },
  ])
  assert.deepEqual(one.green, other.green)
  assert.match(textOf(one.green), /We are helping\./)
  assert.doesNotMatch(textOf(one.green), /Not yet read|For the house|Water/)
  assert.match(textOf(one.green), /TLP:GREEN/)
  const whole = textOf(await sheetOf(house, other.incident, analyst, '?marking=RED'))
  assert.match(
    whole,
    /A ministry read for a year.*For the house\..*Nine sites are down\..*A firm says three\..*TLP:RED/s,
  )
  assert.match(textOf(await sheetOf(house, other.incident, analyst)), /Not yet read.*NOT CLEARED/s)
  const refused = (error: Refusal) => error.code === 'incidents.marking-above-reader'
  await assert.rejects(sheetOf(house, one.incident, guest, '?marking=RED'), refused)
  await assert.rejects(sheetOf(house, one.incident, guest, '?marking=PINK'), refused)
})

test('whatever is recorded, the brief is one page, and says how much more of it the record holds', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { services, incident, analyst } = house
  const long = 'The operator told the competent authority what it had seen, and when. '.repeat(6)
  const states = ['known', 'unknown', 'contested'] as const
  await keepFacts(
    services,
    incident,
    Array.from({ length: 90 }, (_, at) => ({ state: states[at % 3] ?? 'known', words: `${at + 1}: ${long}` })),
    null,
  )
  for (const language of ['en', 'fr', 'ar']) {
    const pdf = await sheetOf(house, incident, analyst, '', language)
    assert.equal(pagesIn(pdf), 1, language)
  }
  const text = textOf(await sheetOf(house, incident, analyst))
  const shown = text.match(/\b\d+: The/g)?.length ?? 0
  const left = [...text.replaceAll(/\s+/g, ' ').matchAll(/(\d+) more stand/g)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  )
  assert.ok(left > 0 && shown > 0, text)
  assert.equal(shown + left, 90)
})

test('lists are cut evenly, and no list is shorter than it has to be', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }), fc.nat(120), async (lengths, room) => {
      const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0)
      const shown = await fitLists(lengths, async (some) => sum(some) <= room)
      assert.equal(sum(shown), Math.min(room, sum(lengths)))
      for (const [at, length] of lengths.entries()) assert.ok((shown[at] ?? 0) <= length)
      const cut = shown.filter((count, at) => count < (lengths[at] ?? 0))
      const least = Math.min(...cut)
      for (const [at, count] of shown.entries()) assert.ok(count >= Math.min(lengths[at] ?? 0, least))
    }),
  )
})
