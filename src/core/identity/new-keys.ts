import { generateKeyPairSync } from 'node:crypto'
import { generateEd25519, toBase64url } from '../../protocol/index.ts'
import type { KeyUse, RingKey, RingSealingKey } from './ring-content.ts'

/** A fresh signing key. */
export function newSigningKey(use: KeyUse, made: number): RingKey {
  const { publicKey, privateKey } = generateEd25519()
  return { use, publicKey, privateKey, made }
}

/** A fresh pair of X25519 and ML-KEM-768 keys. */
export function newSealingKey(made: number): RingSealingKey {
  const x25519 = generateKeyPairSync('x25519')
  const mlkem768 = generateKeyPairSync('ml-kem-768')
  const pkcs8 = { format: 'der', type: 'pkcs8' } as const
  return {
    publicKey: toBase64url(
      Buffer.concat([
        x25519.publicKey.export({ format: 'raw-public' }),
        mlkem768.publicKey.export({ format: 'raw-public' }),
      ]),
    ),
    x25519: toBase64url(x25519.privateKey.export(pkcs8)),
    mlkem768: toBase64url(mlkem768.privateKey.export(pkcs8)),
    made,
  }
}
