import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/postgres.ts'
import { InvalidInput, parseInput } from '../../core/http/index.ts'
import { newId } from '../../protocol/index.ts'
import { relationTable } from './migrations/0002-relation.ts'
import { listDisplayNames, listRelations, noteRelation, type Relation } from './relation.ts'
import { relationInput, relationOf, valuesOf } from './relation-input.ts'

const root = join(import.meta.dirname, '../../..')
const nothing: Relation = { recalled: false, displayName: {} }

test('each change of a relation is kept with who noted it, the newest counts, a second click changes nothing', async (t) => {
  const { db } = await testDatabase(t, [relationTable])
  let now = 1_000
  const services = { db, clock: { now: () => now } }
  const by = (name: string) => ({ id: name, name, language: 'en', zone: 'Etc/UTC' })
  const note = (id: string, name: string, relation: Relation, party = 'borovia.example') =>
    noteRelation(services, { id, party, by: by(name), relation })
  const noted = async () => (await listRelations(services, 'borovia.example')).map((one) => [one.by, one.at, one.level])

  const first = newId()
  const limited: Relation = { ...nothing, relation: 'limited', level: 'charge', displayName: { en: 'North Borovia' } }
  await note(first, 'Ada', limited)
  await note(first, 'Ada', limited)
  now = 2_000
  await note(newId(), 'Ben', { ...limited, level: 'charge-ad-interim' })
  await note(newId(), 'Cleo', { ...limited, level: 'charge-ad-interim' })
  await note(first, 'Ada', limited)
  assert.deepEqual(await noted(), [
    ['Ben', 2_000, 'charge-ad-interim'],
    ['Ada', 1_000, 'charge'],
  ])
  await note(newId(), 'Ben', { ...nothing, displayName: { en: 'Calenia itself' } }, 'calenia.example')
  assert.deepEqual(
    [...(await listDisplayNames(services))],
    [
      ['borovia.example', { en: 'North Borovia' }],
      ['calenia.example', { en: 'Calenia itself' }],
    ],
  )
  await note(newId(), 'Ben', nothing)
  assert.deepEqual((await listDisplayNames(services)).get('borovia.example'), {}, 'a name can be taken back')

  const both = ['ambassador', 'consular'] as const
  await Promise.all(both.flatMap((level) => [1, 2].map(() => note(newId(), level, { ...nothing, level }))))
  const levels = (await noted()).map(([, , level]) => level)
  assert.ok(
    levels.every((level, index) => level !== levels[index + 1]),
    'nobody notes what already stands',
  )
})

test('wrong fields of a relation are named one by one, and what was noted fills the form again', () => {
  const id = newId()
  const wrong = (given: Record<string, unknown>): Record<string, string> => {
    try {
      parseInput(relationInput, { id, ...given })
      return {}
    } catch (error) {
      assert.ok(error instanceof InvalidInput)
      return Object.fromEntries(
        error.issues.map(({ path, message }) => [path.join('.'), message.slice(message.lastIndexOf('.') + 1)]),
      )
    }
  }
  assert.deepEqual(wrong({ relation: 'protecting-power', level: 'ambassador', recalled: 'yes' }), {
    protecting: 'which-power',
    level: 'no-mission',
    recalledOn: 'since-when',
  })
  assert.deepEqual(wrong({ relation: 'full', protecting: 'Helvetia', recalledOn: '2026-11-01' }), {
    protecting: 'no-power',
    recalledOn: 'not-recalled',
  })
  assert.deepEqual(wrong({ relation: 'none', level: 'charge' }), { level: 'no-mission' })
  assert.deepEqual(wrong({ relation: 'none', level: 'consular' }), {})
  assert.deepEqual(Object.keys(wrong({ relation: 'warm', recalledOn: '2026-02-30', note: 'x'.repeat(1_001) })), [
    'relation',
    'recalledOn',
    'note',
  ])
  const typed = {
    relation: 'limited',
    level: 'charge',
    recalled: 'yes',
    recalledOn: '2026-02-28',
    'name-ar': 'بوروفيا',
  }
  const { id: _id, ...again } = parseInput(relationInput, { id, ...typed })
  assert.deepEqual(again, typed)
  const filled = Object.entries(valuesOf(relationOf({ id, ...again })))
  assert.deepEqual(Object.fromEntries(filled.filter(([, value]) => value !== undefined)), typed)
})

const mayName: Record<string, RegExp> = {
  directory_relation: /^src\/modules\/directory\/(relation|tables|migrations\/0002-relation)\.ts$/,
  'relation.ts': /^src\/modules\/directory\/(index\.ts|party-profile\.ts|relation-|pages\/(party|relation)-)/,
}

test('no path leads from what is noted of a relation to an act: its rows and its reader are named by its own pages only', () => {
  const found: Record<string, string[]> = { directory_relation: [], 'relation.ts': [] }
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root })) {
    if (file.includes('.test.')) continue
    const source = readFileSync(join(root, file), 'utf8')
    if (source.includes('directory_relation')) found.directory_relation?.push(file)
    if (/from '[^']*\/relation\.ts'/.test(source)) found['relation.ts']?.push(file)
    // Whoever signs, sends or composes must not reach it over the profile either.
    if (/from '[^']*\/(party-profile|relation-input)\.ts'/.test(source)) found['relation.ts']?.push(file)
  }
  for (const [name, files] of Object.entries(found)) {
    assert.ok(files.length >= 3, `${name} is read somewhere`)
    assert.deepEqual(
      files.filter((file) => !mayName[name]?.test(file)),
      [],
    )
  }
  const door = readFileSync(join(root, 'src/modules/directory/index.ts'), 'utf8')
  assert.doesNotMatch(door, /export .*(relation|party-profile)/, 'no other module gets at it')
  assert.match(door, /namesOfParties: listDisplayNames/, 'but for the names that pages show')
})

test('whatever composes, signs, seals or sends says a party by the name it signed', () => {
  const outward = globSync('src/{protocol,core}/**/*.{ts,tsx}', { cwd: root })
    .concat(globSync('src/modules/spaces/{build,export,plan}-dossier.ts', { cwd: root }))
    .filter((file) => !file.includes('.test.'))
  const naming = outward.filter((file) =>
    /\bservices\.nameOf\(|namesOfParties/.test(readFileSync(join(root, file), 'utf8')),
  )
  assert.deepEqual(
    naming,
    ['src/core/module/services.ts', 'src/core/module/types.ts'],
    'two doors, and nobody who passes',
  )
  const composer = readFileSync(join(root, 'src/modules/channels/composers/note-fields.tsx'), 'utf8')
  assert.match(composer, /to: addresseeName\(services, space, to, written\)/)
  const addressing = readFileSync(join(root, 'src/modules/channels/agreed.ts'), 'utf8')
  assert.match(addressing, /services\.signedNameOf\(party, language\)/)
  assert.doesNotMatch(addressing, /\bnameOf\(/, 'a party without a node by the name in the title, which is signed')
})
