import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { contactKinds } from '../acts.ts'
import { compareLists } from './compare.ts'
import { writeContactsCsv } from './contacts-csv.ts'
import { writeContactsJson } from './contacts-json.ts'
import { readCsv, untamed, writeCsv } from '../../../core/csv/index.ts'
import { type Listed, listedFields } from './listed-contact.ts'
import { readList, sameKey } from './read-list.ts'
import { writeVcards } from './vcard.ts'

const writers = { csv: writeContactsCsv, vcard: writeVcards, json: writeContactsJson }
const words = (most: number) =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: most }),
      fc.constantFrom(
        '=1+1',
        '+999 1 555',
        "'=x",
        '@SUM(A1)',
        '-1',
        'a,"b";c\\n',
        'Ligne 1\nLigne 2',
        'مكتب الاتصال',
        '’',
      ),
    )
    .map((text) => text.replaceAll('\r', '').trim().slice(0, most).trim())
    .filter((text) => text !== '' && text.isWellFormed() && !text.startsWith('\uFEFF'))
const time = fc.constantFrom('00:00', '08:30', '17:00', '23:59')
const week = fc
  .array(fc.tuple(fc.uniqueArray(fc.constantFrom('Mo', 'We', 'Fr', 'Su'), { minLength: 1 }), time, time), {
    minLength: 1,
    maxLength: 3,
  })
  .map((spans) => {
    const order = ['Mo', 'We', 'Fr', 'Su']
    const sorted = (days: string[]) => days.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)).join(',')
    return spans.map(([days, from, until]) => `${sorted(days)} ${from}-${until}`).join('; ')
  })
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const listed: fc.Arbitrary<Listed> = fc
  .record({
    party: fc.constantFrom('borovia.example', 'calenia.example'),
    kind: optional(fc.constantFrom(...contactKinds)),
    post: words(60),
    institution: optional(words(60)),
    style: optional(words(20)),
    name: optional(words(40)),
    telephone: optional(words(20)),
    emergency: optional(fc.constantFrom('+999 1 555', '112')),
    email: optional(fc.constantFrom('desk@borovia.example', 'night.desk@cert.example')),
    key: optional(words(40)),
    zone: optional(fc.constantFrom('Europe/Paris', 'Asia/Kathmandu', 'UTC')),
    hours: optional(fc.oneof(fc.constantFrom('24/7', 'office'), week)),
    languages: optional(fc.constantFrom('en', 'fr ar', 'en-GB es')),
    instrument: optional(words(60)),
    valid_from: optional(fc.constantFrom('2026-01-01', '2026-02-28')),
    valid_until: optional(fc.constantFrom('2026-12-31', '2027-06-30')),
    id: optional(fc.nat().map((n) => n.toString(16).padStart(32, '0'))),
  })
  .map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as Listed)
const lists = fc.uniqueArray(listed, { selector: sameKey, maxLength: 4 })

for (const [format, write] of Object.entries(writers))
  test(`what is written as ${format} is read again word for word`, () => {
    fc.assert(
      fc.property(lists, (contacts) => {
        fc.pre(contacts.length > 0)
        const { entries, problems } = readList(write(contacts))
        assert.deepEqual(problems, [])
        assert.deepEqual(
          entries.map(({ contact }) => contact),
          contacts.map((contact) =>
            Object.fromEntries(listedFields.flatMap((f) => (contact[f] ? [[f, contact[f]]] : []))),
          ),
        )
      }),
      { numRuns: 150 },
    )
  })

test('a name that ends in a backslash keeps it through a vCard, and nothing of what stands beside it', () => {
  const contact: Listed = { party: 'borovia.example', post: 'Desk', style: '\\', name: 'A;B\\' }
  const { entries } = readList(writers.vcard([contact]))
  assert.deepEqual([entries[0]?.contact.style, entries[0]?.contact.name], ['\\', 'A;B\\'])
})

test('no rubbish and no broken file throws: whatever cannot be read is named by a line that exists', () => {
  const broken = fc
    .tuple(
      lists,
      fc.constantFrom(...Object.values(writers)),
      fc.nat(),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.nat(40),
    )
    .map(([contacts, write, at, rubbish, cut]) => {
      const text = write(contacts)
      const place = at % (text.length + 1)
      return text.slice(0, place) + rubbish + text.slice(place + cut)
    })
  const beginnings = ['', 'BEGIN:VCARD\n', '{"contacts":[', '[', 'team,e-mail\n', '"', '\uFEFF']
  const rubbish = fc
    .tuple(fc.constantFrom(...beginnings), fc.string({ unit: 'binary', maxLength: 80 }))
    .map((two) => two.join(''))
  fc.assert(
    fc.property(fc.oneof(broken, rubbish), (text) => {
      const { entries, problems } = readList(text, 'borovia.example')
      const lines = text.split('\n').length
      for (const { line } of [...entries, ...problems]) assert.ok(Number.isInteger(line) && line >= 1 && line <= lines)
    }),
    { numRuns: 400 },
  )
})

