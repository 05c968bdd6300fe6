import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Asked, Told } from './process-words.ts'

const root = join(import.meta.dirname, '../../..')

export interface PartiesApart {
  ask<T>(words: Asked): Promise<T>
  /** The whole process stands still, as a machine that hangs: connections stay open and nothing answers. */
  freeze(): void
  thaw(): void
  end(): Promise<void>
}

/** A process of its own that runs several parties. */
export function startPartiesApart(): PartiesApart {
  const child: ChildProcess = fork(join(import.meta.dirname, 'parties-process.ts'), {
    cwd: root,
    execArgv: ['--import', join(root, 'tools/tsx-hook.ts')],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  })
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let number = 0
  child.on('message', (told: Told) => {
    const one = waiting.get(told.number)
    waiting.delete(told.number)
    if (told.error === undefined) one?.resolve(told.answer)
    else one?.reject(new Error(told.error))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the parties ended with ${code}`))
  })
  const ask = <T>(words: Asked) =>
    new Promise<T>((resolve, reject) => {
      number += 1
      waiting.set(number, { resolve: resolve as (answer: unknown) => void, reject })
      child.send({ ...words, number })
    })
  return {
    ask,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async end() {
      if (child.exitCode !== null) return
      child.kill('SIGCONT')
      await ask({ do: 'end' })
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
