import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../src/cli/demo/person.ts'
import { openDatabase } from '../../src/core/storage/index.ts'
import {
  leafHash,
  newId,
  parseReceipt,
  peekCheckpoint,
  readLeaf,
  replayLog,
  fromBase64url,
  openBlob,
  parseCanonical,
  toBase64url,
  verifyInclusion,
} from '../../src/protocol/index.ts'
import { createBlobs } from '../../src/core/storage/index.ts'
import { type Desk, launchPair } from '../support/launch-pair.ts'
import { seededRandom } from './case/random.ts'

export interface Storm {
  kills: number
  /** Receipts that were handed out, each verified at the end. */
  receipts: number
  acts: number
  /** What is wrong, in words; empty when every receipt holds and both sides have one history. */
  broken: string[]
}

/**
 * Two nodes as processes; in each cycle acts are under way on both when one of them is killed with SIGKILL, at a moment
 * that the seed chooses, and started again on what it left. Receipts are collected all along.
 */
export async function playStorm(options: { cycles: number; seed: number; told?(line: string): void }): Promise<Storm> {
  const random = seededRandom(options.seed)
  const pair = await launchPair()
  const desks = [pair.aurelia, pair.borovia] as const
  const { space } = pair
  const receipts = new Map<string, string>()
  let kills = 0
  try {
    for (let cycle = 1; cycle <= options.cycles; cycle += 1) {
      const victim = desks[Math.floor(random() * 2)] as Desk
      const after = random() * 250
      const work = desks.flatMap((desk) => Array.from({ length: 3 }, () => callForCheck(desk, space)))
      await pause(after)
      await victim.node.kill()
      kills += 1
      await Promise.all(work)
      await victim.node.restart()
      for (const desk of desks) await collect(desk, space, receipts)
      options.told?.(`cycle ${cycle}: ${kills} kills, ${receipts.size} receipts`)
    }
    await until('both sides to hold the same', async () => {
      const [ours, theirs] = await Promise.all(desks.map((desk) => actsOf(desk, space)))
      return JSON.stringify(ours) === JSON.stringify(theirs)
    })
    for (const desk of desks) await collect(desk, space, receipts)
    await Promise.all(desks.map(({ node }) => node.stop()))
    const broken: string[] = []
    let acts = 0
    for (const dataDir of Object.values(pair.folders)) {
      const found = await judge(dataDir, space, receipts)
      broken.push(...found.broken)
      acts = found.acts
    }
    return { kills, receipts: receipts.size, acts, broken }
  } finally {
    await pair.end()
  }
}

/** A small act; whoever is killed meanwhile answers nothing. */
async function callForCheck(desk: Desk, space: string): Promise<void> {
  const body = new URLSearchParams({ id: newId(), within: 'PT1H' })
  const answer = await desk.ask(`/spaces/${space}/checks`, { method: 'POST', body }).catch(() => undefined)
  await answer?.arrayBuffer().catch(() => undefined)
}

async function actsOf(desk: Desk, space: string): Promise<string[]> {
  const hashes: string[] = []
  for (;;) {
    const answer = await desk.ask(`/api/v1/spaces/${space}/acts?from=${hashes.length}&limit=500`)
    const { acts } = (await answer.json()) as { acts: { hash: string }[] }
    hashes.push(...acts.map(({ hash }) => hash))
    if (acts.length < 500) return hashes
  }
}

async function collect(desk: Desk, space: string, receipts: Map<string, string>): Promise<void> {
  for (const hash of await actsOf(desk, space)) {
    if (receipts.has(hash)) continue
    const answer = await desk.ask(`/spaces/${space}/acts/${hash}/receipt`)
    const text = await answer.text()
    if (answer.ok) receipts.set(hash, text)
  }
}

/** Replays what one side holds and asks every receipt of it. */
async function judge(dataDir: string, space: string, receipts: ReadonlyMap<string, string>) {
  const database = await openDatabase({ dataDir })
  try {
    const rows = await database.db
      .selectFrom('log.entry')
      .select('leaf')
      .where('space', '=', space)
      .orderBy('idx')
      .execute()
    const leaves = rows.map(({ leaf }) => new Uint8Array(leaf))
    const bodies = leaves.map((leaf) => readLeaf(leaf).act.statement.parts.find(({ role }) => role === 'body')?.hash)
    const blobs = await createBlobs().findAll(
      database.db,
      bodies.flatMap((hash) => hash ?? []),
    )
    const { rootAt, entries } = replayLog(leaves, ({ statement }) => {
      const hash = statement.parts.find(({ role }) => role === 'body')?.hash
      const blob = hash === undefined ? undefined : blobs.get(hash)
      return blob && parseCanonical(openBlob(blob, hash as string))
    })
    const broken: string[] = []
    const ids = entries.map(({ act }) => `${act.statement.author} ${act.statement.id}`)
    if (new Set(ids).size !== ids.length) broken.push('an act stands twice')
    for (const [hash, text] of receipts) {
      const { index, checkpoint, path } = parseReceipt(text)
      const { size, root } = peekCheckpoint(checkpoint)
      const leaf = leaves[index]
      const isThere = entries[index]?.act.hash === hash && rootAt(size) === toBase64url(root)
      const holds =
        leaf && verifyInclusion({ leafHash: leafHash(leaf), index, size, path: path.map(fromBase64url), root })
      if (!isThere || !holds) broken.push(`the receipt of ${hash} no longer holds`)
    }
    return { broken, acts: entries.length }
  } finally {
    await database.close()
  }
}
