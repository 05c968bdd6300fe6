import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../src/cli/demo/person.ts'
import { newId } from '../../src/protocol/index.ts'
import { type Desk, launchPair } from '../support/launch-pair.ts'
import { mountSmallDisk } from '../support/small-disk.ts'

const mebibyte = 1024 * 1024
const isRoot = process.getuid?.() === 0

interface Problem {
  code: string
  detail: string
}

/** Calls for a communication check, one small act, and gives the refusal if there is one. */
async function callForCheck(desk: Desk, space: string): Promise<Problem | undefined> {
  const body = new URLSearchParams({ id: newId(), within: 'PT1H' })
  const answer = await desk.ask(`/spaces/${space}/checks`, { method: 'POST', body })
  if (answer.status < 400) return void (await answer.arrayBuffer())
  assert.match(answer.headers.get('content-type') ?? '', /problem\+json/)
  return (await answer.json()) as Problem
}

async function actsHeld(desk: Desk, space: string): Promise<string[]> {
  const { acts } = (await (await desk.ask(`/api/v1/spaces/${space}/acts?from=0&limit=500`)).json()) as {
    acts: { hash: string }[]
  }
  return acts.map((act) => act.hash)
}

test('a full disk under the database: the act is refused in words, nothing acknowledged is lost, and the node goes on by itself', {
  skip: !isRoot && 'needs root to mount a small disk',
}, async (t) => {
  const { aurelia, borovia, space, folders, end } = await launchPair()
  t.after(end)
  await aurelia.node.stop()
  const { cluster } = JSON.parse(readFileSync(join(folders.aurelia, 'postgres.json'), 'utf8')) as { cluster: string }
  const usedBytes = Number(execFileSync('du', ['-sb', cluster], { encoding: 'utf8' }).split('\t')[0])
  const disk = mountSmallDisk(cluster, usedBytes + 160 * mebibyte)
  if (!disk) return t.skip('no file system can be mounted here')
  try {
    await aurelia.node.restart()
    assert.equal(await callForCheck(aurelia, space), undefined)

    disk.fill()
    const refusals: Problem[] = []
    for (let tries = 0; tries < 400 && refusals.length < 3; tries += 1) {
      const refused = await callForCheck(aurelia, space)
      if (refused) refusals.push(refused)
    }
    assert.ok(refusals.length > 0, 'the disk never was full')
    for (const { code, detail } of refusals) {
      assert.match(code, /^(disk-full|database-away)$/, detail)
      assert.match(detail, /nothing that was acknowledged is lost/i)
    }
    assert.ok(
      refusals.some(({ code }) => code === 'disk-full'),
      'nobody was told that the disk is full',
    )
    const before = await actsHeld(borovia, space)

    disk.free()
    await until('the node to take acts again by itself', async () => !(await callForCheck(aurelia, space)))
    await until('both sides to hold the same', async () => {
      const [ours, theirs] = [await actsHeld(aurelia, space), await actsHeld(borovia, space)]
      return ours.length === theirs.length && ours.length > before.length
    })
    const after = await actsHeld(aurelia, space)
    assert.deepEqual(after, await actsHeld(borovia, space))
    assert.deepEqual(after.slice(0, before.length), before, 'what the other side had is gone or moved')
  } finally {
    await aurelia.node.stop()
    disk.remove()
  }
})
