import { createPublicKey, verify } from 'node:crypto'
import { accelerate } from '../src/core/checking/index.ts'
import { type DossierSpace, verifyDossier, writeDossier } from '../src/protocol/dossier/index.ts'
import { readLeaf, signCheckpoint, signAct, leafBytes, fromBase64url } from '../src/protocol/index.ts'
import { median } from './print-figures.ts'
import { foundRegister, openTestSpace, testParty, type TestLog } from '../test/conformance/build-log.ts'

/**
 * How many acts of a dossier the verifier replays in a second of one core: archive, bundles, tiles, signatures,
 * admission, parts and report, all by CPU time. Beside it OpenSSL's bare signature checks of the same acts in the
 * same run, which is what no verifier on this machine can exceed.
 */

const acts = Number(process.argv[2] ?? 50_000)
const runs = Number(process.argv[3] ?? 3)
const floor = 6_000
const aim = 10_000

accelerate()
const [aurelia, borovia] = [testParty('aurelia.example'), testParty('borovia.example')]

/** Notes in turn between two parties, each with a body and a text of a few sentences; every second text is kept back. */
function longTalk(): { log: TestLog; parts: Map<string, Uint8Array> } {
  const members = [aurelia, borovia].map((owner) => ({ owner, register: foundRegister(owner) }))
  const log = openTestSpace('a long talk', 'channel', members)
  const parts = new Map(log.blobs)
  for (let n = 1; n < acts; n += 1) {
    const author = n % 2 === 0 ? aurelia : borovia
    const text = log.part('text', { paragraphs: [`Note ${n}: the Ministry presents its compliments.`] })
    const statement = log.statement(author, 'channels.note-sent', { number: n }, { parts: [text] })
    log.time += 1000
    log.push(leafBytes({ v: 1, time: log.time, envelope: signAct(statement, author.act).envelope }))
    for (const { hash } of n % 2 === 0 ? statement.parts : []) {
      parts.set(hash, log.blobs.get(hash) as Uint8Array)
    }
    log.blobs.clear()
  }
  return { log, parts }
}

function spaceOf(log: TestLog): DossierSpace {
  const origin = `aurelia.example/spaces/${log.space}`
  const root = fromBase64url(log.root)
  return { entries: log.entries, checkpoint: signCheckpoint({ origin, size: log.size, root }, aurelia.host) }
}

/** Seconds of CPU that a call takes, all threads counted. */
function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Bare checks: key objects at hand, nothing parsed, nothing hashed besides. */
function bareChecks(log: TestLog): () => void {
  const spki = Buffer.from('302a300506032b6570032100', 'hex')
  const keys = new Map(
    [aurelia, borovia].map(({ act }) => {
      const key = createPublicKey({
        key: Buffer.concat([spki, fromBase64url(act.publicKey)]),
        format: 'der',
        type: 'spki',
      })
      return [act.kid, key]
    }),
  )
  const ready = log.entries.map((bytes) => {
    const { act } = readLeaf(bytes)
    const { payload, protected: header, signature } = act.envelope
    return { key: keys.get(act.kid), message: Buffer.from(`${header}.${payload}`), signature: fromBase64url(signature) }
  })
  return () => {
    for (const { key, message, signature } of ready) {
      if (!key || !verify(null, message, key, signature)) throw new Error('a signature of the bench does not hold')
    }
  }
}

const { log, parts } = longTalk()
const dossier = writeDossier({
  purpose: 'Bench',
  audience: 'bench',
  maker: 'aurelia.example',
  made: 0,
  spaces: [spaceOf(log)],
  parts,
})
const check = bareChecks(log)
const [replays, checks]: [number[], number[]] = [[], []]
for (let run = 0; run < runs; run += 1) {
  checks.push(cpuSeconds(check))
  replays.push(
    cpuSeconds(() => {
      const { verdict, failure } = verifyDossier(dossier)
      if (verdict !== 'accepted') throw new Error(`the dossier of the bench is refused: ${failure?.rule}`)
    }),
  )
}
const [perSecond, bare] = [acts / median(replays), acts / median(checks)]
console.log(`\nDossier of ${acts} acts, ${(dossier.length / 1e6).toFixed(0)} MB, ${runs} runs, CPU time, medians`)
console.log(`  verified from the file   ${perSecond.toFixed(0)} acts/s per core (floor ${floor}, aim ${aim})`)
console.log(`  bare signature checks    ${bare.toFixed(0)} acts/s per core, OpenSSL by node:crypto`)
console.log(`  share of the bare checks ${(perSecond / bare).toFixed(2)}`)
process.exitCode = perSecond < floor ? 1 : 0
