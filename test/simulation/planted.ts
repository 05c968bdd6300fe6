import { foundByTests } from './planted-in-tests.ts'

/** A place in a shipped module and what is put there. */
export interface Place {
  file: string
  find: string
  replace: string
}

/** A bug put into a shipped module as it is loaded: the file on disk stays as it is. */
export interface Planted extends Place {
  name: string
  /** Rows of the fault table that it opens. */
  rows: readonly number[]
  /** What holds the same besides: a bug behind it alone would do nothing. */
  also?: readonly Place[]
  /** The misbehaviour that goes unpunished by it; without one, and without a test, an honest network breaks. */
  only?: string
  /** The test that finds it where no schedule can: {@link notSimulated} says why. */
  test?: { file: string; title: string }
}

/** What no schedule shows, by row of the fault table, and why: a test shows it instead. */
export const notSimulated: Readonly<Record<number, string>> = {
  9: 'the simulation restarts nodes from the disk they left; going back to an older one is played by a dishonest host alone',
  10: 'its database has one session at a time: two processes on one database cannot meet there',
  11: 'its database and files keep what they were given',
  12: 'its spaces keep the keys they were opened with',
  13: 'its spaces keep the keys they were opened with',
  14: 'its spaces have no witnesses but their members',
  17: 'its schedules are short: nobody is away for more than some twenty entries',
  18: 'its spaces are not sealed',
  19: 'its spaces are not sealed',
  21: 'its spaces are not sealed',
  24: 'every node there runs one program',
  25: 'nothing is erased there',
  26: 'nobody sends too much there',
}

const admission = 'src/protocol/admit.ts'

export const planted: readonly Planted[] = [
  {
    name: 'members do not compare what they tell each other',
    rows: [1],
    file: 'src/core/federation/gossip.ts',
    find: 'const conflict = await ledger.witness(space, note)',
    replace: 'const conflict = undefined',
    only: 'split view',
  },
  {
    name: 'nobody tells which checkpoint it holds',
    rows: [16],
    file: 'src/core/federation/gossip.ts',
    find: 'return note === undefined ? undefined : toBase64url(Buffer.from(note))',
    replace: 'return undefined',
    only: 'split view',
  },
  {
    name: 'receipts are not compared with the history shown',
    rows: [2],
    file: 'src/core/federation/submitter.ts',
    find: 'await ledger.witness(head.space, checkpoint, {',
    replace: 'void ({',
    also: [
      {
        file: 'src/core/federation/create-federation.ts',
        find: '.track(submitter.compareLeftOver())',
        replace: '.track(Promise.resolve())',
      },
    ],
    only: 'dropped receipted act',
  },
  {
    name: 'signed refusals are not compared with the record',
    rows: [2],
    file: 'src/core/log/witnessing.ts',
    find: 'if (!said || !lastingRules.has(said.rule)) return undefined',
    replace: 'if (said) return undefined',
    only: 'refused, and on record',
  },
  {
    name: 'members are not asked to keep what the host ignores',
    rows: [2],
    file: 'src/core/federation/tendering.ts',
    find: 'if (!head || head.hosted || head.frozen) return\n    const rows',
    replace: 'if (head) return\n    const rows',
    only: 'a member ignored by whatever way',
  },
  {
    name: 'what members keep is carried to nobody',
    rows: [2],
    file: 'src/core/federation/carrying.ts',
    find: 'if (rest.length === 0) return',
    replace: 'if (rest) return',
    only: 'deaf to one member',
  },
  {
    name: 'only the host is asked for entries',
    rows: [3],
    file: 'src/core/federation/create-federation.ts',
    find: 'if (after && !after.frozen && after.size < size && party !== head.host) await replication.pull(space, party)',
    replace: 'void after',
    only: 'withheld entries',
  },
  {
    name: 'what the author had seen is not asked',
    rows: [4],
    file: admission,
    find: '  judgeSeen(state, act, facts)\n',
    replace: '',
    only: 'act before what its author had seen',
  },
  {
    name: 'leaf time may go back',
    rows: [5, 23],
    file: admission,
    find: 'if (time < state.time)',
    replace: 'if (time < 0)',
    only: 'leaf time goes back',
  },
  {
    name: 'signatures of authors are not checked',
    rows: [6],
    file: admission,
    find: 'if (!verifyAct(act, signerKey(state, member, act, facts)))',
    replace: 'if (act.hash === "")',
    only: 'altered act',
  },
  {
    name: 'any key signs for anybody',
    rows: [6],
    file: admission,
    find: 'if (!verifyAct(act, signerKey(state, member, act, facts)))',
    replace: 'if (act.hash === "")',
    only: 'act in a member’s name under another key',
  },
  {
    name: 'acts and ids may stand twice',
    rows: [7, 8],
    file: admission,
    find: '  judgeUniqueness(act, facts)\n',
    replace: '',
    only: 'two acts of one author with one id',
  },
  {
    name: 'acts of other spaces may stand',
    rows: [7],
    file: admission,
    find: 'if (space !== state.space)',
    replace: 'if (space === "")',
    only: 'an act of another space',
  },
  {
    name: 'whoever left may write on',
    rows: [22],
    file: admission,
    find: '!isMemberAt(state, author, state.size)',
    replace: 'author === ""',
    only: 'a removed member writes on',
  },
  {
    name: 'a replica believes what it is given',
    rows: [4, 5, 6, 7, 8],
    file: 'src/core/log/replica.ts',
    find: "if (verdict.verdict === 'inadmissible') throw inadmissible(",
    replace: "if (verdict.verdict === 'nothing') throw inadmissible(",
    only: 'leaf time goes back',
  },
  {
    name: 'a member cosigns without the payloads',
    rows: [20],
    file: 'src/core/log/cosigning/own-line.ts',
    find: 'if ((await missingSince(context, space)).length > 0) return undefined',
    replace: '',
    only: 'withheld payload',
  },
  {
    name: 'payloads are stored as they come',
    rows: [20],
    file: 'src/core/federation/complementing.ts',
    find: 'readOrRefuse(() => openBlob(blob, hash))',
    replace: '',
    also: [
      {
        file: 'src/core/storage/blobs.ts',
        find: 'if (hashOf(blob) !== commitment) throw',
        replace: "if (commitment === '') throw",
      },
    ],
    only: 'wrong payload',
  },
  {
    name: 'a refused space is not frozen',
    rows: [1],
    file: 'src/core/log/contradiction.ts',
    find: '  if (!isContradiction(evidence)) return undefined\n',
    replace: '  if (evidence) return undefined\n',
    only: 'rollback',
  },
  {
    name: 'a checkpoint is signed over another size',
    rows: [1],
    file: 'src/core/log/sequencing/append-run.ts',
    find: 'const note = signCheckpoint({ origin: host.origin, size, root }',
    replace: 'const note = signCheckpoint({ origin: host.origin, size: size + (size % 7 === 6 ? 1 : 0), root }',
  },
  {
    name: 'the same bytes again are another act',
    rows: [7],
    file: 'src/core/log/sequencing/run.ts',
    find: "if (known) return { state: 'on-record', ...known, repeated: true }",
    replace: 'void known',
  },
  {
    name: 'an act that did not arrive the first time is given up',
    rows: [15],
    file: 'src/core/federation/outbox-store.ts',
    find: "        .where('state', '=', 'queued')\n        .orderBy('place')",
    replace: "        .where('state', '=', 'queued')\n        .where('attempts', '=', 0)\n        .orderBy('place')",
  },
  ...foundByTests,
]
