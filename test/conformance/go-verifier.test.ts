import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type DossierReport, verifyDossier, writeDossier } from '../../src/protocol/dossier/index.ts'
import { evidenceBytes } from '../../src/protocol/evidence/index.ts'
import { readArchive, writeArchive } from '../../src/protocol/dossier/zip.ts'
import { canonicalBytes, type Json, parseCanonical, signCheckpoint } from '../../src/protocol/index.ts'
import { testSeed } from '../network/case/random.ts'
import { foundRegister, openTestSpace, testParty } from './build-log.ts'
import { Chance } from './dossiers/chance.ts'
import { compareEvidence, compareVerdicts, placeOf } from './dossiers/compare.ts'
import { GoVerifier, goEnvironment, goSources, withoutGo } from './dossiers/go-verifier.ts'
import { growWorld } from './dossiers/grown-world.ts'
import { madeEvidence, sealedEvidence, spoiltEvidence } from './dossiers/made-evidence.ts'
import { makeDossier } from './dossiers/made-dossier.ts'
import { mutations } from './dossiers/mutations.ts'

const seed = testSeed(20_261_122)
const aurelia = testParty('aurelia.example')

/** One register of one entry: the smallest dossier there is. */
function smallDossier(): Uint8Array {
  const register = foundRegister(aurelia)
  return writeDossier({
    purpose: '',
    audience: '',
    maker: 'aurelia.example',
    made: 0,
    spaces: [{ entries: register.entries, checkpoint: register.checkpoint(aurelia.host) }],
    parts: register.blobs,
  })
}

