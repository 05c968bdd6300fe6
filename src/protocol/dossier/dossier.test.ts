import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  foundRegister,
  openTestSpace,
  type TestLog,
  type TestParty,
  testParty,
} from '../../../test/conformance/build-log.ts'
import {
  canonicalBytes,
  leafHash,
  parseCanonical,
  ProtocolError,
  readLeaf,
  registerFingerprint,
  toBase64url,
} from '../index.ts'
import { type DossierInput, reportLines, verifyDossier, writeDossier } from './index.ts'
import { readArchive, writeArchive } from './zip.ts'

const [aurelia, borovia, calenia] = ['aurelia.example', 'borovia.example', 'calenia.example'].map(testParty) as [
  TestParty,
  TestParty,
  TestParty,
]

/** A case and a forum between parties whose registers come along, with one text kept back. */
function bundle(): { input: DossierInput; dossier: Uint8Array; caseLog: TestLog; hidden: string } {
  const registers = [aurelia, borovia, calenia].map((owner) => ({ owner, register: foundRegister(owner) }))
  const caseLog = openTestSpace('case', 'case', registers.slice(0, 2))
  const hiddenText = caseLog.part('text', { paragraphs: ['Not for everybody.'] })
  caseLog.add(borovia, 'channels.note-sent', { n: 1 }, { parts: [caseLog.part('text', { paragraphs: ['مذكرة'] })] })
  caseLog.add(aurelia, 'channels.note-sent', { n: 2 }, { parts: [hiddenText], marking: { tlp: 'RED' } })
  const forum = openTestSpace('forum', 'forum', registers)
  forum.add(calenia, 'forums.item-opened', { item: 1 })
  const logs = [
    { log: caseLog, host: aurelia },
    { log: forum, host: aurelia },
    ...registers.map(({ owner, register }) => ({ log: register, host: owner })),
  ]
  const parts = new Map(logs.flatMap(({ log }) => [...log.blobs]))
  const hiddenAct = readLeaf(caseLog.entries[2] as Uint8Array).act
  for (const { hash } of hiddenAct.statement.parts) parts.delete(hash)
  const input: DossierInput = {
    purpose: 'Shown to a court',
    audience: 'court',
    maker: 'aurelia.example',
    made: 1_800_000_100_000,
    spaces: logs.map(({ log, host }) => ({
      entries: log.entries,
      checkpoint: log.checkpoint(
        host.host,
        log === caseLog ? [borovia, aurelia] : log === forum ? [borovia, calenia] : [],
      ),
    })),
    parts,
    withheld: new Map([[hiddenAct.hash, 'narrower-marking']]),
  }
  return { input, dossier: writeDossier(input), caseLog, hidden: hiddenAct.hash }
}

const { input, dossier, caseLog, hidden } = bundle()

test('a dossier of several spaces is accepted and says what is kept back', () => {
  const report = verifyDossier(dossier)
  assert.equal(report.verdict, 'accepted')
  assert.deepEqual(report.spaces.map(({ kind }) => kind).sort(), ['case', 'forum', 'register', 'register', 'register'])
  const shown = report.spaces.find(({ space }) => space === caseLog.space)
  assert.deepEqual(
    shown?.cosigned.map(({ party }) => party),
    ['aurelia.example', 'borovia.example'],
  )
  const stub = shown?.acts[2]
  assert.deepEqual([stub?.act, stub?.state, stub?.why, stub?.tlp], [hidden, 'withheld', 'narrower-marking', 'RED'])
  assert.ok(!Buffer.from(dossier).includes('Not for everybody.'), 'the text kept back is nowhere in the file')
  assert.ok(report.notProven.includes('content-withheld'))
  assert.ok(!report.notProven.includes('register-absent'))
  assert.ok(!report.notProven.includes('not-cosigned'))
})

test('equal input gives equal bytes, in whatever order it comes', () => {
  assert.deepEqual(writeDossier({ ...input, spaces: [...input.spaces].reverse() }), dossier)
})

test('any changed byte is refused', () => {
  fc.assert(
    fc.property(fc.nat(dossier.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = new Uint8Array(dossier)
      changed[at] = (changed[at] as number) ^ change
      const { verdict, failure, spaces } = verifyDossier(changed)
      assert.equal(verdict, 'refused')
      assert.ok(failure?.rule)
      assert.deepEqual(spaces, [])
    }),
    { numRuns: 150 },
  )
})

test('a byte changed in a part or an entry is refused with the act and the file', () => {
  for (const [path, content] of readArchive(dossier)) {
    if (content.length === 0 || !/^parts\/|tile\/entries/.test(path)) continue
    const at = Buffer.from(dossier).indexOf(content)
    const changed = new Uint8Array(dossier)
    changed[at + (content.length >> 1)] = (changed[at + (content.length >> 1)] as number) ^ 1
    const { failure } = verifyDossier(changed)
    assert.ok(
      failure?.space !== undefined && failure.index !== undefined,
      `${path}: ${failure?.rule} ${failure?.detail}`,
    )
    // A commitment covers salt and content together; the content's name stands for both.
    assert.equal(failure.file, path.replace(/\.salt$/, ''))
    assert.match(reportLines(verifyDossier(changed)).join('\n'), /^REFUSED[\s\S]*Entry: \d+/)
  }
})

