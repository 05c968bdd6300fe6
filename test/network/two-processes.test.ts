import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { sql } from 'kysely'
import { parties } from '../../src/cli/demo/parties.ts'
import { until } from '../../src/cli/demo/person.ts'
import { findFreePort } from '../../src/core/config/index.ts'
import { openDatabase } from '../../src/core/storage/index.ts'
import { newId, parseReceipt, peekCheckpoint, toBase64url } from '../../src/protocol/index.ts'
import { firstPort } from '../support/first-port.ts'
import { type Desk, launchPair, signIn } from '../support/launch-pair.ts'
import { rootsOf } from '../support/roots.ts'
import { seededRandom, testSeed } from './case/random.ts'

const program = resolve(import.meta.dirname, '../../dist/chancery.js')
/** Kills of one of the two processes; the long storm asks for hundreds. */
const rounds = Number(process.env.CHANCERY_STORM_ROUNDS ?? (process.env.CI ? 3 : 2))
const actsPerRound = 24

/** One more process of a node that runs: the same data folder, another port and guard file. */
interface Second {
  url: string
  kill(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
}

async function launchSecond(dataDir: string): Promise<Second> {
  const port = await findFreePort(firstPort() + 30, '127.0.0.1')
  let child: ChildProcess | undefined
  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((done) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return done()
      child.once('exit', () => done())
      child.kill(signal)
    })
  return {
    url: `http://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start: () =>
      new Promise((ready, failed) => {
        const flags = ['--quiet', '--data-dir', dataDir, '--instance', 'second', '--port', String(port)]
        child = spawn(process.execPath, [program, 'start', ...flags], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
        child.once('message', () => ready())
        child.once('exit', (code) => failed(new Error(`the second process ended with ${code}`)))
      }),
  }
}

interface Act {
  index: number
  hash: string
  id: string
  witnessedAt?: string
  confirmedAt?: string
  witnessedBy?: unknown
}

async function actsOf(desk: Desk, space: string): Promise<Act[]> {
  const acts: Act[] = []
  for (let next: number | undefined = 0; next !== undefined; ) {
    const answer = await desk.ask(`/api/v1/spaces/${space}/acts?from=${next}&limit=500`)
    const page = (await answer.json()) as { acts: Act[]; next?: number }
    // How far an act has come is each node's own knowledge; what and where it is, is not.
    acts.push(...page.acts.map(({ witnessedAt: _1, confirmedAt: _2, witnessedBy: _3, ...act }) => act))
    next = page.next
  }
  return acts
}

/** What this house calls a party is set at one process and read at the other. */
async function namedByOneShownByBoth(desk: Desk, second: Second): Promise<void> {
  const party = `/directory/parties/${parties.borovia.party}`
  const name = 'The Borovian side'
  const administrator = await signIn(desk.node, 'aureliaAdministrator')
  await administrator.open(`${party}/relation`)
  await administrator.send(`${party}/relation`, { 'name-en': name, 'name-fr': name, 'name-ar': name })
  const headers = { accept: 'application/json', cookie: desk.cookie() }
  await until('the other process to show the name', async () => {
    const answer = await fetch(new URL(party, second.url), { headers })
    return ((await answer.json()) as { shownAs: string }).shownAs === name
  })
}

test('one space served by two processes, either killed under load: nothing receipted is lost, order holds, nobody is paged twice', async (t) => {
  const seed = testSeed(20_261_130)
  const random = seededRandom(seed)
  const { aurelia, borovia, space, folders, end } = await launchPair()
  const second = await launchSecond(folders.aurelia)
  t.after(async () => {
    await second.stop()
    await end()
  })
  await second.start()
  await namedByOneShownByBoth(aurelia, second)

  const urls = [aurelia.node.peerUrl, second.url]
  const acknowledged: string[] = []
  const receipts: { size: number; root: string; index: number }[] = []
  async function post(at: number, path: string, fields: Record<string, string>): Promise<boolean> {
    const { origin } = new URL(aurelia.node.publicUrl)
    const headers = { accept: 'application/json', cookie: aurelia.cookie(), origin }
    try {
      const url = new URL(path, urls[at % 2])
      const answer = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers,
        redirect: 'manual',
      })
      await answer.arrayBuffer()
      return answer.status < 400
    } catch {
      return false
    }
  }
  async function takeReceipt(at: number, id: string): Promise<void> {
    const { origin } = new URL(aurelia.node.publicUrl)
    const headers = { accept: 'application/json', cookie: aurelia.cookie(), origin }
    try {
      const list = await fetch(new URL(`/api/v1/spaces/${space}/acts?from=0&limit=500`, urls[at % 2]), { headers })
      const act = ((await list.json()) as { acts: Act[] }).acts.find((one) => one.id === id)
      if (!act) return
      const answer = await fetch(new URL(`/spaces/${space}/acts/${act.hash}/receipt`, urls[at % 2]), { headers })
      if (!answer.ok) return
      const receipt = parseReceipt(await answer.text())
      const { size, root } = peekCheckpoint(receipt.checkpoint)
      receipts.push({ size, root: toBase64url(root), index: receipt.index })
    } catch {
      // Killed in the middle of it.
    }
  }
  async function load(): Promise<void> {
    const one = async (lane: number) => {
      for (let number = 0; number < actsPerRound / 4; number += 1) {
        const id = newId()
        if (await post(lane + number, `/spaces/${space}/checks`, { id, within: 'PT1H' })) acknowledged.push(id)
        if (number % 3 === 0) await takeReceipt(lane + number, id)
      }
    }
    await Promise.all([0, 1, 2, 3].map(one))
  }

  for (let round = 0; round < rounds; round += 1) {
    const loading = load()
    await until('the load to be under way', async () => acknowledged.length > round * 4)
    // Anywhere in the handling of what is under way.
    await pause(random() * 400)
    const victim = round % 2 ? second : { kill: aurelia.node.kill, start: aurelia.node.restart }
    await victim.kill()
    await loading
    await victim.start()
  }
  // A call from the other side pages Aurelia's people, whose two processes both look at the clock.
  await borovia.ask(`/spaces/${space}/checks`, {
    method: 'POST',
    body: new URLSearchParams({ id: newId(), within: 'PT1H' }),
  })

  assert.ok(acknowledged.length >= rounds * 8, `only ${acknowledged.length} acts were acknowledged`)
  await until('both sides to hold every acknowledged act', async () => {
    const [ours, theirs] = [await actsOf(aurelia, space), await actsOf(borovia, space)]
    const held = new Set(theirs.map((act) => act.id))
    return ours.length === theirs.length && acknowledged.every((id) => held.has(id))
  })
  const ours = await actsOf(aurelia, space)
  assert.deepEqual(ours, await actsOf(borovia, space), 'the two sides hold different acts, or another order')
  assert.deepEqual(
    ours.map((act) => act.index),
    [...ours.keys()],
  )
  assert.equal(new Set(ours.map((act) => act.id)).size, ours.length, `an act stands twice (CHANCERY_TEST_SEED=${seed})`)

  const database = await openDatabase({ dataDir: folders.aurelia })
  try {
    await until('somebody to be paged', async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from home.clock_step`.execute(database.db)
      return (rows[0]?.n ?? 0) > 0
    })
    const roots = await rootsOf(database.db, space)
    for (const { size, root, index } of receipts) {
      assert.equal(roots[size - 1], root, `a receipt was given under size ${size}, and another tree stands there now`)
      assert.ok(index < size)
    }
    assert.ok(receipts.length >= rounds, `only ${receipts.length} receipts were taken`)
    const { rows: doubled } = await sql`
      select person, message, facts, link from home.notice where key like 'clock:%' group by 1, 2, 3, 4
      having count(*) > 1`.execute(database.db)
    assert.deepEqual(doubled, [])
    const { rows: waiting } = await sql`select hash from home.outbox where state = 'queued'`.execute(database.db)
    assert.deepEqual(waiting, [])
  } finally {
    await database.close()
  }
})
