import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { askFor, isHit } from './asked.ts'
import { fold, foldReference, piecesOf, wordsOf } from './fold.ts'
import { saidIn, vectorOf } from './vector.ts'

test('words are the same with and without accents, capitals, plural and Arabic article, hamza and vowel marks', () => {
  const alike = [
    ['Démarche', 'DEMARCHES'],
    ['Œuvre', 'oeuvres'],
    ['attaché', 'Attache'],
    ['parties', 'party'],
    ['breaches', 'breach'],
    ['السفارة', 'سفاره'],
    ['وَالسِّفَارَة', 'سفارة'],
    ['إجراءات', 'اجراءات'],
    ['آمـــن', 'امن'],
    ['مسؤول', 'المسوول'],
    ['١٢٣', '123'],
  ]
  for (const [a = '', b = ''] of alike) assert.deepEqual(wordsOf(a), wordsOf(b), `${a} ${b}`)
  assert.notDeepEqual(wordsOf('note'), wordsOf('not'))
  assert.notDeepEqual(wordsOf('سفارة'), wordsOf('سفير'))
})

test('folding twice is folding once, and no word holds anything but letters and digits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      assert.equal(fold(fold(text)), fold(text))
      for (const word of wordsOf(text)) assert.match(word, /^[\p{L}\p{N}]{1,64}$/u)
      assert.equal(
        piecesOf(text)
          .map((piece) => piece.text)
          .join(''),
        text,
      )
    }),
  )
})

test('what was typed is asked as words, phrases, exclusions and beginnings, and wrong input has its reason', () => {
  const asked = askFor('Banken "zero day" -drill sanct* 3/2026')
  assert.ok(typeof asked === 'object')
  assert.equal(asked.query, "('banken') & ('zero' <-> 'day') & !('drill') & ('sanct':*) & ('3' <-> '2026')")
  assert.ok(isHit(asked, 'sanction') && isHit(asked, 'banken') && !isHit(asked, 'drill'))
  assert.equal(askFor('  '), 'no-words')
  assert.equal(askFor('!? …'), 'no-words')
  assert.equal(askFor('-drill'), 'only-excluded')
  assert.equal(askFor('a*'), 'beginning-too-short')
  assert.equal(askFor('w '.repeat(17)), 'too-many-words')
})

test('a subject weighs more than its text, and a text without end stays within what PostgreSQL takes', () => {
  const said = saidIn({ subject: 'Banks', paragraphs: ['Hosts of yours'], title: { en: 'A title' } })
  assert.deepEqual(
    said.map(({ weight }) => weight),
    ['A', 'D', 'A'],
  )
  const endless = Array.from({ length: 60_000 }, (_, at) => `word${at}`).join(' ')
  assert.ok(Buffer.byteLength(vectorOf(saidIn(endless), [])) < 2_000_000)
  assert.equal(foldReference(' AUR / 2026-3 é'), 'aur/2026-3e')
})
