import { sql } from 'kysely'
import {
  type Act,
  type AdmissionState,
  advance,
  changesState,
  clockLapsedBody,
  drillClockSetBody,
  erasureConfirmedBody,
  governanceBodies,
  historyGrantedBody,
  isGovernance,
  isSealed,
  type Json,
  outcomeOf,
  payloadErasedBody,
  readLeaf,
  registerFingerprint,
  registerFoundedBody,
  spaceOpenedBody,
  tenderRecordedBody,
} from '../../protocol/index.ts'
import type { Effect, SpaceFacts } from '../module/types.ts'
import type { Blobs, Tx } from '../storage/types.ts'
import { type ClockSetting, scenarioAt } from './drill-clock.ts'

/** What projecting one space carries from act to act. */
export interface ProjectionState {
  /** Facts after the acts so far; undefined before the opening act. */
  facts: SpaceFacts | undefined
  admission: AdmissionState | undefined
  clock: ClockSetting[]
  closed: boolean
  /** Told when an act on record was held by another member before its leaf time. */
  fulfilledAt?: FulfilledAt
}

/** `at` is scenario ms in a drill. */
export type FulfilledAt = (tx: Tx, held: { space: string; act: string; at: number }) => Promise<void>

export interface GovernanceAct {
  act: Act
  index: number
  time: number
  /** base64url leaf hash. */
  leafHash: string
  leaf: Uint8Array
  body: Json
}

/** Acts whose meaning the log itself knows. */
export function isLogAct(type: string): boolean {
  return isGovernance(type) && type !== 'clock.lapsed'
}

/** Projects an act of `space.*`, `drill.clock-set` or `register.*` after the opening; changes `state`. */
export async function projectGovernance(
  { blobs, tx, state }: { blobs: Blobs; tx: Tx; state: ProjectionState },
  entry: GovernanceAct,
): Promise<Effect> {
  const { type } = entry.act.statement
  const schema = isGovernance(type) ? governanceBodies[type] : clockLapsedBody
  if (!schema.safeParse(entry.body).success) return { withoutEffect: 'malformed' }
  if (changesState(type)) return changeMembership(tx, state, entry)
  switch (type) {
    case 'space.closed':
      return closeSpace(tx, state, entry)
    case 'space.tender-recorded':
      return recordTender(tx, state, entry)
    case 'space.payload-erased':
      return erasePayload(tx, blobs, state, entry)
    case 'space.erasure-confirmed':
      return confirmErasure(tx, state, entry)
    case 'space.history-granted':
      return grantHistory(state, entry)
    case 'drill.clock-set':
      return setDrillClock(tx, state, entry)
    default:
      return undefined
  }
}

/** Rows of a space that opens. `state.admission` is already that of entry 0. */
export async function projectOpening(
  tx: Tx,
  state: ProjectionState,
  { act, body, leafHash }: GovernanceAct,
  facts: Pick<SpaceFacts, 'hosted' | 'size' | 'root' | 'time'>,
): Promise<void> {
  const admission = state.admission as AdmissionState
  const { space, kind, host } = admission
  const opened = kind === 'register' ? undefined : spaceOpenedBody.parse(body)
  const founded = kind === 'register' ? registerFoundedBody.parse(body) : undefined
  state.facts = {
    id: space,
    kind,
    title: withoutNul(opened?.title ?? founded?.names ?? {}),
    purpose: withoutNul(opened?.purpose ?? ''),
    host: host.party,
    members: membersOf(admission),
    ...(opened?.drill ? { drill: withoutNul(opened.drill) } : {}),
    terms: withoutNul(opened?.terms ?? {}),
    ...(isSealed(opened?.terms) ? { sealed: true } : {}),
    ...(opened?.under ? { under: opened.under } : {}),
    ...facts,
  }
  await tx
    .insertInto('view.space')
    .values({
      space: act.statement.space,
      kind,
      title: jsonText(state.facts.title),
      purpose: state.facts.purpose,
      host: host.party,
      drill: jsonText(opened?.drill ?? null),
      terms: jsonText(state.facts.terms),
      under: JSON.stringify(opened?.under ?? null),
      closed: null,
    })
    .execute()
  await writeMembers(tx, space, state.facts.members)
  if (!founded) return
  await tx
    .insertInto('view.register')
    .values({
      space,
      party: founded.party,
      names: jsonText(founded.names),
      first: leafHash,
      keys: JSON.stringify({ act: founded.act, nodes: founded.nodes, fingerprint: registerFingerprint(leafHash) }),
    })
    .execute()
}

