import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { copiedPassage, runsOf } from './runs.ts'

const length = 8
const alphabets = [
  'abcdefghijklmnopqrstuvwxyz',
  'éèàçùâêîôûëïü',
  'ابتثجحخدذرزسشصضطظعغفقكلمنهوي',
  'абвгдежзиклмнопрстуфхц',
]
const anyWord = fc
  .constantFrom(...alphabets)
  .chain((letters) => fc.array(fc.constantFrom(...letters), { minLength: 2, maxLength: 9 }))
  .map((letters) => letters.join(''))
const anyWords = (minLength: number) => fc.uniqueArray(anyWord, { minLength, maxLength: minLength + 40 })
const anyGap = fc.constantFrom(' ', '  ', '\n\n', ', ', ' – ', '; ', '.\n', ' « ', '\u00a0', ' (', ') ', '…', '\u200f ')
const anyWriting = fc.constantFrom<(word: string) => string>(
  (word) => word,
  (word) => word.toUpperCase(),
  (word) => word.normalize('NFD'),
  (word) => `${word.slice(0, 1)}\u00ad${word.slice(1)}`,
  (word) => word.slice(0, 1).toUpperCase() + word.slice(1),
)
const isCopied = (text: string, source: string) =>
  copiedPassage(text, new Set(runsOf(source, length)), length) !== undefined

test('a copied passage of eight words is recognised whatever became of its case, accents, spacing and punctuation', () => {
  fc.assert(
    fc.property(
      anyWords(length + 4),
      fc.nat(),
      fc.array(anyWord, { maxLength: 20 }),
      fc.array(fc.tuple(anyGap, anyWriting), { minLength: 60, maxLength: 60 }),
      (words, at, around, shapes) => {
        const from = at % (words.length - length + 1)
        const copied = words.slice(from, from + length)
        const written = [...around, ...copied, ...around]
          .map((word, place) => `${shapes[place]?.[1](word)}${shapes[place]?.[0]}`)
          .join('')
        assert.ok(isCopied(written, words.join(' ')), written)
      },
    ),
    { numRuns: 300 },
  )
})

test('words of one’s own, and fewer words in a row than that, are nobody’s passage', () => {
  fc.assert(
    fc.property(anyWords(2 * length), fc.nat(), (words, at) => {
      const source = words.join(' ')
      const from = at % (words.length - length + 1)
      const short = words.slice(from, from + length - 1)
      assert.equal(isCopied(`own ${short.join(' ')} words`, source), false)
      assert.equal(isCopied(words.toReversed().join(' '), source), false, 'the same words in another order')
    }),
    { numRuns: 200 },
  )
  assert.equal(isCopied('', 'one two three four five six seven eight'), false)
})

test('the passage is shown as the copy writes it, from its first word to its last', () => {
  const source = 'We attribute the intrusion of last March to the group Heron. We say so together.'
  const copy = 'As we hear: THE INTRUSION of last March – to the group, Heron! – we say so; and more.'
  assert.equal(
    copiedPassage(copy, new Set(runsOf(source, length)), length),
    'THE INTRUSION of last March – to the group, Heron! – we say so',
  )
  const han = '我们将三月的入侵归因于苍鹭组织并共同声明'
  assert.equal(copiedPassage(`据悉，${han.slice(2, 14)}。`, new Set(runsOf(han, length)), length), han.slice(2, 14))
})
