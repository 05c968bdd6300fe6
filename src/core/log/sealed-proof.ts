import { verifyEvidence, evidenceBytes } from '../../protocol/evidence/index.ts'
import { type Act, convictsSealer, readLeaf, toBase64url } from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import type { Identity } from '../identity/types.ts'
import type { SealedProof } from '../module/types.ts'
import type { Sealing } from '../sealing/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { readRegisterEvents } from './contradiction.ts'

interface SealedProofContext {
  db: Db
  blobs: Blobs
  sealing: Sealing
  identity: Identity
  clock: ClockSource
}

/** Evidence against the author of an act, if one of its sealed parts opens here to something else than was signed. */
export async function findSealedProof(context: SealedProofContext, hash: string): Promise<SealedProof | undefined> {
  const { db, blobs, sealing } = context
  const row = await db.selectFrom('log.entry').select('leaf').where('act_hash', '=', hash).limit(1).executeTakeFirst()
  if (!row) return undefined
  const { leaf, act } = readLeaf(row.leaf)
  const { space, author, parts } = act.statement
  for (const part of parts) {
    const sealed = part.enc && (await blobs.find(db, part.enc.hash))
    const contentKey = sealed && (await sealing.contentKey(db, { space, author, part }))
    if (sealed && contentKey && convictsSealer(part, sealed, contentKey)) {
      const proof = { envelope: leaf.envelope, part: part.hash, contentKey, sealed }
      const file = await fileOf(context, act, proof)
      return { ...proof, ...(file ? { file } : {}) }
    }
  }
  return undefined
}

/** What convinces strangers: with the author's register, which names the key that signed. */
async function fileOf(
  { db, blobs, identity, clock }: SealedProofContext,
  { kid, statement }: Act,
  { envelope, part, contentKey, sealed }: SealedProof,
): Promise<Uint8Array | undefined> {
  const register = await readRegisterEvents(db, blobs, statement.author)
  const key = register.flatMap(({ body }) => keyIn(body, kid))[0]
  if (key === undefined) return undefined
  const bytes = evidenceBytes({
    v: 1,
    format: 'chancery-evidence',
    kind: 'sealed-otherwise',
    space: statement.space,
    accused: { party: statement.author, role: 'author', key },
    found: { by: identity.party, at: clock.now() },
    register,
    envelope,
    part,
    contentKey: toBase64url(contentKey),
    sealed: toBase64url(sealed),
  })
  return verifyEvidence(bytes).verdict === 'proven' ? bytes : undefined
}

/** The act key of this id, if the body of a key event names it. */
function keyIn(body: string, kid: string): string[] {
  const text = Buffer.from(body, 'base64url').subarray(32).toString('utf8')
  const { act } = JSON.parse(text || '{}') as { act?: { kid: string; key: string } }
  return act?.kid === kid ? [act.key] : []
}
