import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const places = 200
const folder = join(tmpdir(), 'chancery-test-ports')
let own: number | undefined

/**
 * Where this test process looks for free ports. Files run side by side, and between finding a port and listening on
 * it, or while a node is being started again, another process could take it: so each has fifty of its own.
 */
export function firstPort(): number {
  own ??= claim()
  return 20_000 + own * 50
}

/** A place that no other living process has. */
function claim(): number {
  mkdirSync(folder, { recursive: true })
  for (let tries = 0; tries < places; tries += 1) {
    const place = (process.pid + tries) % places
    const file = join(folder, `${place}`)
    if (isHeld(file)) continue
    rmSync(file, { force: true })
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw error
    }
    process.on('exit', () => rmSync(file, { force: true }))
    return place
  }
  throw new Error(`every place in ${folder} is held`)
}

function isHeld(file: string): boolean {
  try {
    const holder = readFileSync(file, 'utf8')
    // Written just now by somebody who has not put the number in yet.
    if (holder === '') return true
    process.kill(Number(holder), 0)
    return true
  } catch {
    return false
  }
}
