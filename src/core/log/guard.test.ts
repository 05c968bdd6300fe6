import assert from 'node:assert/strict'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { newChannel, newNote, sign, startLedgers } from '../../../test/support/ledger.ts'
import { mountSmallDisk } from '../../../test/support/small-disk.ts'
import { newId } from '../../protocol/index.ts'
import { type Guard, openGuard, type Signed } from './guard.ts'

function dataFolder(t: TestContext): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-guard-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

const record = (size: number): Signed => ({ space: newId(), size, root: 'A'.repeat(43) })

/** A handle of the guard file whose disk fails as told. */
function failingDisk(path: string) {
  const fate: { next?: 'torn-write' | 'lost-pages' } = {}
  let kept = 0
  async function openFile(file: string, flags: string | number, mode: number): Promise<FileHandle> {
    const handle = await open(file, flags, mode)
    return {
      async appendFile(text: string) {
        const { next } = fate
        delete fate.next
        if (next === 'torn-write') {
          await handle.appendFile(text.slice(0, Math.floor(text.length / 2)))
          throw Object.assign(new Error('write'), { code: 'ENOSPC' })
        }
        await handle.appendFile(text)
        if (next === 'lost-pages') {
          // What Linux does: the pages are dropped, and the next write has nothing to complain of.
          truncateSync(path, kept)
          throw Object.assign(new Error('write'), { code: 'EIO' })
        }
        kept = readFileSync(path).length
      },
      datasync: () => handle.datasync(),
      close: () => handle.close(),
    } as unknown as FileHandle
  }
  return { fate, openFile }
}

async function reread(dataDir: string): Promise<string[]> {
  const guard: Guard = await openGuard(dataDir, 'reader')
  const found = guard.records().map(({ space, size }) => `${space} ${size}`)
  await guard.close()
  return found.sort()
}

for (const fault of ['torn-write', 'lost-pages'] as const)
  test(`after a ${fault} on the guard nothing counts until it is written again, whole`, async (t) => {
    const dataDir = dataFolder(t)
    const { fate, openFile } = failingDisk(join(dataDir, 'guard/node.log'))
    const guard = await openGuard(dataDir, 'node', 'guard', { openFile })
    const [first, second, third] = [record(1), record(2), record(3)]
    await guard.ensure([first])
    fate.next = fault
    await assert.rejects(guard.ensure([second]), { code: fault === 'torn-write' ? 'ENOSPC' : 'EIO' })
    await guard.ensure([third])
    await guard.close()
    assert.deepEqual(await reread(dataDir), [first, second, third].map(({ space, size }) => `${space} ${size}`).sort())
  })

test('commands leave no file behind, and what they signed stays guarded', async (t) => {
  const dataDir = dataFolder(t)
  const files = () => readdirSync(join(dataDir, 'guard')).toSorted()
  const [first, second, killed] = [record(1), record(2), record(3)]
  const idle = await openGuard(dataDir, 'command-4001')
  await idle.close()
  assert.deepEqual(files(), [])
  const two = await Promise.all(['command-4002', 'command-4003'].map((instance) => openGuard(dataDir, instance)))
  await Promise.all([two[0]!.ensure([first]), two[1]!.ensure([second])])
  await Promise.all(two.map((guard) => guard.close()))
  assert.deepEqual(files(), ['commands.log'])

  // Killed: its file rests a day, and longer if somebody runs under its number.
  const textOf = ({ space, size, root }: Signed) => `${space} ${size} ${root}\n`
  const left = join(dataDir, 'guard/command-999999999.log')
  writeFileSync(left, `${textOf(killed)}${killed.space} 9 torn`)
  await (await openGuard(dataDir, 'command-4004')).close()
  assert.deepEqual(files(), ['command-999999999.log', 'commands.log'])
  const yesterday = Date.now() / 1000 - 25 * 3600
  utimesSync(left, yesterday, yesterday)
  const running = join(dataDir, `guard/command-${process.pid}.log`)
  writeFileSync(running, '')
  utimesSync(running, yesterday, yesterday)
  await (await openGuard(dataDir, 'command-4005')).close()
  assert.deepEqual(files(), [`command-${process.pid}.log`, 'commands.log'])
  const sizes = [first, second, killed].map(({ space, size }) => `${space} ${size}`)
  assert.deepEqual(await reread(dataDir), sizes.toSorted())
})

test('no receipt leaves while the guard has no room, and none is lost when it has again', {
  skip: process.getuid?.() !== 0 && 'needs root to mount a small disk',
}, async (t) => {
  const node = (await startLedgers(t, ['aurelia.example', 'borovia.example']))['aurelia.example']!
  const { id: space } = await node.ledger.open(newChannel(['borovia.example']))
  await node.ledger.close()
  const folder = join(node.dataDir, 'guard')
  mkdirSync(folder, { recursive: true })
  const disk = mountSmallDisk(folder, 64 * 1024)
  if (!disk) return t.skip('no file system can be mounted here')
  try {
    const ledger = node.another({ instance: 'node' })
    await ledger.start()
    disk.fill()
    let envelope: unknown
    let failure: unknown
    // Bytes left on the last page of the file take a few records more.
    for (let tries = 0; tries < 200 && !failure; tries += 1) {
      envelope = (await sign(node, newNote(space))).envelope
      failure = await ledger.sequence(space, [{ envelope }]).then(
        () => undefined,
        (error) => error,
      )
    }
    assert.equal((failure as NodeJS.ErrnoException).code, 'ENOSPC')
    await assert.rejects(ledger.sequence(space, [{ envelope }]), { code: 'ENOSPC' })
    await assert.rejects(ledger.checkpoint(space), { code: 'ENOSPC' }, 'a checkpoint left that no guard holds')
    disk.free()
    const [answer] = await ledger.sequence(space, [{ envelope }])
    assert.ok(answer?.state === 'on-record' && answer.repeated)
    const head = await ledger.head(space)
    assert.equal(answer.index + 1, head?.size)
    await ledger.close()
    assert.match(
      readFileSync(join(folder, 'node.log'), 'utf8'),
      new RegExp(`^${space} ${head?.size} ${head?.root}$`, 'm'),
    )
  } finally {
    disk.remove()
  }
})
