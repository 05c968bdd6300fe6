import { type Envelope, ProtocolError, readLeaf, toBase64url } from '../../protocol/index.ts'
import { evidenceBytes, verifyEvidence } from '../../protocol/evidence/index.ts'
import { complete, type ContradictionContext, hostLineOnly } from './contradiction.ts'

/**
 * The file by which a stranger sees that the host of a space went on without an act that members kept; undefined as
 * long as the rules of evidence do not bear it. Nothing is frozen: the members' word is no contradiction of the host's.
 */
export async function ignoredEvidence(
  context: ContradictionContext,
  space: string,
  { envelope, receipts, refusal }: { envelope: Envelope; receipts: readonly Envelope[]; refusal?: Envelope },
): Promise<Uint8Array | undefined> {
  const { db, blobs } = context
  const row = await db
    .selectFrom('log.space as s')
    .innerJoin('log.checkpoint as c', 'c.space', 's.space')
    .select(['s.host', 's.host_key', 'c.note'])
    .where('s.space', '=', space)
    .executeTakeFirst()
  if (!row || receipts.length === 0) return undefined
  const entries = await db
    .selectFrom('log.entry')
    .select(['leaf', 'governance'])
    .where('space', '=', space)
    .orderBy('idx')
    .execute()
  const named = entries
    .filter(({ governance }) => governance)
    .flatMap(({ leaf }) => readLeaf(leaf).act.statement.parts.filter(({ role }) => role === 'body'))
  const bodies = await blobs.findAll(
    db,
    named.map(({ hash }) => hash),
  )
  try {
    const evidence = await complete(context, {
      kind: 'ignored-tender',
      space,
      accused: { party: row.host, role: 'host', key: row.host_key },
      notes: [hostLineOnly(row.note)],
      entries: entries.map(({ leaf }) => toBase64url(leaf)),
      bodies: [...bodies.values()].map(toBase64url),
      act: envelope,
      receipts: receipts.slice(0, 64),
      ...(refusal ? { refusal } : {}),
    })
    const bytes = evidenceBytes(evidence)
    return verifyEvidence(bytes).verdict === 'attested' ? bytes : undefined
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