/** PostgreSQL holds no NUL in text, JSON does: nobody may make a space unreadable with one. */
function withoutNul<T extends Json>(value: T): T {
  return JSON.parse(jsonText(value)) as T
}

function jsonText(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) => {
    if (typeof inner === 'string') return inner.replaceAll('\0', '')
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).map(([key, held]) => [key.replaceAll('\0', ''), held]))
  })
}

async function changeMembership(
  tx: Tx,
  state: ProjectionState,
  { act, index, time, body }: GovernanceAct,
): Promise<Effect> {
  const before = { ...(state.admission as AdmissionState), size: index }
  const facts = state.facts as SpaceFacts
  const { withoutEffect } = outcomeOf(before, act, body)
  const after = advance(before, act, time, '', body)
  state.admission = after
  if (withoutEffect) return { withoutEffect }
  const members = membersOf(after)
  if (JSON.stringify(members) !== JSON.stringify(facts.members)) await writeMembers(tx, facts.id, members)
  if (after.host.party !== facts.host) {
    await tx.updateTable('view.space').set({ host: after.host.party }).where('space', '=', facts.id).execute()
  }
  state.facts = { ...facts, members, host: after.host.party }
  if (facts.kind === 'register') await updateRegister(tx, after)
  return undefined
}

async function updateRegister(tx: Tx, { space, opener, members }: AdmissionState): Promise<void> {
  const current = members.get(opener)?.keys.findLast((key) => key.until === undefined)
  const act = current ? { kid: current.kid, key: current.key } : null
  const row = await tx.selectFrom('view.register').select('keys').where('space', '=', space).executeTakeFirstOrThrow()
  const keys = { ...(row.keys as { readonly [key: string]: Json }), act }
  await tx
    .updateTable('view.register')
    .set({ keys: JSON.stringify(keys) })
    .where('space', '=', space)
    .execute()
}

async function closeSpace(tx: Tx, state: ProjectionState, { act, index }: GovernanceAct): Promise<Effect> {
  const { author } = act.statement
  if (state.closed) return { withoutEffect: 'already-closed' }
  if (!presides(state, author) && author !== state.admission?.opener) return { withoutEffect: 'not-entitled' }
  state.closed = true
  await tx.updateTable('view.space').set({ closed: index }).where('space', '=', act.statement.space).execute()
  return undefined
}

async function recordTender(tx: Tx, state: ProjectionState, { act, index, body }: GovernanceAct): Promise<Effect> {
  const { act: tendered, author, tendered: at } = tenderRecordedBody.parse(body)
  const { id: space } = state.facts as SpaceFacts
  // Only somebody other than the author can vouch for when the author had finished.
  if (author === act.statement.author) return { withoutEffect: 'own-tender' }
  const target = await tx
    .selectFrom('log.entry')
    .select(['idx', 'author', 'time', 'leaf'])
    .where('space', '=', space)
    .where('act_hash', '=', tendered)
    .where('idx', '<', index)
    .executeTakeFirst()
  if (target?.author !== author) return { withoutEffect: 'no-such-act' }
  await tx
    .insertInto('view.tender')
    .values({ space, idx: index, act: tendered, by: act.statement.author, at })
    .execute()
  const time = await tenderedTime(tx, { space, at, target })
  const settings = state.clock.filter((one) => one.index < target.idx && one.setAt <= time)
  await state.fulfilledAt?.(tx, { space, act: tendered, at: scenarioAt(settings, time) })
  return undefined
}

/** Nobody held an act before the newest entry that it has seen, whatever is said, nor first after it was on record. */
async function tenderedTime(
  tx: Tx,
  { space, at, target }: { space: string; at: number; target: { time: number; leaf: Uint8Array } },
): Promise<number> {
  const { seen } = readLeaf(target.leaf).act.statement
  const before = await tx
    .selectFrom('log.entry')
    .select('time')
    .where('space', '=', space)
    .where('idx', '=', seen.size - 1)
    .executeTakeFirst()
  return Math.min(target.time, Math.max(at, before?.time ?? 0))
}