test('lines that cannot be read are named with their reason and field, and the others are taken', () => {
  const problemsOf = (text: string) =>
    readList(text, 'borovia.example').problems.map(({ line, reason, field }) => [
      line,
      reason,
      ...(field ? [field] : []),
    ])
  const csv = [
    'Team,E-Mail,Phone Emergency,Timezone,Operating Hours,unknown',
    'CERT,cert@borovia.example,+999 1,Europe/Paris,24x7,x',
    'Desk,not-an-address,,,,',
    'Desk,,,Mars/Base,,',
    'Desk "A",,,,,',
    '"Desk"x,,,,,',
    'cert,cert@borovia.example,,,,',
    'Desk,,,,,,,',
    ',,+1,,,',
    'Night,,,,Sa-Mo 22:00 - 06:00,',
    '"Open,,,,,',
    'Last,,,,,',
  ].join('\r\n')
  assert.deepEqual(problemsOf(csv), [
    [3, 'wrong', 'email'],
    [4, 'wrong', 'zone'],
    [5, 'quote-inside'],
    [6, 'after-quote'],
    [7, 'twice'],
    [8, 'too-many-cells'],
    [9, 'nobody', 'post'],
    [11, 'quote-open'],
  ])
  const read = readList(csv, 'borovia.example').entries.map(({ line, contact }) => [line, contact.post, contact.hours])
  assert.deepEqual(read, [
    [2, 'CERT', '24/7'],
    [10, 'Night', 'Mo,Sa,Su 22:00-06:00'],
    [12, 'Last', undefined],
  ])
  assert.deepEqual(problemsOf('colour,size\nred,1'), [[1, 'no-columns']])
  assert.deepEqual(readList('team\nDesk').problems, [{ line: 2, reason: 'no-party', field: 'party' }])
  const cards =
    'BEGIN:VCARD\nVERSION:4.0\nFN:Ada\nEND:VCARD\nFN:Nobody\nBEGIN:VCARD\nFN:Ben\nEMAIL:wrong\nEND:VCARD\nBEGIN:VCARD'
  assert.deepEqual(problemsOf(cards), [
    [5, 'outside-card'],
    [6, 'wrong', 'email'],
    [10, 'card-open'],
  ])
  assert.deepEqual(problemsOf('[\n{"post":"A"},\n{"post":7,"kind":"naval"}\n]'), [[3, 'wrong', 'kind']])
  assert.deepEqual(problemsOf('{"contacts":[\n{"post":"A"},\n]}'), [[3, 'no-json']])
  assert.deepEqual(problemsOf('{"a":1}'), [[1, 'no-contacts']])
})

test('a card of another program is read: folded lines, groups, a role mailbox, an emergency line', () => {
  const card = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'KIND:org',
    'item1.ORG;SORT-AS="x:y":Ministry\\, Foreign;Cyber',
    'FN:Duty des',
    ' k',
    'TEL;TYPE="voice,work":tel:+999-1',
    'TEL;TYPE=x-emergency;VALUE=uri:tel:+999-2',
    'LANG;PREF=1:fr',
    'END:VCARD',
    '',
  ].join('\r\n')
  assert.deepEqual(readList(card, 'borovia.example').entries[0]?.contact, {
    party: 'borovia.example',
    post: 'Duty desk',
    institution: 'Ministry, Foreign',
    telephone: '+999-1',
    emergency: '+999-2',
    languages: 'fr',
  })
})

test('no cell of an exported table is computed by a spreadsheet, and every cell is read again as it was', () => {
  const nasty = fc
    .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '|', '%', '＝', "'", ''), fc.string())
    .map((two) => two.join(''))
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), (cells) => {
      const { rows, problems } = readCsv(writeCsv([['head'], cells]))
      assert.deepEqual(problems, [])
      const row = rows[1]?.cells ?? cells.map(() => '')
      for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@\t\r\n|%＝＋－＠]/u)
      assert.deepEqual(row.map(untamed), cells)
    }),
    { numRuns: 400 },
  )
})

test('two directories are compared field by field, by id, then by post, then by address', () => {
  const one = (over: Partial<Listed>): Listed => ({ party: 'borovia.example', ...over })
  const [a, b] = ['a'.repeat(32), 'b'.repeat(32)]
  const ours = [
    one({ id: a, kind: 'technical', post: 'CERT', telephone: '1' }),
    one({ id: b, post: 'Desk', email: 'd@x.example' }),
    one({ post: 'Night' }),
    one({ post: 'Gone' }),
  ]
  const theirs = [
    one({ id: a, kind: 'technical', post: 'National CERT', telephone: '1' }),
    one({ post: 'Front desk', email: 'D@x.example' }),
    one({ post: 'NIGHT' }),
    one({ party: 'calenia.example', post: 'Gone' }),
  ]
  const compared = compareLists(ours, theirs, { saidOnly: true })
  assert.deepEqual(
    compared.changed.map(({ differences }) => differences.map(({ field, before, after }) => [field, before, after])),
    [
      [['post', 'CERT', 'National CERT']],
      [
        ['post', 'Desk', 'Front desk'],
        ['email', 'd@x.example', 'D@x.example'],
      ],
      [['post', 'Night', 'NIGHT']],
    ],
  )
  assert.deepEqual(
    compared.missing.map((contact) => contact.post),
    ['Gone'],
  )
  assert.deepEqual(
    compared.added.map((contact) => contact.party),
    ['calenia.example'],
  )
  const whole = compareLists([one({ post: 'A', telephone: '1' })], [one({ post: 'A' })])
  assert.deepEqual(whole.changed[0]?.differences, [{ field: 'telephone', before: '1' }])
  assert.equal(compareLists(ours, ours).same.length, ours.length)
})
