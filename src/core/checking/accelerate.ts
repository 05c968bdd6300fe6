import { createRequire } from 'node:module'
import { checkEquationBy } from '../../protocol/index.ts'

interface Sodium {
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
}

/**
 * Has libsodium check the equation of Ed25519 in this thread, which takes half the time of OpenSSL. It is asked only
 * about keys and signatures of strict form, where both say the same. False where the optional package is not
 * installed: `node:crypto` goes on checking.
 */
export function accelerate(): boolean {
  const sodium = findSodium()
  if (!sodium) return false
  checkEquationBy((publicKey, message, signature) => sodium.crypto_sign_verify_detached(signature, message, publicKey))
  return true
}

function findSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native')
  } catch {
    // No build for this platform, or left out at installation.
    return undefined
  }
}
