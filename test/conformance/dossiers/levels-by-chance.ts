import {
  cosignCheckpoint,
  cosignerKey,
  generateMlDsa44,
  type Json,
  noteKey,
  cosignWithMlDsa44,
  pqSigningKey,
  splitNote,
} from '../../../src/protocol/index.ts'
import { keyFrom, type TestLog, type TestParty } from '../build-log.ts'
import type { Chance } from './chance.ts'

const watch = { name: 'watch.example/w1', key: keyFrom('watch') }
const pq = pqSigningKey(generateMlDsa44().privateKey)

/** The body of a policy act, now and then one that cannot be a policy of a space. */
export function policyBody(chance: Chance, parties: readonly TestParty[]): Json {
  const lines = parties.map(({ party, cosigner }, at) => `witness m${at} ${cosignerKey(party, cosigner.publicKey)}\n`)
  const outside = `witness watch ${cosignerKey(watch.name, watch.key.publicKey)}\n`
  const names = parties.map((_, at) => `m${at}`).join(' ')
  const policy = chance.of([
    'quorum none\n',
    `${lines[0]}quorum m0\n`,
    `${outside}quorum watch\n`,
    `${lines.join('')}${outside}group all all ${names}\ngroup some any all watch\nquorum some\n`,
    `${lines.join('')}group most 1 ${names}\nquorum most`,
    `log ${noteKey('elsewhere.example/log', watch.key.publicKey)}\n${outside}quorum watch\n`,
    `${outside.replace('watch.example', 'watch\u00a0example')}quorum watch\n`,
    `${outside}${outside}quorum watch\n`,
    'quorum m0\n',
    '# nothing\n',
  ])
  return chance.once(12) ? { policy, more: 1 } : { policy }
}

/** The body of an act that carries a checkpoint of its log, now and then one that is not of it. */
export function carryingBody(chance: Chance, log: TestLog, host: TestParty, parties: readonly TestParty[]): Json {
  const note = log.checkpoint(host.host, chance.some([...parties]))
  const seconds = Math.ceil(log.time / 1000) + 2
  const late = parties.map(({ party, cosigner }) => cosignCheckpoint(note, { name: party, key: cosigner }, seconds))
  const line = cosignCheckpoint(note, watch, seconds)
  const long = cosignWithMlDsa44(note, { name: host.party, key: pq }, seconds)
  const witnessed = chance.of<Json>([
    { checkpoint: note },
    { checkpoint: note, lines: [line] },
    { checkpoint: note, lines: [...late, line, long] },
    { checkpoint: `${note}${long}` },
    { checkpoint: note.replace(/\n\d+\n/, '\n1\n') },
    { checkpoint: note.replace(`/${log.space}`, '/x') },
    { checkpoint: `${splitNote(note).body}\n${late[0]}` },
    { checkpoint: note, lines: [`${late[0]}${line}`] },
    { checkpoint: note, lines: [] },
    { checkpoint: note, lines: null },
    { checkpoint: note, more: 1 },
    { checkpoint: 1 },
    'text',
    null,
  ])
  return { sought: 'x', witnessed }
}
