import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { partySchema } from '../../src/modules/entrance/index.ts'

test('the party file of the documentation is one that init accepts', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/operate/party-file.md'), 'utf8')
  const example = JSON.parse(/```json\n([\s\S]+?)\n```/.exec(page)?.[1] ?? '')
  const file = partySchema.parse(example)
  assert.equal(file.people.filter((person) => person.role === 'administrator').length, 2)
  for (const { office } of file.people) assert.ok(file.offices.some(({ id }) => id === office))
  assert.throws(() => partySchema.parse({ ...example, party: 'Aurelia' }))
})
