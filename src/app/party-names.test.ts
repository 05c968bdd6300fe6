import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Peer } from '../core/module/types.ts'
import { createPartyNames } from './party-names.ts'

const borovia = { party: 'borovia.example', name: { en: 'Borovia', fr: 'Borovie' } } as unknown as Peer

test('pages show what this house calls a party in that language, else the name it signed', async () => {
  const names = createPartyNames({
    party: 'aurelia.example',
    names: { en: 'Aurelia' },
    peers: { list: async () => [borovia] },
    given: async () =>
      new Map([
        ['borovia.example', { en: 'The Borovian side' }],
        ['faraway.example', { en: 'Faraway' }],
      ]),
  })
  await names.refresh()
  const shown = (party: string) => ['en', 'fr', 'ar'].map((language) => names.nameOf(party, language))
  assert.deepEqual(shown('borovia.example'), ['The Borovian side', 'Borovie', 'Borovia'])
  assert.deepEqual(shown('faraway.example'), ['Faraway', 'faraway.example', 'faraway.example'])
  assert.deepEqual(shown('aurelia.example'), ['Aurelia', 'Aurelia', 'Aurelia'])
  assert.equal(names.signedNameOf('borovia.example', 'en'), 'Borovia')
})

test('a reading of names that began before a change does not undo it', async () => {
  const readings: ((names: Map<string, Record<string, string>>) => void)[] = []
  const names = createPartyNames({
    party: 'aurelia.example',
    names: {},
    peers: { list: async () => [borovia] },
    given: () => new Promise((read) => readings.push(read)),
  })
  const [before, after] = [names.refresh(), names.refresh()]
  readings[1]?.(new Map([['borovia.example', { en: 'The Borovian side' }]]))
  await after
  readings[0]?.(new Map())
  await before
  assert.equal(names.nameOf('borovia.example', 'en'), 'The Borovian side')
})
