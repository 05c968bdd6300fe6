import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import { create, type Font } from 'fontkit'
import { linesOf, readPdf } from '../../../test/support/read-pdf.ts'
import { loadFaces } from './fonts.ts'
import { makeSheet, type Sheet } from './index.ts'
import { setLines } from './set-lines.ts'
import { unpackWoff2 } from './unpack-woff2.ts'

const sheet = (over: Partial<Sheet>): Sheet => ({
  title: 'Note verbale 3/2026',
  language: 'en',
  issuer: 'Aurelia',
  at: Date.UTC(2026, 6, 12),
  banner: ['TLP:AMBER', 'DRILL'],
  foot: 'Our reference 3/2026',
  pageWords: (page, of) => `Page ${page} of ${of}`,
  blocks: [{ kind: 'paragraph', text: 'The Ministry presents its compliments.' }],
  ...over,
})

test('a typeface unpacked from WOFF2 draws every glyph as another reader of WOFF2 draws it', async () => {
  const find = createRequire(import.meta.url)
  const path = '@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2'
  const packed = await readFile(find.resolve(path))
  const ours = create(Buffer.from(unpackWoff2(packed))) as Font
  const theirs = create(packed) as Font
  assert.equal(ours.numGlyphs, theirs.numGlyphs)
  for (let id = 1; id < ours.numGlyphs; id += 7) {
    assert.equal(ours.getGlyph(id).advanceWidth, theirs.getGlyph(id).advanceWidth)
    assert.equal(ours.getGlyph(id).path.toSVG(), theirs.getGlyph(id).path.toSVG(), `glyph ${id}`)
  }
  assert.throws(() => unpackWoff2(packed.subarray(0, 5_000)), Error)
})

test('a line of Arabic runs from right to left, its numbers, Latin words and brackets as they are read', async () => {
  const faces = await loadFaces('ا', false)
  const set = (text: string, direction: 'ltr' | 'rtl', width = 1_000) =>
    setLines(text, { faces: faces.text, size: 11, direction, width }).map((line) => line.pieces.map((one) => one.text))
  assert.deepEqual(set('رقم 3/2026 من', 'rtl'), [['من', ' ', '3/2026', ' ', 'رقم']])
  assert.deepEqual(set('نص (TLP:AMBER) آخر', 'rtl'), [['آخر', ' ', '(', 'TLP:AMBER', ')', ' ', 'نص']])
  assert.deepEqual(set('the word سلام عليكم here', 'ltr'), [
    ['the', ' ', 'word', ' ', 'عليكم', ' ', 'سلام', ' ', 'here'],
  ])
  assert.deepEqual(set('واحد اثنان ثلاثة', 'rtl', 55), [['اثنان', ' ', 'واحد'], ['ثلاثة']], 'from the top down')
  assert.deepEqual(set('١٢٣', 'rtl'), [['٣٢١']], 'a face that draws digits backwards is handed them backwards')
  assert.notEqual(set('تهـي', 'rtl')[0]?.length, 0)
})

test('whatever is typed is set within the width, and no character of it is lost or comes twice', async () => {
  const faces = await loadFaces('ا ż', false)
  const characters = [...'abż é1٢3 ()«»,.سلامنتيُ  \u200f\u2068\u2069\u0644']
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...characters), maxLength: 60 }),
      fc.constantFrom('ltr' as const, 'rtl' as const),
      fc.integer({ min: 60, max: 300 }),
      (text, direction, width) => {
        const lines = setLines(text, { faces: faces.text, size: 11, direction, width })
        const drawn = lines.flatMap((line) => line.pieces.map((piece) => piece.text)).join('')
        const inked = (of: string) =>
          [...of]
            .filter((one) => !/[\s\u200f\u2068\u2069()«»]/u.test(one))
            .toSorted()
            .join('')
        assert.equal(inked(drawn), inked(text.normalize('NFC')))
        for (const line of lines) assert.ok(line.width <= width + 0.01, `${line.width} of ${width}`)
      },
    ),
    { numRuns: 150 },
  )
})

