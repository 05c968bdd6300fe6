import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

/** A bug put into a shipped module as it is loaded: the file on disk stays as it is. */
export interface Planted {
  name: string
  /** Row of the fault table, or invariant, that it opens. */
  row: string
  file: string
  find: string
  replace: string
  /** The misbehaviour that goes unpunished by it; without one, an honest network breaks. */
  only?: string
}

const admission = 'src/protocol/admit.ts'

export const planted: readonly Planted[] = [
  {
    name: 'members do not compare what they tell each other',
    row: 'row 1',
    file: 'src/core/federation/gossip.ts',
    find: 'const conflict = await ledger.witness(space, note)',
    replace: 'const conflict = undefined',
    only: 'split view',
  },
  {
    name: 'nobody tells which checkpoint it holds',
    row: 'row 16',
    file: 'src/core/federation/gossip.ts',
    find: 'return note === undefined ? undefined : toBase64url(Buffer.from(note))',
    replace: 'return undefined',
    only: 'split view',
  },
  {
    name: 'receipts are not compared with the history shown',
    row: 'row 2',
    file: 'src/core/federation/submitter.ts',
    find: 'await ledger.witness(head.space, checkpoint, {',
    replace: 'void ({',
    only: 'dropped receipted act',
  },
  {
    name: 'signed refusals are not compared with the record',
    row: 'row 2',
    file: 'src/core/log/witnessing.ts',
    find: 'if (!said || !lastingRules.has(said.rule)) return undefined',
    replace: 'if (said) return undefined',
    only: 'refused, and on record',
  },
  {
    name: 'only the host is asked for entries',
    row: 'row 3',
    file: 'src/core/federation/create-federation.ts',
    find: 'if (after && !after.frozen && after.size < size && party !== head.host) await replication.pull(space, party)',
    replace: 'void after',
    only: 'withheld entries',
  },
  {
    name: 'what the author had seen is not asked',
    row: 'row 4, I5',
    file: admission,
    find: '  judgeSeen(state, act, facts)\n',
    replace: '',
    only: 'act before what its author had seen',
  },
  {
    name: 'leaf time may go back',
    row: 'rows 5 and 23, I6',
    file: admission,
    find: 'if (time < state.time)',
    replace: 'if (time < 0)',
    only: 'leaf time goes back',
  },
  {
    name: 'signatures of authors are not checked',
    row: 'row 6, I4',
    file: admission,
    find: 'if (!verifyAct(act, signerKey(state, member, act, facts)))',
    replace: 'if (act.hash === "")',
    only: 'altered act',
  },
  {
    name: 'any key signs for anybody',
    row: 'row 6, I4',
    file: admission,
    find: 'if (!verifyAct(act, signerKey(state, member, act, facts)))',
    replace: 'if (act.hash === "")',
    only: 'act in a member’s name under another key',
  },
  {
    name: 'acts and ids may stand twice',
    row: 'row 7',
    file: admission,
    find: '  judgeUniqueness(act, facts)\n',
    replace: '',
    only: 'two acts of one author with one id',
  },
  {
    name: 'acts of other spaces may stand',
    row: 'row 7',
    file: admission,
    find: 'if (space !== state.space)',
    replace: 'if (space === "")',
    only: 'an act of another space',
  },
  {
    name: 'whoever left may write on',
    row: 'row 22',
    file: admission,
    find: '!isMemberAt(state, author, state.size)',
    replace: 'author === ""',
    only: 'a removed member writes on',
  },
  {
    name: 'a replica believes what it is given',
    row: 'rows 4 to 8',
    file: 'src/core/log/replica.ts',
    find: "if (verdict.verdict === 'inadmissible') throw inadmissible(",
    replace: "if (verdict.verdict === 'nothing') throw inadmissible(",
    only: 'leaf time goes back',
  },
  {
    name: 'a member cosigns without the payloads',
    row: 'row 20',
    file: 'src/core/log/cosigning/own-line.ts',
    find: 'if ((await missingSince(context, space)).length > 0) return undefined',
    replace: '',
    only: 'wrong payload',
  },
  {
    name: 'payloads are stored as they come',
    row: 'row 20',
    file: 'src/core/federation/replication.ts',
    find: 'readOrRefuse(() => openBlob(blob, hash))',
    replace: '',
    only: 'wrong payload',
  },
  {
    name: 'a refused space is not frozen',
    row: 'row 1',
    file: 'src/core/log/contradiction.ts',
    find: '  if (!isContradiction(evidence)) return undefined\n',
    replace: '  if (evidence) return undefined\n',
    only: 'rollback',
  },
  {
    name: 'a checkpoint is signed over another size',
    row: 'I1',
    file: 'src/core/log/sequencer.ts',
    find: 'const note = signCheckpoint({ origin: host.origin, size, root }',
    replace: 'const note = signCheckpoint({ origin: host.origin, size: size + (size % 7 === 6 ? 1 : 0), root }',
  },
  {
    name: 'the same bytes again are another act',
    row: 'row 7, I2',
    file: 'src/core/log/sequencer.ts',
    find: "if (known) return { state: 'on-record', ...known, repeated: true }",
    replace: 'void known',
  },
  {
    name: 'a cosignature that got lost stays lost',
    row: 'I8',
    file: 'src/core/federation/create-federation.ts',
    find: '        replication.sendUnsent(party)\n',
    replace: '',
  },
]

/** Puts a bug in; call before anything of src is loaded. */
export function plant(name: string): Planted {
  const bug = planted.find((one) => one.name === name)
  if (!bug) throw new Error(`no such bug: ${name}`)
  requirePlace(bug)
  const ending = `/${bug.file}`
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith('file:') || !new URL(url).pathname.endsWith(ending)) return next(url, context)
      const source = stripTypeScriptTypes(sourceOf(bug).replace(bug.find, bug.replace), { mode: 'strip' })
      return { format: 'module', source, shortCircuit: true }
    },
  })
  return bug
}

/** @throws unless the place of the bug is in the file exactly once: modules change, and a bug that is not planted is not found. */
export function requirePlace(bug: Planted): void {
  const count = sourceOf(bug).split(bug.find).length - 1
  if (count !== 1) throw new Error(`"${bug.name}": its place is ${count} times in ${bug.file}`)
}

function sourceOf({ file }: Planted): string {
  return readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
}
