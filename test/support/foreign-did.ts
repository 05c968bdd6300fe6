import { resolveDIDFromLog } from 'didwebvh-ts'
import { toBase64url, verifyStrict } from '../../src/protocol/index.ts'

type Log = Parameters<typeof resolveDIDFromLog>[0]
type Options = NonNullable<Parameters<typeof resolveDIDFromLog>[1]>

/** Reads the text of a `did.jsonl` with the foreign implementation; throws where that one refuses it. */
export async function resolveForeign(text: string, options: Options = {}) {
  const log = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line)) as Log
  const verifier = {
    verify: async (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) =>
      verifyStrict(toBase64url(publicKey), message, signature),
  }
  const resolved = await resolveDIDFromLog(log, { ...options, verifier })
  // It answers with what was valid before the first wrong entry and says so beside it.
  if (resolved.meta.error !== undefined) throw new Error(resolved.meta.problemDetails?.detail ?? resolved.meta.error)
  return resolved
}
