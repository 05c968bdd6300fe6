import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isGovernance } from '../../src/protocol/index.ts'
import { modules } from '../../src/app/modules.ts'
import { actsPage, actsTable } from '../../tools/make-acts-table.ts'

test('the table of acts says what the definitions say', () => {
  assert.equal(
    readFileSync(actsPage, 'utf8'),
    actsTable(),
    'run: node --import ./tools/tsx-hook.ts tools/make-acts-table.ts',
  )
})

test('every act is named <module>.<noun>-<past participle> by the module that owns it', () => {
  const misnamed = modules().flatMap(({ name, acts = [] }) =>
    acts
      .map((act) => act.type)
      // What the log itself judges keeps its name where a module has the form for it.
      .filter((type) => !isGovernance(type) && !new RegExp(`^${name}\\.[a-z]+(-[a-z]+)*-[a-z]+$`).test(type)),
  )
  assert.deepEqual(misnamed, [])
})

test('every act says who, in which state, and to what effect', () => {
  const silent = modules().flatMap(({ acts = [] }) =>
    acts.filter(({ who, requires, effect }) => [who, requires, effect].some((said) => said.trim() === '')),
  )
  assert.deepEqual(
    silent.map((act) => act.type),
    [],
  )
})
