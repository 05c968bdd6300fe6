import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface Postmaster {
  pid: number
  socketFolder: string
}

/** The server that runs on exactly this data folder, if one does. */
export function findPostmaster(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  const socketFolder = lines[4]?.trim()
  if (!Number.isInteger(pid) || pid <= 0 || !socketFolder || lines[1] !== data) return undefined
  return isServerOf(pid, data) ? { pid, socketFolder } : undefined
}

/**
 * Removes the pid file of a server that was killed with its machine or container.
 * Without this a process that happens to have its old number keeps PostgreSQL from starting.
 */
export function forgetDeadPostmaster(data: string): void {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (Number.isInteger(pid) && pid > 0 && !isServerOf(pid, data)) rmSync(file, { force: true })
}

function isServerOf(pid: number, data: string): boolean {
  try {
    const command = existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes('postgres') && command.includes(data)
  } catch {
    return false
  }
}
