import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const leastWords = 4

test('the title of every test is a sentence of at least four words', () => {
  const files = globSync('{src,test,tools,bench,verifier}/**/*.test.{ts,tsx}', {
    cwd: root,
    exclude: ['bench/node_modules'],
  })
  let titles = 0
  const short: string[] = []
  for (const file of files) {
    const source = readFileSync(join(root, file), 'utf8')
    for (const [, , title] of source.matchAll(
      /^\s*(?:await\s+)?(?:t\.)?(?:test|it)\(\s*(['"`])((?:\\.|(?!\1).)+)\1/gm,
    )) {
      titles += 1
      const words = (title ?? '').replaceAll(/\$\{[^}]*\}/g, 'word').split(/\s+/)
      if (words.length < leastWords) short.push(`${file}: ${title}`)
    }
  }
  assert.deepEqual(short, [])
  assert.ok(titles > 50, `found only ${titles} titles`)
})
