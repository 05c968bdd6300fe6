import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { render } from 'preact-render-to-string'
import type { SpaceFacts } from '../../core/module/types.ts'
import { createTranslator } from '../../text/index.ts'
import type { Evidence, EvidenceKind } from './list-evidence.ts'
import { measures, statusOf } from './measures.ts'
import { measuresCsv } from './measures-csv.ts'
import { drawTies } from './network.ts'
import { NetworkPicture } from './pages/network-picture.tsx'

const now = Date.UTC(2026, 10, 22)
const day = 24 * 3_600_000
const shown = (kind: EvidenceKind, daysAgo: number, over: Partial<Evidence> = {}): Evidence => ({
  kind,
  space: 'hotline',
  hash: `${kind}${daysAgo}`,
  author: 'borovia.example',
  at: now - daysAgo * day,
  ...over,
})
const measure = (number: number) => measures.find((one) => one.number === number)!

test('a measure is shown by acts on the record for as long as they are recent, and by nobody’s word', () => {
  const meetings = [10, 100, 300, 400].map((ago) => shown('minutes', ago))
  const experts = statusOf(measure(11), meetings, now)
  assert.deepEqual([experts.state, experts.recent], ['shown', 3])
  assert.equal(experts.shownUntil, Date.parse('2027-01-26'), 'until the third newest is a year old')
  assert.equal(statusOf(measure(11), meetings.slice(1), now).state, 'too-little')
  assert.equal(statusOf(measure(3), [shown('minutes', 400)], now).state, 'too-little')
  assert.equal(statusOf(measure(8), [], now).state, 'none')
  const channel = statusOf(measure(13), [shown('channel', 4_000)], now)
  assert.deepEqual([channel.state, channel.shownUntil], ['shown', undefined], 'a channel that stands, stands')
  assert.equal(statusOf(measure(9), [shown('minutes', 1)], now).state, 'not-kept')
  assert.deepEqual(
    measures.map(({ number }) => number),
    Array.from({ length: 16 }, (_, at) => at + 1),
  )
})

test('the table of measures that leaves the house names no party and no act', () => {
  const evidence = [shown('check', 3), shown('contact', 9), shown('minutes', 20)]
  const statuses = measures.map((one) => statusOf(one, evidence, now))
  for (const language of ['en', 'fr', 'ar']) {
    const csv = measuresCsv(statuses, createTranslator(language))
    assert.equal(csv.split('\r\n').length, 18)
    for (const { author, hash, space } of evidence)
      for (const secret of [author, hash, space]) assert.ok(!csv.includes(secret), secret)
  }
  const lines = measuresCsv(statuses, createTranslator('en')).split('\r\n')
  assert.equal(lines[8], '8,Contact points named and kept up to date,shown,2,1,12,2026-11-19,2027-11-19')
  assert.equal(lines[11], '11,"Meetings of experts, three a year",too-little,1,3,12,2026-11-02,')
})

const space = (id: string, kind: SpaceFacts['kind'], parties: string[]): SpaceFacts =>
  ({
    id,
    kind,
    title: { en: id },
    members: parties.map((party) => ({ party, role: 'member', since: 0 })),
  }) as unknown as SpaceFacts

test('the picture of the network draws what the spaces say, and says it again in order', () => {
  const [us, them, third] = ['aurelia.example', 'borovia.example', 'calenia.example']
  const spaces = [space('hotline', 'channel', [us, them]), space('forum', 'forum', [us, them, third])]
  const { parties, ties } = drawTies(
    us,
    spaces,
    [[us, them, third], [them]],
    [shown('check', 5), shown('check', 500)],
    now,
  )
  assert.deepEqual(parties, [us, them, third], 'a forum ties nobody, and its members are known')
  const found = ties.map((tie) => [tie.parties.join(' '), tie.channels.length, tie.agreements, tie.checks])
  assert.deepEqual(found.toSorted(), [
    [`${us} ${them}`, 1, 1, 1],
    [`${us} ${third}`, 0, 1, 0],
    [`${them} ${third}`, 0, 1, 0],
  ])
  const html = render(
    <NetworkPicture network={{ parties, ties }} nameOf={(party) => party} t={createTranslator('ar')} />,
  )
  assert.equal(html.match(/class="tie/g)?.length, 3 + 5, 'a key of three, and five lines')
  assert.ok(!/style=|<script|on[a-z]+=/.test(html), 'nothing that a strict policy refuses')
})

test('every line of the picture lies within it, however many parties there are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), (count) => {
      const all = Array.from({ length: count }, (_, at) => `p${String(at).padStart(2, '0')}.example`)
      const spaces = all.slice(1).map((party) => space(party, 'channel', [all[0]!, party]))
      const { parties, ties } = drawTies(all[0]!, spaces, [], [], now)
      assert.equal(ties.length, count - 1)
      const html = render(
        <NetworkPicture network={{ parties, ties }} nameOf={(one) => one} t={createTranslator('en')} />,
      )
      const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(html) ?? []).map(Number)
      for (const [, axis, value] of html.matchAll(/ (c?[xy])[12]?="(-?[\d.]+)"/g))
        assert.ok(Number(value) > 0 && Number(value) < (axis?.endsWith('x') ? width : height), `${axis}=${value}`)
    }),
    { numRuns: 20 },
  )
})