describe('the second verifier, in Go', { skip: withoutGo() }, () => {
  let go: GoVerifier
  before(() => {
    go = new GoVerifier()
  })
  after(() => go.close())

  async function agree(dossier: Uint8Array, what: string): Promise<DossierReport> {
    const { ours, theirs, agree } = await compareVerdicts(go, dossier)
    assert.ok(agree, `${what}, seed ${seed}\n  TypeScript: ${placeOf(ours)}\n  Go:         ${placeOf(theirs)}`)
    return ours
  }

  test('it answers all known answers and the 914 edge cases of Ed25519', () => {
    const written = execFileSync('go', ['test', '-count=1', '-v', './...'], {
      cwd: goSources,
      env: goEnvironment,
      encoding: 'utf8',
    })
    assert.ok(!written.includes('--- FAIL'), written)
    assert.match(written, /--- (PASS|SKIP): TestOfThe914EdgeCasesTheStrictRuleAcceptsExactly43/)
  })

  test('it needs nothing but the standard library, and no line of the first verifier', () => {
    const imports = execFileSync('go', ['list', '-deps', '-f', '{{if not .Standard}}{{.ImportPath}}{{end}}', '.'], {
      cwd: goSources,
      env: goEnvironment,
      encoding: 'utf8',
    })
    assert.equal(imports.trim(), 'chancery/verifier')
  })

  test('both accept the same dossiers and report the same of them, and refuse spoilt ones at the same place', async () => {
    const kinds = Object.entries(mutations)
    let spoilt = 0
    for (let number = 0; number < 24; number += 1) {
      const chance = new Chance(seed * 65_537 + number)
      const made = makeDossier(chance, growWorld(chance))
      assert.equal((await agree(made.bytes, `valid dossier ${number}`)).verdict, 'accepted')
      for (let turn = 0; turn < 11; turn += 1, spoilt += 1) {
        const [name, spoil] = kinds[spoilt % kinds.length] as (typeof kinds)[number]
        await agree(spoil(chance, made), `${name} of dossier ${number}`)
      }
    }
  })

  test('every byte of a small dossier matters to both, and both say where', async () => {
    const dossier = smallDossier()
    const directory = Buffer.from(dossier).indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    for (let at = 0; at < dossier.length; at += 1) {
      const changed = new Uint8Array(dossier)
      changed[at] = (changed[at] as number) ^ (1 << (at % 8))
      const { verdict, failure } = await agree(changed, `byte ${at}`)
      assert.equal(verdict, 'refused', `byte ${at}`)
      const placed = failure?.file !== undefined || failure?.index !== undefined
      assert.ok(placed || at >= directory, `byte ${at}: ${failure?.rule} says no place`)
    }
  })

  test('a size that nobody could hold is refused at once by both', async () => {
    const dossier = smallDossier()
    const files = readArchive(dossier)
    const manifest = parseCanonical(files.get('manifest.json') as Uint8Array) as { spaces: Record<string, Json>[] }
    const [space] = manifest.spaces
    const size = Number.MAX_SAFE_INTEGER
    const origin = `aurelia.example/spaces/${space?.space}`
    const note = signCheckpoint({ origin, size, root: new Uint8Array(32) }, aurelia.host)
    files.set('manifest.json', canonicalBytes({ ...manifest, spaces: [{ ...space, size }] } as unknown as Json))
    files.set(`spaces/${space?.space}/checkpoint`, Buffer.from(note))
    const { failure } = await agree(writeArchive(files), 'a huge size')
    assert.equal(failure?.rule, 'dossier-file')
  })

  test('where one would expect a rule of nodes among themselves, both name a rule of files', async () => {
    const files = readArchive(smallDossier())
    const [tile] = [...files.keys()].filter((path) => path.includes('/tile/0/'))
    const stray = new Map(files).set(`${tile}0`, new Uint8Array(32))
    assert.equal((await agree(writeArchive(stray), 'a tile of another path')).failure?.rule, 'dossier-file')

    const made = madeEvidence()
    const changed = (name: string, change: (file: Record<string, Json>) => object) => {
      const file = parseCanonical(made[name] as Uint8Array) as Record<string, Json>
      return canonicalBytes({ ...file, ...change(file) } as Json)
    }
    const place = (value: Json | undefined, more: object) => ({ ...(value as object), ...more })
    const beyond = Number.MAX_SAFE_INTEGER
    const expected: Record<string, [file: Uint8Array, rule: string]> = {
      'an index outside the tree': [
        changed('a receipt broken', ({ receipt }) => ({ receipt: place(receipt, { index: beyond }) })),
        'evidence-proof',
      ],
      'more entries than the tree has': [
        changed('an act twice', ({ entries }) => ({ entries: [...(entries as Json[]), ...(entries as Json[])] })),
        'evidence-proof',
      ],
      'a witness whose key is none': [
        changed('two faces of a witness from outside', ({ accused }) => ({ accused: place(accused, { key: 'AAAA' }) })),
        'evidence-key',
      ],
      'sealed bytes that are a key set': [
        changed('sealed otherwise than signed', () => ({
          sealed: Buffer.from('{"suite":"X-Wing","v":1}').toString('base64url'),
        })),
        'sealed-shape',
      ],
    }
    for (const [what, [file, rule]] of Object.entries(expected)) {
      const { ours, theirs, agree } = await compareEvidence(go, file)
      assert.ok(agree, `${what}\n${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`)
      assert.equal(ours.failure?.rule, rule, what)
    }
  })

  test('twenty members cosign: fifteen in the checkpoint, the others beside it', async () => {
    const owners = Array.from({ length: 20 }, (_, n) => testParty(`party-${n}.example`))
    const log = openTestSpace(
      'assembly',
      'forum',
      owners.map((owner) => ({ owner, register: foundRegister(owner) })),
    )
    const host = owners[0] as (typeof owners)[number]
    const note = log.checkpoint(host.host)
    const cosigned = owners.map((owner) => log.checkpoint(host.host, [owner]).split('\n').at(-2) as string)
    const dossier = writeDossier({
      purpose: '',
      audience: '',
      maker: host.party,
      made: 0,
      spaces: [{ entries: log.entries, checkpoint: note, cosignatures: cosigned }],
      parts: log.blobs,
    })
    const report = await agree(dossier, 'twenty members')
    assert.equal(report.spaces[0]?.cosigned.length, 20)
  })

  test('both find the same contradictions in evidence, and none in spoilt evidence that the other does not', async () => {
    const chance = new Chance(seed)
    for (const [name, file] of Object.entries(madeEvidence())) {
      const whole = await compareEvidence(go, file)
      assert.ok(whole.agree, `${name}\n${JSON.stringify(whole.ours)}\n${JSON.stringify(whole.theirs)}`)
      const wanted = name.startsWith('nothing') ? 'refused' : name.startsWith('attested') ? 'attested' : 'proven'
      assert.equal(whole.ours.verdict, wanted, name)
      for (let turn = 0; turn < 60; turn += 1) {
        const spoilt = spoiltEvidence(chance, file)
        const { ours, theirs, agree } = await compareEvidence(go, spoilt)
        const text = Buffer.from(spoilt).toString().slice(0, 2000)
        assert.ok(agree, `${name}, seed ${seed}\n${JSON.stringify(ours)}\n${JSON.stringify(theirs)}\n${text}`)
      }
    }
  })

  test('sealed bytes of several chunks are opened by both', async () => {
    const file = evidenceBytes(sealedEvidence('said', 'meant', 2 * 1024 * 1024 + 9))
    const { ours, agree } = await compareEvidence(go, file)
    assert.ok(agree)
    assert.equal(ours.verdict, 'proven')
  })

  test('at a terminal it says the same first word, ends with what is not proven, and takes pins', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dossier-'))
    try {
      const file = join(folder, 'case.dossier.zip')
      writeFileSync(file, smallDossier())
      const { fingerprint } = verifyDossier(smallDossier()).fingerprints[0] as { fingerprint: string }
      const run = (...words: string[]) => execFileSync(go.program, words, { encoding: 'utf8' })
      const words = run('verify', file, '--pin', `aurelia.example=${fingerprint}`)
      assert.match(words, /^ACCEPTED[\s\S]*pinned by you[\s\S]*This does NOT prove:\n- that what was said is true/)
      assert.deepEqual(
        JSON.parse(run('verify', '--json', file)),
        JSON.parse(JSON.stringify(verifyDossier(smallDossier()))),
      )
      assert.throws(() => run('verify', file, '--pin', `aurelia.example=${'00000 '.repeat(16)}`), { status: 1 })
      assert.throws(() => run('verify'), { status: 2 })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
