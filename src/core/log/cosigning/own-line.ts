import { sql } from 'kysely'
import { cosignCheckpoint, isMemberAt, limits, toBase64url } from '../../../protocol/index.ts'
import { findMissingParts } from '../missing-parts.ts'
import { cosignerKeyOf } from '../signers.ts'
import type { MissingPart } from '../types.ts'
import { type CosigningContext, readHead } from './context.ts'

/** A member's name under a checkpoint says: stored and consistent with everything this member saw before. */
export async function cosignHead(
  context: CosigningContext,
  space: string,
): Promise<{ size: number; root: string; line: string } | undefined> {
  const { db, identity, clock } = context
  const head = await readHead(db, space, identity.party)
  if (!head || head.frozen || head.size === 0) return undefined
  const root = toBase64url(head.root)
  if (head.line !== null) {
    context.states.noteCosigned(space, head.size)
    // It may have been stored a moment ago, together with the entries.
    if (!context.gate.isShut(space)) await context.gate.ensure([{ space, size: head.size, root }])
    return { size: head.size, root, line: head.line }
  }
  const { admission } = await context.states.at(db, head)
  if (!isMemberAt(admission, identity.party, admission.size)) return undefined
  if (await context.gate.isShutNow(space)) return undefined
  if ((await missingSince(context, space)).length > 0) return undefined
  const seconds = Math.floor(clock.now() / 1000)
  const line = cosignCheckpoint(head.note, { name: identity.party, key: cosignerKeyOf(identity, admission) }, seconds)
  await context.gate.ensure([{ space, size: head.size, root }])
  await db
    .insertInto('log.cosignature')
    .values({ space, size: head.size, party: identity.party, time: seconds * 1000, line })
    .onConflict((there) => there.doNothing())
    .execute()
  context.states.noteCosigned(space, head.size)
  context.cosigned?.(space, [identity.party])
  return { size: head.size, root, line }
}

/** Spaces hosted here whose newest checkpoint we have not cosigned ourselves. */
export async function findUncosigned({ db, identity }: CosigningContext): Promise<string[]> {
  const { rows } = await sql<{ space: string }>`
    select s.space from log.space s
    where s.hosted and s.size > 0 and s.frozen is null and not exists (
      select from log.cosignature c where c.space = s.space and c.size = s.size and c.party = ${identity.party})
    order by s.space`.execute(db)
  return rows.map(({ space }) => space)
}

/** Parts up to 1 MiB above our last cosignature: what it covered was complete then. */
async function missingSince({ db, identity }: CosigningContext, space: string): Promise<MissingPart[]> {
  const last = await db
    .selectFrom('log.cosignature')
    .select((q) => q.fn.max('size').as('size'))
    .where('space', '=', space)
    .where('party', '=', identity.party)
    .executeTakeFirst()
  return findMissingParts(db, space, { from: last?.size ?? 0, under: limits.body, limit: 1 })
}
