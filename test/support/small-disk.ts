import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own, of a few megabytes, mounted over a folder with what lay there. */
export interface SmallDisk {
  /** Takes every byte that is left, or all but some. */
  fill(leaveBytes?: number): void
  /** Gives back what `fill` took. */
  free(): void
  remove(): void
}

/** Undefined where this machine does not let us mount. Only root may. */
export function mountSmallDisk(folder: string, sizeBytes: number): SmallDisk | undefined {
  const aside = mkdtempSync(join(tmpdir(), 'chancery-aside-'))
  try {
    const { uid, gid } = statSync(folder)
    const mode = (statSync(folder).mode & 0o777).toString(8)
    // With owners and modes, on which PostgreSQL insists.
    execFileSync('cp', ['-a', `${folder}/.`, aside])
    const options = `size=${sizeBytes},mode=${mode},uid=${uid},gid=${gid}`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('cp', ['-a', ...readdirSync(aside).map((name) => join(aside, name)), folder])
  } catch {
    return undefined
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  const filler = join(folder, 'filler')
  return {
    fill(leaveBytes = 0) {
      const { bavail, bsize } = statfsSync(folder)
      append(filler, bavail * bsize - leaveBytes)
    },
    free: () => rmSync(filler, { force: true }),
    remove: () => execFileSync('umount', ['-l', folder], { stdio: 'ignore' }),
  }
}

function append(file: string, bytes: number): void {
  const piece = new Uint8Array(1024 * 1024)
  try {
    for (let left = bytes; left > 0; left -= piece.length) appendFileSync(file, piece.subarray(0, left))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
