import { parentPort } from 'node:worker_threads'
import { lookAtBytes, stripFile } from '../look-into.ts'
import { textKindOf } from '../formats/names.ts'
import type { LookTask } from './look-thread.ts'

// Runs in a thread of its own: one file comes in, what was found in it, or the file without it, goes out.

parentPort?.on('message', ({ task, name, bytes }: LookTask) => {
  if (task === 'look') return parentPort?.postMessage(lookAtBytes(textKindOf(name), bytes))
  const clean = stripFile(name, bytes)
  // Its own memory, so that it can be handed over without a copy.
  const own = clean && { ...clean, bytes: Uint8Array.from(clean.bytes) }
  return parentPort?.postMessage(own, own ? [own.bytes.buffer] : [])
})
