import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTranslator } from '../../text/index.ts'
import { noticeText } from './notice-text.ts'

const names: Record<string, Record<string, string>> = {
  'aurelia.example': { en: 'Aurelia', ar: 'أوريليا' },
  'calenia.example': { en: 'Calenia' },
}
const nameOf = (party: string, language: string) => names[party]?.[language] ?? names[party]?.en ?? party
const page = {
  message: 'clocks.page',
  facts: {
    drill: 'no',
    regime: 'reply',
    fromParties: 'aurelia.example,calenia.example',
    late: 'no',
    unit: 'hours',
    count: 2,
  },
}

test('a notice names parties in the language of whoever reads it, and by the register’s other name where it has none', () => {
  const plain = (text: string) => text.replaceAll(/[\u2068\u2069]/g, '')
  const read = (language: string) => plain(noticeText(page, { t: createTranslator(language), language, nameOf }))
  assert.match(read('en'), /A reply to Aurelia and Calenia is due/)
  assert.match(read('ar'), /أوريليا وCalenia/)
  assert.doesNotMatch(read('ar'), /Aurelia/)
})

test('a notice kept from before, with names written out, still reads', () => {
  const { fromParties: _, ...facts } = page.facts
  const old = { ...page, facts: { ...facts, from: 'Aurelia' } }
  assert.match(noticeText(old, { t: createTranslator('en'), language: 'en', nameOf }), /A reply to Aurelia is due/)
})
