import { generateMlDsa44, type PqSigningKey, pqSigningKey } from '../../protocol/index.ts'
import { ringOf } from './load-identity.ts'

/** The party's ML-DSA-44 cosigner key; made when it is first asked for, because a register has no place for it. */
export async function loadMlDsaCosigner(dataDir: string): Promise<PqSigningKey> {
  const ring = await ringOf(dataDir)
  // Another process of this node may have been quicker: then its key stays.
  if (ring.content().mlDsa44 === undefined) {
    await ring.change((content) => ({ ...content, mlDsa44: content.mlDsa44 ?? generateMlDsa44().privateKey }))
  }
  const { mlDsa44 } = ring.content()
  if (mlDsa44 === undefined) throw new Error('the key ring holds no ML-DSA-44 key')
  return pqSigningKey(mlDsa44)
}
