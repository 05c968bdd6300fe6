import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Files of one process: loading the program anew for each took longer than most of their tests. */
export const perLot = 12

/**
 * Writes into `folder` one file for each lot, which loads the files of its lot one after the other.
 *
 * @param files - Longest first: each lot gets some of the long and some of the short.
 * @returns The lots' files.
 */
export function drawLots(files: readonly string[], folder: string): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const count = Math.ceil(files.length / perLot)
  return Array.from({ length: count }, (_, lot) => {
    const own = files.filter((_file, index) => index % count === lot)
    const path = join(folder, `lot-${lot + 1}.test.mjs`)
    writeFileSync(path, own.map((file) => `await import(${JSON.stringify(pathToFileURL(resolve(file)))})\n`).join(''))
    return path
  })
}
