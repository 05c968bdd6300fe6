import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'src/text/messages')

/** Words that are the same in French, or names that no language changes. Arabic shares none but names. */
const sameEverywhere = new Set(['TLP', 'PAP', 'JSON', 'STIX', 'OpenAPI', 'Chancery', 'UTC'])
const sameInFrench = new Set([
  'Points',
  'Date',
  'Type',
  'Question',
  'Message',
  'Notes',
  'Note',
  'Source',
  'Description',
  'Option',
  'Notification',
  'Aidemémoire',
  'Bout de papier',
])

type Tree = { [key: string]: string | Tree }

function flatten(tree: Tree, prefix: string, into = new Map<string, string>()): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(`${prefix}.${key}`, value)
    else flatten(value, `${prefix}.${key}`, into)
  }
  return into
}

function readLanguage(language: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const file of globSync(`${language}/*.json`, { cwd: folder })) {
    const name = file.slice(language.length + 1, -'.json'.length)
    const namespace = name.startsWith('refusal-') ? 'refusal' : name
    flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), namespace, all)
  }
  return all
}

const english = readLanguage('en')
const missingFrom = (have: Map<string, string>, want: Map<string, string>) =>
  [...want.keys()].filter((key) => !have.has(key))

/** What a person reads of a text: without its ICU placeholders and punctuation. */
function wordsOf(text: string): string {
  return text
    .replaceAll(/\{[^{}]*\}/g, '')
    .replaceAll(/[^\p{L}\p{N} ]/gu, '')
    .trim()
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number]

/** Names of the facts that a text asks for. */
function factsOf(text: string, language: string): string[] {
  const names = new Set<string>()
  function visit(parts: Part[]): void {
    for (const part of parts) {
      // 0 is plain text and 7 the number inside a plural.
      if (part.type !== 0 && part.type !== 7) names.add(part.value)
      if ('options' in part) for (const option of Object.values(part.options)) visit(option.value)
      if ('children' in part) visit(part.children)
    }
  }
  visit(new IntlMessageFormat(text, language).getAst())
  return [...names].sort()
}

for (const language of ['fr', 'ar']) {
  const other = readLanguage(language)

  test(`the catalogue ${language} has exactly the keys of the English one`, () => {
    assert.deepEqual(
      { missing: missingFrom(other, english), extra: missingFrom(english, other) },
      { missing: [], extra: [] },
    )
    assert.ok(english.size > 100)
  })

  test(`no text of the catalogue ${language} is left in English`, () => {
    const left = [...other].filter(([key, text]) => {
      const words = wordsOf(text)
      if (text !== english.get(key) || words === '' || /^\d+$/.test(words)) return false
      return !sameEverywhere.has(words) && !(language === 'fr' && sameInFrench.has(words))
    })
    assert.deepEqual(left, [])
  })

  test(`texts of the catalogue ${language} can be read and use the facts of the English ones`, () => {
    const differing = [...english].filter(([key, text]) => {
      const translated = other.get(key)
      return translated !== undefined && factsOf(translated, language).join() !== factsOf(text, 'en').join()
    })
    assert.deepEqual(
      differing.map(([key]) => key),
      [],
    )
  })
}

test('every message that a source names is in the catalogue', () => {
  const unknown: string[] = []
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root })) {
    if (file.includes('.test.')) continue
    for (const [, key] of readFileSync(join(root, file), 'utf8').matchAll(/\bt\(\s*'([^'\n]+)'/g)) {
      if (key && !english.has(key)) unknown.push(`${file}: ${key}`)
    }
  }
  assert.deepEqual(unknown, [])
})
