import type { Planted } from './planted.ts'

/** Bugs in what no schedule shows, each with the test that has to fail by it. */
export const foundByTests: readonly Planted[] = [
  {
    name: 'what was signed before the database was put back is not asked',
    rows: [9],
    file: 'src/core/log/gate.ts',
    find: "  if (claim.size > size) return 'ahead'\n",
    replace: '',
    test: {
      file: 'src/core/log/gate.test.ts',
      title: 'a database put back from before is not signed for again until the operator says so',
    },
  },
  {
    name: 'a second process appends where the first one did',
    rows: [10],
    file: 'src/core/log/tree.ts',
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: text of a source file
    find: "where s.space = ${space} and s.size = ${size} and s.root = ${Buffer.from(root, 'base64url')}",
    replace: 'where s.space = ${space}',
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: text of a source file
    test: {
      file: 'src/core/log/sequencer.test.ts',
      title: 'two processes on one space give every act its own place and one history',
    },
  },
  {
    name: 'a record the disk had no room for counts as written',
    rows: [11],
    file: 'src/core/log/guard.ts',
    find: '          one.failed(error)\n',
    replace: '          one.done()\n',
    test: {
      file: 'src/core/log/guard.test.ts',
      title: 'no receipt leaves while the guard has no room, and none is lost when it has again',
    },
  },
  {
    name: 'columns that are not what their leaf says are believed',
    rows: [11],
    file: 'src/core/log/sound-facts.ts',
    find: '  await requireTrueColumns(db, space)\n',
    replace: '',
    test: {
      file: 'src/core/scrub/scrub.test.ts',
      title: 'a host whose stored hashes, ids or roots are wrong signs no refusal that rests on them',
    },
  },
  {
    name: 'the first host key counts for ever',
    rows: [12],
    file: 'src/protocol/admission-state.ts',
    find: 'state.hosts.findLast(({ from }) => from < size || from === 0)',
    replace: 'state.hosts.find(({ from }) => from < size || from === 0)',
    test: {
      file: 'src/protocol/advance.test.ts',
      title: 'a handover changes origin and key for checkpoints that cover it, not for older ones',
    },
  },
  {
    name: 'a revoked key signs on',
    rows: [13],
    file: 'src/protocol/admission-state.ts',
    find: 'from <= index && (until === undefined || index < until)',
    replace: 'from <= index && (until === undefined || until > 0)',
    test: { file: 'src/protocol/advance.test.ts', title: 'a revoked key is void from its own position on' },
  },
  {
    name: 'a witness may put its name to two histories',
    rows: [14],
    file: 'src/core/log/lying-witness.ts',
    find: 'const theirs = noteOfOne(came, key)',
    replace: 'const theirs = noteOfOne("", key)',
    test: {
      file: 'test/network/witnessing.test.ts',
      title: 'a witness from outside that puts its name to two histories is convicted by a file, beside the host',
    },
  },
  {
    name: 'nobody catches up by more than a bundle of entries',
    rows: [17],
    file: 'src/core/federation/fetching.ts',
    find: 'for (let next = from + given.length; next < size; ) {',
    replace: 'for (let next = from + given.length; next < Math.min(size, tileWidth); ) {',
    test: {
      file: 'src/core/federation/survival.test.ts',
      title: 'a node that was off for the whole case catches up by itself and cosigns',
    },
  },
  {
    name: 'a host orders what some members cannot open',
    rows: [18],
    file: 'src/core/log/sealing-fault.ts',
    find: "if (!isFit) return ['key-set-readers', keys]",
    replace: 'void isFit',
    test: {
      file: 'src/core/federation/sealed.test.ts',
      title: 'a host refuses what its members could not read alike, and orders nothing in the clear',
    },
  },
  {
    name: 'granted keys are not tried',
    rows: [19],
    file: 'src/core/sealing/create-sealing.ts',
    find: "generation: unwrap(all.filter((wrap) => 'keys' in wrap && wrap.keys === part.enc?.keys)),",
    replace: 'generation: unwrap(all.slice(0, 0)),',
    test: {
      file: 'src/core/federation/sealed.test.ts',
      title: 'who comes late reads from then on; a grant opens the past from an entry on, and rows become alike',
    },
  },
  {
    name: 'what opens is not compared with what was signed',
    rows: [21],
    file: 'src/core/sealing/create-sealing.ts',
    find: "return toBase64url(sha256(blob)) === part.hash ? { state: 'open', blob } : { state: 'dark', why: 'not-as-signed' }",
    replace: "return part ? { state: 'open', blob } : { state: 'dark', why: 'not-as-signed' }",
    test: {
      file: 'src/core/federation/sealed.test.ts',
      title: 'what was sealed is not what was signed: nobody shows it, and its content key convicts the author',
    },
  },
  {
    name: 'one value may be written in several ways',
    rows: [24],
    file: 'src/protocol/canonical.ts',
    find: 'if (!sameBytes(canonicalBytes(value), bytes)) throw',
    replace: 'if (bytes.length === 0) throw',
    test: { file: 'src/protocol/canonical.test.ts', title: 'spaces, line ends and other orders are refused' },
  },
  {
    name: 'what is erased stays on the disk',
    rows: [25],
    file: 'src/core/log/governance.ts',
    find: '  if (!sharing) await blobs.erase(tx, hash)\n',
    replace: '  void sharing\n',
    test: {
      file: 'src/core/log/projection.test.ts',
      title: 'content comes marked; erased text and files are gone for everybody, the record stays',
    },
  },
  {
    name: 'requests are read however long they are',
    rows: [26],
    file: 'src/core/federation/route.ts',
    find: '  if (announced > maxBytes) throw',
    replace: '  maxBytes = Infinity\n  if (announced > maxBytes) throw',
    test: { file: 'src/core/federation/hostile.test.ts', title: 'too much of anything is refused' },
  },
]
