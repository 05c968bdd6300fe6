import type { SignatureCheck } from '../../protocol/index.ts'

/** Checks on their way to another thread: keys once each, messages and signatures one after another. */
export interface Block {
  keys: string[]
  /** Of each check: number of its key, bytes of its message, bytes of its signature. */
  shape: Uint32Array<ArrayBuffer>
  bytes: Uint8Array<ArrayBuffer>
}

export function makeBlock(checks: readonly SignatureCheck[]): Block {
  const keys = new Map<string, number>()
  const shape = new Uint32Array(3 * checks.length)
  const bytes = new Uint8Array(
    checks.reduce((sum, { message, signature }) => sum + message.length + signature.length, 0),
  )
  let end = 0
  for (const [at, { publicKey, message, signature }] of checks.entries()) {
    const key = keys.get(publicKey) ?? keys.size
    keys.set(publicKey, key)
    shape.set([key, message.length, signature.length], 3 * at)
    bytes.set(message, end)
    bytes.set(signature, end + message.length)
    end += message.length + signature.length
  }
  return { keys: [...keys.keys()], shape, bytes }
}

export function readBlock({ keys, shape, bytes }: Block): SignatureCheck[] {
  const checks: SignatureCheck[] = []
  let end = 0
  for (let at = 0; at < shape.length; at += 3) {
    const [key = 0, messageLength = 0, signatureLength = 0] = shape.subarray(at, at + 3)
    const message = bytes.subarray(end, end + messageLength)
    end += messageLength + signatureLength
    checks.push({ publicKey: keys[key] ?? '', message, signature: bytes.subarray(end - signatureLength, end) })
  }
  return checks
}