test('a dossier cut short, doubled or lengthened is refused', () => {
  const cases = [
    new Uint8Array(),
    dossier.subarray(0, -1),
    dossier.subarray(1),
    Buffer.concat([dossier, dossier]),
    Buffer.concat([dossier, Buffer.of(0)]),
  ]
  for (const bytes of cases) assert.equal(verifyDossier(bytes).verdict, 'refused')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(verifyDossier(bytes).verdict, 'refused')
    }),
  )
})

test('files left out, added or exchanged within a well-formed archive are refused', () => {
  const files = readArchive(dossier)
  for (const path of files.keys()) {
    const fewer = new Map(files)
    fewer.delete(path)
    assert.equal(verifyDossier(writeArchive(fewer)).verdict, 'refused', `without ${path}`)
    const emptied = new Map(files).set(path, Uint8Array.of(1))
    assert.equal(verifyDossier(writeArchive(emptied)).verdict, 'refused', `with another ${path}`)
  }
  assert.equal(
    verifyDossier(writeArchive(new Map(files).set('readme', new Uint8Array()))).failure?.rule,
    'dossier-file',
  )
})

test('a log filed under the name or the kind of another space is refused', () => {
  const other = '0'.repeat(32)
  const renamed = [...readArchive(dossier)].map(([path, content]): [string, Uint8Array] => {
    const text = Buffer.from(content).toString('latin1').replace(`"space":"${caseLog.space}"`, `"space":"${other}"`)
    const isManifest = path === 'manifest.json'
    return [path.replace(caseLog.space, other), isManifest ? Buffer.from(text, 'latin1') : content]
  })
  const { failure } = verifyDossier(writeArchive(inOrder(new Map(renamed))))
  assert.deepEqual([failure?.rule, failure?.file, failure?.space], ['dossier-manifest', 'manifest.json', other])

  const files = readArchive(dossier)
  const manifest = Buffer.from(files.get('manifest.json') as Uint8Array).toString('latin1')
  files.set('manifest.json', Buffer.from(manifest.replace('"kind":"forum"', '"kind":"channel"'), 'latin1'))
  assert.equal(verifyDossier(writeArchive(files)).failure?.rule, 'dossier-manifest')
})

/** The manifest's spaces put in order of id again. */
function inOrder(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  const manifest = parseCanonical(files.get('manifest.json') as Uint8Array) as { spaces: { space: string }[] }
  const spaces = manifest.spaces.toSorted((a, b) => (a.space < b.space ? -1 : 1))
  return files.set('manifest.json', canonicalBytes({ ...manifest, spaces }))
}

test('names are believed under fingerprints, and a pin that differs is refused', () => {
  const register = foundRegister(borovia)
  const digits = registerFingerprint(toBase64url(leafHash(register.entries[0] as Uint8Array)))
  const report = verifyDossier(dossier, { pins: { 'borovia.example': digits, 'nobody.example': digits } })
  assert.deepEqual(
    report.fingerprints.map(({ party, pinned, register: there }) => [party, pinned, there]),
    [
      ['aurelia.example', false, 'included'],
      ['borovia.example', true, 'included'],
      ['calenia.example', false, 'included'],
    ],
  )
  assert.deepEqual(report.unusedPins, ['nobody.example'])
  const wrong = verifyDossier(dossier, { pins: { 'aurelia.example': digits } })
  assert.equal(wrong.failure?.rule, 'dossier-pin')
  assert.equal(verifyDossier(dossier, { pins: { 'aurelia.example': 'not digits' } }).failure?.rule, 'dossier-pin')
})

test('without the registers the report says whose word stands', () => {
  const { notProven, fingerprints } = verifyDossier(writeDossier({ ...input, spaces: input.spaces.slice(0, 2) }))
  assert.ok(notProven.includes('register-absent'))
  assert.deepEqual(new Set(fingerprints.map(({ register }) => register)), new Set(['absent']))
})

test('a register that shows another key than the space used is refused', () => {
  const impostor = { ...borovia, act: calenia.act }
  const forged = foundRegister(borovia)
  const log = openTestSpace('forged', 'case', [
    { owner: aurelia, register: foundRegister(aurelia) },
    { owner: impostor, register: forged },
  ])
  const make = () =>
    writeDossier({
      ...input,
      spaces: [
        { entries: log.entries, checkpoint: log.checkpoint(aurelia.host) },
        { entries: forged.entries, checkpoint: forged.checkpoint(borovia.host) },
      ],
      parts: new Map([...log.blobs, ...forged.blobs]),
    })
  assert.throws(make, (error) => error instanceof ProtocolError && error.rule === 'unknown-key')
})

test('nothing is written that would be refused', () => {
  const [first] = input.spaces
  assert.ok(first)
  const refuses = (change: Partial<DossierInput>, rule: string) =>
    assert.throws(
      () => writeDossier({ ...input, ...change }),
      (error) => error instanceof ProtocolError && error.rule === rule,
    )
  refuses({ spaces: [{ ...first, checkpoint: caseLog.checkpoint(borovia.host) }] }, 'checkpoint-signature')
  refuses({ spaces: [{ ...first, entries: first.entries.slice(0, 2) }] }, 'dossier-root')
  refuses({ parts: new Map() }, 'body-missing')
})

test('lines of a report never carry control characters out of the file', () => {
  const hostile = writeDossier({ ...input, purpose: 'a\u001b[2Jb\u202ec', audience: 'x\ny' })
  for (const line of reportLines(verifyDossier(hostile))) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u)
})