test('marking and drill stand at head and foot of every page, and every page knows how many there are', async () => {
  const paragraphs = Array.from({ length: 40 }, (_, index) => ({
    kind: 'paragraph' as const,
    text: `Paragraph ${index + 1}: ${'the competent authority is asked to look into the matter. '.repeat(3)}`,
  }))
  const bytes = await makeSheet(sheet({ blocks: paragraphs }))
  const drawn = readPdf(bytes)
  const pages = Math.max(...drawn.map((one) => one.page))
  assert.ok(pages > 2)
  for (let page = 1; page <= pages; page += 1) {
    const lines = linesOf(drawn, page)
    assert.equal(lines[0], 'TLP:AMBER · DRILL', `head of page ${page}`)
    assert.equal(lines.at(-1), 'TLP:AMBER · DRILL', `foot of page ${page}`)
    assert.match(lines.at(-2) ?? '', new RegExp(`Our reference 3/2026.*Page ${page} of ${pages}`))
  }
  const said = drawn.map((one) => one.text).join(' ')
  for (const { text } of paragraphs) assert.ok(said.includes(text.split(':')[0] as string), text)
})

test('a table that goes on names its columns on each page, and its columns are as wide as they were asked to be', async () => {
  const rows = Array.from({ length: 90 }, (_, index) => [`${index + 1}`, 'Request to the competent authority'])
  const drawn = readPdf(
    await makeSheet(sheet({ blocks: [{ kind: 'table', head: ['Number', 'Subject'], rows, shares: [1, 5] }] })),
  )
  const pages = Math.max(...drawn.map((one) => one.page))
  assert.ok(pages > 1)
  for (let page = 1; page <= pages; page += 1)
    assert.equal(linesOf(drawn, page).filter((one) => one === 'Number Subject').length, 1, `page ${page}`)
  const subject = drawn.find((one) => one.text === 'Subject')?.x ?? 0
  assert.ok(subject > 130 && subject < 170, 'the first column is a sixth')
})

test('words on a page of Arabic stand from right to left, and a table begins at the right', async () => {
  const bytes = await makeSheet(
    sheet({
      language: 'ar',
      blocks: [
        { kind: 'paragraph', text: 'دول 2026 سلام' },
        { kind: 'table', head: ['دار', 'سلام'], rows: [['A1', 'B2']] },
      ],
    }),
  )
  const drawn = readPdf(bytes)
  const placeOf = (text: string) => drawn.find((one) => one.text === text)?.x ?? Number.NaN
  const [year] = drawn.filter((one) => one.text === '2026')
  const row = drawn.filter((one) => Math.round(one.y) === Math.round(year?.y ?? 0)).toSorted((a, b) => a.x - b.x)
  assert.equal(
    row.findIndex((one) => one.text === '2026'),
    1,
    'the number stands between the words',
  )
  assert.equal([...(row[2]?.text ?? '')].length, 3, 'and the first word, of three letters, at the right')
  assert.ok(placeOf('A1') > placeOf('B2'))
})

test('the same sheet is the same bytes, and says nothing of the machine that made it', async () => {
  const [first, second] = [await makeSheet(sheet({})), await makeSheet(sheet({}))]
  assert.deepEqual(first, second)
  const file = Buffer.from(first).toString('latin1')
  assert.match(file, /\/MarkInfo|\/StructTreeRoot/)
  assert.match(file, /\(D:20260712000000Z\)/)
  assert.ok(!file.includes(new Date().toISOString().slice(0, 10).replaceAll('-', '')), 'not the day it was made')
})

test('a file of a size class is as long as a multiple of it, and finds each of its objects where it says', async () => {
  const sizeClass = 4_096
  for (const length of [0, 150, 300, 900]) {
    const text = Array.from({ length }, (_, at) => `w${(at * 7919) % 10_007}`).join(' ')
    const plain = sheet({ blocks: [{ kind: 'paragraph', text }] })
    const file = Buffer.from(await makeSheet({ ...plain, sizeClass })).toString('latin1')
    const most = (await makeSheet(plain)).length + 2 * sizeClass
    assert.ok(file.length % sizeClass === 0 && file.length < most, `${file.length} bytes`)
    const tableAt = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1])
    const [, count, ...rows] = file.slice(tableAt).split('\n')
    const objects = Number(count?.split(' ')[1])
    for (let number = 1; number < objects; number += 1)
      assert.ok(file.startsWith(`${number} 0 obj\n`, Number(rows[number]?.slice(0, 10))), `object ${number}`)
  }
})
