import { sql } from 'kysely'
import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

// Real time throughout, also in a drill: bytes are forgotten by no other clock.
async function projectOpened(tx: Tx, act: Of<typeof acts.roomOpenedBody>): Promise<Effect> {
  const { space, statement, body, time } = act
  const asked = new Set(body.with)
  const isMember = (party: string) =>
    space.members.some((one) => one.party === party && one.until === undefined && one.role !== 'observer')
  if (asked.size !== body.with.length || asked.has(statement.author)) return { withoutEffect: 'asked-twice' }
  if (![...asked].every(isMember)) return { withoutEffect: 'no-such-member' }
  if (body.until <= time || body.until > time + acts.longestOpenMs) return { withoutEffect: 'no-such-end' }
  await tx
    .insertInto('view.off_record_room')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      id: statement.id,
      opener: statement.author,
      key: body.key,
      with_parties: sql`${JSON.stringify(body.with)}::jsonb`,
      keep_ms: body.keepHours * 3_600_000,
      until: body.until,
      opened_at: time,
      closed_at: null,
      closed_by: null,
    })
    .execute()
  return undefined
}

async function projectJoined(tx: Tx, act: Of<typeof acts.roomJoinedBody>): Promise<Effect> {
  const { space, statement, body, time } = act
  const room = await findRoom(tx, space.id, body.room)
  if (!room?.with_parties.includes(statement.author)) return { withoutEffect: 'not-asked-in' }
  if (room.closed_at !== null || time > room.until) return { withoutEffect: 'room-ended' }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('view.off_record_join')
    .values({
      space: space.id,
      room: body.room,
      party: statement.author,
      hash: act.hash,
      key: body.key,
      at: time,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? undefined : { withoutEffect: 'joined-before' }
}

async function projectClosed(tx: Tx, act: Of<typeof acts.roomClosedBody>): Promise<Effect> {
  const { space, statement, body, time } = act
  const room = await findRoom(tx, space.id, body.room)
  const mayClose = room && [room.opener, ...room.with_parties].includes(statement.author)
  if (!mayClose) return { withoutEffect: 'not-asked-in' }
  if (room.closed_at !== null) return { withoutEffect: 'room-ended' }
  await tx
    .updateTable('view.off_record_room')
    .set({ closed_at: time, closed_by: statement.author })
    .where('space', '=', space.id)
    .where('hash', '=', body.room)
    .execute()
  return undefined
}

function findRoom(tx: Tx, space: string, hash: string) {
  return tx
    .selectFrom('view.off_record_room')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

const kinds = ['channel', 'case'] as const

export const offRecordActs: readonly ActDefinition[] = [
  {
    type: 'off-record.room-opened',
    body: acts.roomOpenedBody,
    kinds,
    who: 'any member but observers',
    requires: '`with`: other members, each once; `until` at most 30 days ahead',
    effect: 'a room in which nothing said is signed or recorded; its key, its rule and whom it asks in stand here',
    release: 'two-person',
    project: projectOpened,
  },
  {
    type: 'off-record.room-joined',
    body: acts.roomJoinedBody,
    kinds,
    who: 'a party the opening asks in',
    requires: 'an open room; once',
    effect: 'agreement to the rule; its key',
    release: 'direct',
    project: projectJoined,
  },
  {
    type: 'off-record.room-closed',
    body: acts.roomClosedBody,
    kinds,
    who: 'whoever opened it or was asked in',
    requires: 'an open room',
    effect: 'nothing more is said; what was said is forgotten as agreed',
    release: 'direct',
    project: projectClosed,
  },
]
