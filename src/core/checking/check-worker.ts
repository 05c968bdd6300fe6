import { parentPort } from 'node:worker_threads'
import { verifyStrict } from '../../protocol/index.ts'
import { accelerate } from './accelerate.ts'
import { type Block, readBlock } from './block.ts'

// Runs in a thread of its own: blocks of checks come in, one byte for each check goes out.

accelerate()

parentPort?.on('message', (block: Block) => {
  const verdicts = Uint8Array.from(readBlock(block), ({ publicKey, message, signature }) =>
    verifyStrict(publicKey, message, signature) ? 1 : 0,
  )
  parentPort?.postMessage(verdicts, [verdicts.buffer])
})
