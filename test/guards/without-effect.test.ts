import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import { createTranslator, isMessageKey } from '../../src/text/index.ts'
import { withoutEffectText } from '../../src/modules/spaces/space-words.ts'

const root = join(import.meta.dirname, '../..')

/** Files that hand a reason on and make none of their own. */
const carriers = new Set([
  'src/core/log/governance.ts',
  'src/core/log/projecting/effect.ts',
  'src/core/log/reading.ts',
  'src/modules/search/routes.tsx',
  'src/modules/spaces/api.ts',
  'src/modules/spaces/membership/change.ts',
  'src/protocol/advance.ts',
  'src/protocol/dossier/verify-dossier.ts',
  'src/protocol/replay.ts',
])

/** Prefix of the act types whose reasons a file gives. */
function prefixOf(file: string): string {
  const [, floor, room = ''] = file.split('/')
  if (floor === 'modules') return room
  return floor === 'core' && room === 'clocks' ? 'clock' : 'space'
}

/** String literals an expression can be; undefined where it can be something else. */
function literalsOf(node: ts.Expression): string[] | undefined {
  if (ts.isStringLiteral(node)) return [node.text]
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression)
  if (!ts.isConditionalExpression(node)) return undefined
  const [yes, no] = [literalsOf(node.whenTrue), literalsOf(node.whenFalse)]
  return yes && no && [...yes, ...no]
}

interface Reasons {
  codes: { code: string; file: string }[]
  /** Places where a reason is not a literal. */
  carried: string[]
}

function reasonsIn(file: string, text: string, found: Reasons): void {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const take = (codes: string[] | undefined) => {
    if (codes) found.codes.push(...codes.map((code) => ({ code, file })))
    else found.carried.push(file)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'withoutEffect')
      take(literalsOf(node.initializer))
    if (ts.isShorthandPropertyAssignment(node) && node.name.text === 'withoutEffect') take(undefined)
    if (ts.isTypeAliasDeclaration(node) && node.name.text === 'NoEffect' && ts.isUnionTypeNode(node.type)) {
      take(
        node.type.types.map((one) =>
          ts.isLiteralTypeNode(one) && ts.isStringLiteral(one.literal) ? one.literal.text : '',
        ),
      )
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
}

function allReasons(): Reasons {
  const found: Reasons = { codes: [], carried: [] }
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root })) {
    const text = file.includes('.test.') ? '' : readFileSync(join(root, file), 'utf8')
    if (/withoutEffect|NoEffect/.test(text)) reasonsIn(file, text, found)
  }
  return found
}

test('every reason for which an act can be without effect has its words in every language', () => {
  const { codes } = allReasons()
  assert.ok(codes.length > 80, `found only ${codes.length} reasons`)
  for (const code of ['not-projected', 'awaits-agreement', 'space-closed', 'not-yet-due', 'own-check'])
    assert.ok(
      codes.some((one) => one.code === code),
      `the guard does not see ${code}`,
    )
  const silent = codes.flatMap(({ code, file }) =>
    ['en', 'fr', 'ar']
      .filter((language) => {
        const t = createTranslator(language)
        return withoutEffectText(`${prefixOf(file)}.x`, code, t) === t('spaces.without-effect.other', { code })
      })
      .map((language) => `${file}: ${code} (${language})`),
  )
  assert.deepEqual([...new Set(silent)], [])
})

test('a reason is written out where it is given, so that none escapes this guard', () => {
  const elsewhere = [...new Set(allReasons().carried)].filter((file) => !carriers.has(file))
  assert.deepEqual(elsewhere, [])
})

test('no words are kept for reasons that nothing gives', () => {
  const given = new Set(allReasons().codes.map(({ code }) => code))
  const kept = [
    'agreements',
    'assistance',
    'calls',
    'channels',
    'checks',
    'clocks',
    'directory',
    'forums',
    'incidents',
    'spaces',
  ].flatMap((namespace) => {
    const file = JSON.parse(readFileSync(join(root, `src/text/messages/en/${namespace}.json`), 'utf8')) as {
      'without-effect'?: Record<string, string>
    }
    return Object.keys(file['without-effect'] ?? {}).map((code) => `${namespace}.without-effect.${code}`)
  })
  const idle = kept.filter((key) => !key.endsWith('.other') && !given.has(key.slice(key.lastIndexOf('.') + 1)))
  assert.ok(kept.every(isMessageKey))
  assert.deepEqual(idle, [])
})