async function erasePayload(tx: Tx, blobs: Blobs, state: ProjectionState, entry: GovernanceAct): Promise<Effect> {
  const { act, parts } = payloadErasedBody.parse(entry.body)
  const { id: space } = state.facts as SpaceFacts
  const target = await tx
    .selectFrom('log.entry')
    .select(['idx', 'author'])
    .where('space', '=', space)
    .where('act_hash', '=', act)
    .where('idx', '<', entry.index)
    .executeTakeFirst()
  if (!target) return { withoutEffect: 'no-such-act' }
  if (target.author !== entry.act.statement.author) return { withoutEffect: 'not-entitled' }
  const own = await tx
    .selectFrom('log.part')
    .select(['hash', 'role', 'plain'])
    .where('space', '=', space)
    .where('idx', '=', target.idx)
    .where('role', 'not in', ['body', 'keys'])
    .execute()
  // Sealed bytes hold salt, content and the wrap of their one-use key: with them everything is gone.
  const stored = new Map(own.map((part) => [part.plain ?? part.hash, part.hash]))
  if (!parts.every((hash) => stored.has(hash))) return { withoutEffect: 'not-erasable' }
  const rows = [...new Set(parts)].map((hash) => ({ space, hash, idx: target.idx, tombstone: entry.index }))
  await tx
    .insertInto('view.erased_part')
    .values(rows)
    .onConflict((there) => there.doNothing())
    .execute()
  for (const { hash } of rows) {
    await eraseUnlessShared(tx, blobs, { space, hash: stored.get(hash) as string, idx: target.idx })
  }
  return undefined
}

/** Another act may name the same commitment: its author alone may have that copy erased. */
export async function eraseUnlessShared(
  tx: Tx,
  blobs: Blobs,
  { space, hash, idx }: { space: string; hash: string; idx: number },
): Promise<void> {
  const sharing = await tx
    .selectFrom('log.part as p')
    .select('p.idx')
    .where('p.hash', '=', hash)
    .where((q) => q.not(q.and([q('p.space', '=', space), q('p.idx', '=', idx)])))
    .where((q) =>
      q.not(
        q.exists(
          q
            .selectFrom('view.erased_part as e')
            .select('e.hash')
            .whereRef('e.space', '=', 'p.space')
            .where(sql<boolean>`e.hash = coalesce(p.plain, p.hash)`)
            .whereRef('e.idx', '=', 'p.idx'),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst()
  if (!sharing) await blobs.erase(tx, hash)
}

/** A member says that it has destroyed what was to be destroyed; its word stands, nothing else follows. */
async function confirmErasure(tx: Tx, state: ProjectionState, entry: GovernanceAct): Promise<Effect> {
  const { erasure } = erasureConfirmedBody.parse(entry.body)
  const { id: space } = state.facts as SpaceFacts
  const tombstone = await tx
    .selectFrom('log.entry as e')
    .innerJoin('view.erased_part as x', (join) =>
      join.onRef('x.space', '=', 'e.space').onRef('x.tombstone', '=', 'e.idx'),
    )
    .select('e.idx')
    .where('e.space', '=', space)
    .where('e.act_hash', '=', erasure)
    .where('e.idx', '<', entry.index)
    .limit(1)
    .executeTakeFirst()
  return tombstone ? undefined : { withoutEffect: 'no-such-act' }
}

/** What the keys open is for the recipient’s node alone to see; for everybody else the act is on record, no more. */
function grantHistory(state: ProjectionState, entry: GovernanceAct): Effect {
  const { to } = historyGrantedBody.parse(entry.body)
  const member = state.facts?.members.find(({ party, until }) => party === to && until === undefined)
  return member ? undefined : { withoutEffect: 'not-member' }
}

async function setDrillClock(
  tx: Tx,
  state: ProjectionState,
  { act, index, time, body }: GovernanceAct,
): Promise<Effect> {
  const { drill, id: space } = state.facts as SpaceFacts
  if (!drill) return { withoutEffect: 'not-a-drill' }
  if (!presides(state, act.statement.author)) return { withoutEffect: 'not-entitled' }
  const { scenario, rate } = drillClockSetBody.parse(body)
  state.clock = [...state.clock, { index, setAt: time, scenario, rate }]
  await tx.insertInto('view.drill_clock').values({ space, idx: index, set_at: time, scenario, rate }).execute()
  return undefined
}

/** The host's party, or a chair. */
function presides({ facts }: ProjectionState, party: string): boolean {
  const chairs = facts?.members.filter((member) => member.role === 'chair' && member.until === undefined) ?? []
  return party === facts?.host || chairs.some((chair) => chair.party === party)
}

function membersOf(admission: AdmissionState): SpaceFacts['members'] {
  const members = [...admission.members].map(([party, { role, since, until }]) => ({
    party,
    role,
    since,
    ...(until === undefined ? {} : { until }),
  }))
  return members.sort((a, b) => a.since - b.since || (a.party < b.party ? -1 : 1))
}

async function writeMembers(tx: Tx, space: string, members: SpaceFacts['members']): Promise<void> {
  await tx.deleteFrom('view.member').where('space', '=', space).execute()
  await tx
    .insertInto('view.member')
    .values(members.map(({ party, role, since, until }) => ({ space, party, role, since, until: until ?? null })))
    .execute()
}
