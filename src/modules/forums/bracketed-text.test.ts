import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readBrackets, wordingOf } from './bracketed-text.ts'

test('an open word between brackets becomes a numbered bracket with its options', () => {
  const draft = readBrackets('Draft', ['Hosts that [harboured / transited] the traffic', 'No brackets here'])
  assert.deepEqual(draft.paragraphs, ['Hosts that [[b1]] the traffic', 'No brackets here'])
  assert.deepEqual(draft.options, { b1: ['harboured', 'transited'] })
})

test('a resolved bracket reads as the wording that was agreed', () => {
  const draft = readBrackets('Draft', ['Hosts [harboured / transited] it'])
  assert.deepEqual(wordingOf(draft, new Map()), ['Hosts [harboured / transited] it'])
  assert.deepEqual(wordingOf(draft, new Map([['b1', 1]])), ['Hosts transited it'])
})

test('square brackets without alternatives stay what they are', () => {
  assert.deepEqual(readBrackets('Draft', ['see [annex]']).paragraphs, ['see [annex]'])
})

test('any text with any number of brackets reads back as it was typed until a bracket is resolved', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/)
  const paragraph = fc
    .array(
      fc.oneof(
        word,
        fc.tuple(word, word).map(([a, b]) => `[${a} / ${b}]`),
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((words) => words.join(' '))
  fc.assert(
    fc.property(fc.array(paragraph, { minLength: 1, maxLength: 5 }), (paragraphs) => {
      assert.deepEqual(wordingOf(readBrackets('Draft', paragraphs), new Map()), paragraphs)
    }),
  )
})
