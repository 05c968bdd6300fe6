import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evidenceLines, verifyEvidence } from '../../src/protocol/evidence/index.ts'
import { madeEvidence } from './dossiers/made-evidence.ts'

test('a host that went on without an act that members kept is attested, and answered by its own refusal', () => {
  const said = Object.entries(madeEvidence())
    .filter(([name]) => /^(attested|nothing( yet)?):/.test(name))
    .map(([name, file]) => [name, verifyEvidence(file)] as const)
  assert.deepEqual(
    said.map(([name, { verdict, failure }]) => [name, failure?.rule ?? verdict]),
    [
      ['attested: an act that members kept is missing', 'attested'],
      ['nothing yet: the host went on within the hour', 'not-ignored'],
      ['nothing: only its author kept it', 'tender-shape'],
      ['nothing: the kept act is on the record', 'not-ignored'],
      ['nothing: the host answered', 'not-ignored'],
      ['attested: an answer under another key', 'attested'],
      ['nothing: it was kept beside another history', 'tender-shape'],
      ['nothing: the record is cut short', 'evidence-proof'],
    ],
  )
  const words = evidenceLines(said[0]![1]).join('\n')
  assert.match(words, /^ATTESTED: aurelia\.example went on without/)
  assert.match(words, /calenia\.example says under its key that it kept it/)
  assert.match(words, /no signature shows that a message arrived/)
})
