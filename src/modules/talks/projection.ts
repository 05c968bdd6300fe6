import { sql } from 'kysely'
import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import type { MeetingRow } from './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

async function projectProposed(tx: Tx, act: Of<typeof acts.meetingProposedBody>): Promise<Effect> {
  const { space, statement, body, time } = act
  const asked = new Set(body.with)
  const isMember = (party: string) => space.members.some((one) => one.party === party && one.until === undefined)
  if (asked.size !== body.with.length || asked.has(statement.author)) return { withoutEffect: 'asked-twice' }
  if (![...asked].every(isMember)) return { withoutEffect: 'no-such-member' }
  if (body.options.some(({ at }) => at <= time)) return { withoutEffect: 'in-the-past' }
  const before = body.supersedes === undefined ? undefined : await findMeeting(tx, space.id, body.supersedes)
  if (body.supersedes !== undefined && !mayReplace(before, body.meeting, statement.author))
    return { withoutEffect: 'nothing-to-replace' }
  if (body.supersedes === undefined && (await isKnown(tx, space.id, body.meeting)))
    return { withoutEffect: 'proposed-before' }
  if (before) await change(tx, before, { replaced_by: act.hash, changed_at: time })
  await tx
    .insertInto('view.talks_meeting')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      meeting: body.meeting,
      author: statement.author,
      with_parties: sql`${JSON.stringify(body.with)}::jsonb`,
      options: sql`${JSON.stringify(body.options)}::jsonb`,
      zone: body.zone,
      sequence: before ? before.sequence + 1 : 0,
      replaced_by: null,
      chosen: null,
      cancelled_by: null,
      cancelled_party: null,
      changed_at: time,
    })
    .execute()
  return undefined
}

const partiesOf = (row: MeetingRow) => [row.author, ...row.with_parties]

function mayReplace(before: MeetingRow | undefined, meeting: string, author: string): boolean {
  if (!before || before.meeting !== meeting || before.replaced_by !== null || before.cancelled_by !== null) return false
  return partiesOf(before).includes(author)
}

async function isKnown(tx: Tx, space: string, meeting: string): Promise<boolean> {
  const row = await tx
    .selectFrom('view.talks_meeting')
    .select('hash')
    .where('space', '=', space)
    .where('meeting', '=', meeting)
    .executeTakeFirst()
  return row !== undefined
}

function findMeeting(tx: Tx, space: string, hash: string): Promise<MeetingRow | undefined> {
  return tx
    .selectFrom('view.talks_meeting')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

async function change(tx: Tx, { space, hash }: MeetingRow, to: Partial<MeetingRow>): Promise<void> {
  const { with_parties: _, options: __, ...plain } = to
  await tx.updateTable('view.talks_meeting').set(plain).where('space', '=', space).where('hash', '=', hash).execute()
}

async function projectConfirmed(tx: Tx, act: Of<typeof acts.timeConfirmedBody>): Promise<Effect> {
  const { space, statement, body, time } = act
  const meeting = await findMeeting(tx, space.id, body.proposal)
  if (!meeting || body.option >= meeting.options.length) return { withoutEffect: 'no-such-proposal' }
  if (!meeting.with_parties.includes(statement.author)) return { withoutEffect: 'not-asked' }
  if (meeting.replaced_by !== null || meeting.cancelled_by !== null || meeting.chosen !== null)
    return { withoutEffect: 'settled-before' }
  const row = { option: body.option, hash: act.hash, at: time }
  await tx
    .insertInto('view.talks_confirmation')
    .values({ space: space.id, proposal: meeting.hash, party: statement.author, ...row })
    .onConflict((conflict) => conflict.columns(['space', 'proposal', 'party']).doUpdateSet(row))
    .execute()
  const said = await tx
    .selectFrom('view.talks_confirmation')
    .select(['party', 'option'])
    .where('space', '=', space.id)
    .where('proposal', '=', meeting.hash)
    .execute()
  const agree = said.filter(({ option }) => option === body.option).length
  if (agree === meeting.with_parties.length) await change(tx, meeting, { chosen: body.option, changed_at: time })
  return undefined
}

async function projectCancelled(tx: Tx, act: Of<typeof acts.aboutMeetingBody>): Promise<Effect> {
  const { space, statement, body, time } = act
  const meeting = await findMeeting(tx, space.id, body.proposal)
  if (!meeting) return { withoutEffect: 'no-such-proposal' }
  if (!partiesOf(meeting).includes(statement.author)) return { withoutEffect: 'not-asked' }
  if (meeting.replaced_by !== null || meeting.cancelled_by !== null) return { withoutEffect: 'settled-before' }
  await change(tx, meeting, {
    cancelled_by: act.hash,
    cancelled_party: statement.author,
    sequence: meeting.sequence + 1,
    changed_at: time,
  })
  return undefined
}

const saying =
  (kind: 'remark' | 'delegation' | 'read-out') =>
  async (tx: Tx, act: Of<typeof acts.aboutMeetingBody>): Promise<Effect> => {
    const { space, statement, body, time } = act
    const meeting = await findMeeting(tx, space.id, body.proposal)
    if (!meeting) return { withoutEffect: 'no-such-proposal' }
    if (!partiesOf(meeting).includes(statement.author)) return { withoutEffect: 'not-asked' }
    const row = { space: space.id, hash: act.hash, idx: act.index, proposal: meeting.hash, kind }
    await tx
      .insertInto('view.talks_said')
      .values({ ...row, author: statement.author, at: time })
      .execute()
    return undefined
  }

const kinds = ['case', 'channel', 'negotiation'] as const
const inTalks = 'a party that proposes the talks or is asked to them'

export const talksActs: readonly ActDefinition[] = [
  {
    type: 'talks.meeting-proposed',
    body: acts.meetingProposedBody,
    text: acts.meetingText,
    kinds,
    who: 'a member',
    requires: 'those asked are members; all times lie ahead; one that replaces another names it',
    effect: 'talks are proposed, with times to choose from',
    release: 'one-person',
    project: projectProposed,
  },
  {
    type: 'talks.time-confirmed',
    body: acts.timeConfirmedBody,
    kinds,
    who: 'a party asked to the talks',
    requires: 'the proposal stands and no time is set',
    effect: 'this party can make that time; it is set once all who are asked say the same one',
    release: 'direct',
    project: projectConfirmed,
  },
  {
    type: 'talks.meeting-cancelled',
    body: acts.aboutMeetingBody,
    text: acts.cancelText,
    kinds,
    who: inTalks,
    requires: 'the proposal stands',
    effect: 'the talks do not take place',
    release: 'direct',
    standsAlone: true,
    project: projectCancelled,
  },
  {
    type: 'talks.remark-made',
    body: acts.aboutMeetingBody,
    text: acts.remarkText,
    kinds,
    who: inTalks,
    requires: 'the proposal is on the record',
    effect: 'words in the written conversation of the talks',
    release: 'direct',
    project: saying('remark'),
  },
  {
    type: 'talks.delegation-named',
    body: acts.delegationNamedBody,
    text: acts.delegationText,
    kinds,
    who: inTalks,
    requires: 'the proposal is on the record',
    effect: 'who comes, with style and post; the newest list of a party counts',
    release: 'direct',
    project: saying('delegation'),
  },
  {
    type: 'talks.read-out-given',
    body: acts.aboutMeetingBody,
    text: acts.readOutText,
    kinds,
    who: inTalks,
    requires: 'the proposal is on the record',
    effect: 'this party’s own account of the talks stands beside the other’s',
    release: 'one-person',
    project: saying('read-out'),
  },
]
