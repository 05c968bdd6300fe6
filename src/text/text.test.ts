import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCatalogues } from './catalogues.ts'
import {
  addLanguages,
  createTranslator,
  direction,
  formatDate,
  formatDateTime,
  formatDuration,
  formatList,
  formatNumber,
  formatSize,
  formatTime,
  isMessageKey,
  isZone,
  languageFrom,
  languageName,
  languages,
  zoneLabel,
} from './index.ts'

const minute = 60_000
const hour = 60 * minute
const evening = Date.UTC(2026, 10, 21, 22, 3, 17)
const tags = fc.constantFrom('en', 'fr', 'ar', 'de', 'pt-BR', 'zh-Hans', 'fa', 'xx', 'not a language', '')
const zones = fc.constantFrom(
  'UTC',
  'Africa/Algiers',
  'Asia/Kolkata',
  'America/St_Johns',
  'Pacific/Chatham',
  'Mars/Base',
  '',
)

test('a moment names its zone, so that two readers mean the same one', () => {
  assert.equal(formatDateTime(evening, 'UTC', 'en'), '21 November 2026, 22:03 UTC')
  assert.equal(formatDateTime(evening, 'Africa/Algiers', 'fr'), '21 novembre 2026, 23:03 UTC+1')
  assert.equal(
    formatDateTime(evening, 'America/St_Johns', 'en', { seconds: true }),
    '21 November 2026, 18:33:17 UTC−3:30',
  )
})

test('in Arabic the digits stay European and the time keeps its direction', () => {
  assert.equal(formatDateTime(evening, 'UTC', 'ar'), '21 نوفمبر 2026، \u206622:03 UTC\u2069')
})

test('lengths of time read as people say them', () => {
  assert.equal(formatDuration(38 * minute, 'en'), '38 minutes')
  assert.equal(formatDuration(14 * hour + 48 * minute, 'en'), '14 h 48 min')
  assert.match(formatDuration(76 * hour, 'fr'), /^3\sj 4\sh$/)
  assert.equal(formatDuration(14 * hour + 48 * minute, 'ar'), '14 ساعة و48 دقيقة')
})

test('a length that rounds up to the next unit is shown in that unit', () => {
  assert.equal(formatDuration(59.9 * minute, 'en'), '1 hour')
  assert.equal(formatDuration(59_900, 'en'), '1 minute')
  assert.equal(formatDuration(-48 * hour, 'en'), '2 days')
})

test('a length shown in minutes differs from the true one by half a minute at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 47 * hour }), (ms) => {
      const text = formatDuration(ms, 'en')
      const h = Number(/(\d+) h/.exec(text)?.[1] ?? 0)
      const m = Number(/(\d+) min/.exec(text)?.[1] ?? 0)
      const s = Number(/(\d+) second/.exec(text)?.[1] ?? 0)
      assert.ok(Math.abs(h * hour + m * minute + s * 1000 - ms) <= minute / 2, `${ms} → ${text}`)
    }),
  )
})

test('no time, length, size or list brings a formatter down, in any language and zone', () => {
  fc.assert(
    fc.property(fc.double(), tags, zones, fc.array(fc.string()), (n, language, zone, items) => {
      const texts = [
        formatDate(n, zone, language, { weekday: true }),
        formatTime(n, zone, language, { seconds: true, zoneLabel: true }),
        formatDateTime(n, zone, language),
        formatDuration(n, language),
        formatSize(n, language),
        formatNumber(n, language),
        formatList(items, language),
        zoneLabel(n, zone),
        languageName(language),
        direction(language),
      ]
      for (const text of texts) assert.equal(typeof text, 'string')
    }),
  )
})

test('zones that do not exist are told from ones that do', () => {
  assert.ok(isZone('Asia/Kolkata'))
  assert.ok(!isZone('Mars/Base'))
})

test('a saved language wins; otherwise the browser’s wishes by their weight', () => {
  const available = ['en', 'fr', 'ar']
  assert.equal(languageFrom({ chosen: 'ar', acceptLanguage: 'fr', available }), 'ar')
  assert.equal(languageFrom({ chosen: 'tlh', acceptLanguage: 'de, fr-CA;q=0.8, en;q=0.9', available }), 'en')
  assert.equal(languageFrom({ acceptLanguage: 'fr-CA, en;q=0.9', available }), 'fr')
  assert.equal(languageFrom({ acceptLanguage: 'en;q=0, *', available }), 'en')
})

test('no Accept-Language header chooses a language that is not there', () => {
  fc.assert(
    fc.property(fc.string(), (acceptLanguage) => {
      assert.ok(['en', 'fr', 'ar'].includes(languageFrom({ acceptLanguage, available: ['fr', 'en', 'ar'] })))
    }),
  )
})

test('an unknown key is loud in tests', () => {
  assert.throws(() => createTranslator('en')('frame.no-such-words'), /frame\.no-such-words/)
  assert.ok(isMessageKey('frame.skip') && !isMessageKey('A sentence.'))
})

test('refusals of every module are one namespace', () => {
  assert.match(createTranslator('fr')('refusal.not-found'), /adresse/)
})

test('names in another script are isolated in Arabic sentences, in plural branches too', () => {
  const t = createTranslator('ar')
  assert.ok(t('frame.chancery-of', { party: 'Borovia' }).includes('\u2068Borovia\u2069'))
  assert.ok(t('frame.errors-title', { count: 3 }).includes('3'))
})

test('a language comes in by one file, and falls back to English where it is silent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-languages-'))
  writeFileSync(join(folder, 'pt.json'), JSON.stringify({ frame: { skip: 'Ir para o conteúdo' } }))
  addLanguages(folder)
  const t = createTranslator('pt')
  assert.ok(languages().includes('pt'))
  assert.equal(t('frame.skip'), 'Ir para o conteúdo')
  assert.equal(t('frame.sign-out'), 'Sign out')
})

test('common words, frame and refusals say the same things in English, French and Arabic', () => {
  const catalogues = readCatalogues([join(import.meta.dirname, 'messages')])
  const own = (language: string) => [...catalogues.get(language)!].filter(([key]) => /^(common|frame|http)\./.test(key))
  const english = new Map(own('en'))
  for (const language of ['fr', 'ar']) {
    assert.deepEqual(
      own(language)
        .map(([key]) => key)
        .sort(),
      [...english.keys()].sort(),
    )
    // A sentence equal to the English one was forgotten; patterns without words of their own may agree.
    const same = own(language).filter(
      ([key, text]) => english.get(key) === text && /[a-z]{3}/i.test(text.replace(/\{[^}]*\}/g, '')),
    )
    assert.deepEqual(same, [])
  }
})
