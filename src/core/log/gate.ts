import { sql } from 'kysely'
import { toBase64url } from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import { integers, texts } from '../storage/index.ts'
import type { Db } from '../storage/types.ts'
import { type Guard, openGuard, type Signed } from './guard.ts'
import { wasLeft } from './left-records.ts'
import type { GateReport } from './types.ts'

type Blocked = GateReport['blocked'][number]
type AskMembers = (space: string) => Promise<{ party: string; size: number; root: string }[]>

/** Stands before every signature of this node over a tree. */
export interface Gate {
  /**
   * Reads the guard files, asks members, and opens for every space where nothing speaks against the database.
   * `fresh`: the database had no space of ours before this start, so a missing guard means nothing.
   */
  open(fresh: boolean): Promise<GateReport>
  report(): GateReport
  isShut(space: string): boolean
  /** The same for a replica, which may have caught up since the start. */
  isShutNow(space: string): Promise<boolean>
  /** Our own signature over more than the database holds came back to us: kept by the guard, and the space shut. */
  remind(signed: Signed): Promise<void>
  /** Asks guard files and members once more about a space that is shut, after what was missing came back. True if it is open now. */
  recheck(space: string): Promise<boolean>
  /** Puts what was signed on disk outside the database; await it before anything signed leaves. */
  ensure(signed: readonly Signed[]): Promise<void>
  /** Puts on disk outside the database that another party orders this space from here on. */
  handOver(signed: Signed): Promise<void>
  /** We left the record that another host of a space had gone on with: what we signed of it counts no longer. */
  left(space: string): Promise<void>
  acceptRollback(): Promise<GateReport>
  close(): Promise<void>
}

export interface GateContext {
  db: Db
  log: Logger
  dataDir: string
  instance: string
  askMembers?: AskMembers
}

export function createGate(context: GateContext): Gate {
  let opening: Promise<Guard> | undefined
  let closed = false
  let blocked: Blocked[] = []
  let opened = false
  const reminded: Claim[] = []
  const claimsOf = (guard: Guard): Claim[] => [...guard.records().map((one) => ({ ...one, by: one.file })), ...reminded]
  const report = (): GateReport => ({ open: opened && blocked.length === 0, blocked })
  // One handle however many ask at once: a second one would never be closed.
  /**
   * Another start must not take the guard that begins now for one that was there when these spaces were signed for:
   * it keeps what members vouched for, and which spaces nobody vouched for.
   */
  async function keepVouched(guard: Guard): Promise<void> {
    const shut = new Set(blocked.map(({ space }) => space))
    const heads = await readHeads(context.db)
    await guard.ensure(
      heads.filter((one) => one.hosted && one.size > 0 && !shut.has(one.space) && !guard.covers(one.space)),
    )
    await guard.doubt(blocked.flatMap(({ space, reason }) => (reason === 'no-guard' ? [space] : [])))
  }
  const getGuard = () => (opening ??= openGuard(context.dataDir, context.instance))
  return {
    async open(fresh) {
      const guard = await getGuard()
      if (fresh) await guard.begin()
      blocked = await findBlocked(context, claimsOf(guard), { isCovered: (space) => fresh || guard.covers(space) })
      await keepVouched(guard)
      opened = true
      for (const one of blocked) context.log.error('log.gate-shut', { ...one })
      return report()
    },
    report,
    isShut: (space) => !opened || blocked.some((one) => one.space === space),
    async isShutNow(space) {
      if (!opened || !blocked.some((one) => one.space === space)) return !opened
      const heads = (await readHeads(context.db, space)).filter((head) => !head.hosted)
      if (heads.length === 0) return true
      const claims = (await getGuard()).records().filter((one) => one.space === space)
      const still = await blockedBy(
        context.db,
        claims.map((one) => ({ ...one, by: one.file })),
        heads,
      )
      blocked = [...blocked.filter((one) => one.space !== space), ...still]
      return still.length > 0
    },
    async remind(signed) {
      const guard = await getGuard()
      if (reminded.some((one) => one.space === signed.space && one.size >= signed.size)) return
      reminded.push({ ...signed, by: 'a member' })
      await guard.ensure([signed])
      const still = await findBlocked(context, claimsOf(guard), { space: signed.space, isCovered: () => true })
      if (still.length > 0 && !blocked.some((one) => one.space === signed.space)) {
        for (const one of still) context.log.error('log.gate-shut', { ...one })
        blocked = [...blocked, ...still]
      }
    },
    async recheck(space) {
      if (!opened || !blocked.some((one) => one.space === space)) return opened
      const guard = await getGuard()
      const still = await findBlocked(context, claimsOf(guard), { space, isCovered: guard.covers })
      blocked = [...blocked.filter((one) => one.space !== space), ...still]
      await keepVouched(guard)
      if (still.length === 0) context.log.info('log.gate-opened', { space })
      return still.length === 0
    },
    async ensure(signed) {
      if (closed) throw new Error('the log is closed: nothing is signed any more')
      await (await getGuard()).ensure(signed)
    },
    handOver: async (signed) => (await getGuard()).handOver(signed),
    async left(space) {
      ;(await getGuard()).forget(space)
      for (let at = reminded.length - 1; at >= 0; at -= 1) if (reminded[at]?.space === space) reminded.splice(at, 1)
      await this.recheck(space)
    },
    async acceptRollback() {
      reminded.splice(0)
      const heads = await readHeads(context.db)
      const guard = await getGuard()
      await guard.rewrite(heads.filter((head) => head.size > 0))
      await guard.doubt([])
      context.log.warn('log.rollback-accepted', { spaces: heads.length })
      blocked = []
      opened = true
      return report()
    },
    async close() {
      opened = false
      closed = true
      const guard = await opening
      opening = undefined
      await guard?.close()
    },
  }
}

type Claim = Signed & { by: string; isLast?: boolean }

/** `isCovered`: a guard was there, so members need not answer. */
async function findBlocked(
  context: GateContext,
  claims: readonly Claim[],
  { space, isCovered }: { space?: string; isCovered(space: string): boolean },
): Promise<Blocked[]> {
  const isMeant = (one: { space: string }) => space === undefined || one.space === space
  const heads = await readHeads(context.db, space)
  const byGuard = await blockedBy(context.db, claims.filter(isMeant), heads)
  const hosted = heads.filter((head) => head.hosted && head.size > 0)
  const shut = new Set(byGuard.map((one) => one.space))
  const alone = await readAlone(context.db, space)
  const rest = hosted.filter((head) => !shut.has(head.space))
  const [ours, shared] = [rest.filter((head) => alone.has(head.space)), rest.filter((head) => !alone.has(head.space))]
  const unguarded = ours.filter((head) => !isCovered(head.space))
  const found: Blocked[] = [...byGuard, ...unguarded.map(({ space: id, size }) => noGuard(id, size))]
  for (let at = 0; at < shared.length; at += askedAtOnce) {
    const some = shared.slice(at, at + askedAtOnce)
    const asked = some.map((head) => blockedByMembers(context, head, isCovered(head.space)))
    found.push(...(await Promise.all(asked)).flat())
  }
  return found
}

/** Spaces in which there is nobody to ask: the host alone, by all that is on record. Registers are held by every peer. */
async function readAlone(db: Db, space?: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('log.space as s')
    .innerJoin('view.cursor as c', (join) => join.onRef('c.space', '=', 's.space').onRef('c.size', '=', 's.size'))
    .where('s.hosted', '=', true)
    .where('s.kind', '<>', 'register')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('view.member as m')
            .select('m.party')
            .whereRef('m.space', '=', 's.space')
            .whereRef('m.party', '<>', 's.host')
            .where('m.until', 'is', null),
        ),
      ),
    )
    .$if(space !== undefined, (q) => q.where('s.space', '=', space as string))
    .select('s.space')
    .execute()
  return new Set(rows.map((row) => row.space))
}

/** What members hold speaks first; without guard files their majority has to answer at all. */
async function blockedByMembers(context: GateContext, head: Head, guarded: boolean): Promise<Blocked[]> {
  const answers = await ask(context.askMembers, head.space)
  if (answers.length === 0 && guarded) return []
  // Another process may have gone on while they were asked.
  const now = await readHeads(context.db, head.space)
  const against = await blockedBy(
    context.db,
    answers.map((one) => ({ space: head.space, size: one.size, root: one.root, by: one.party })),
    now,
  )
  if (against.length > 0 || guarded) return against
  const { others } = await context.db
    .selectFrom('view.member')
    .where('space', '=', head.space)
    .where('until', 'is', null)
    .select((q) => q.fn.countAll<number>().as('others'))
    .executeTakeFirstOrThrow()
  const enough = answers.length * 2 > others - 1 && answers.length > 0
  return enough ? [] : [noGuard(head.space, head.size)]
}

const noGuard = (space: string, size: number): Blocked => ({ space, reason: 'no-guard', size })

/** Spaces whose members are asked together: what a start holds in memory does not grow with their number. */
const askedAtOnce = 64
const answerWithinMs = 2000

async function ask(askMembers: AskMembers | undefined, space: string): ReturnType<AskMembers> {
  if (!askMembers) return []
  const late = AbortSignal.timeout(answerWithinMs)
  const silence = new Promise<[]>((done) => late.addEventListener('abort', () => done([])))
  return Promise.race([askMembers(space).catch(() => []), silence])
}

/** Those of the claims that exceed or contradict the database: newest first per space. */
async function blockedBy(db: Db, claims: readonly Claim[], heads: readonly Head[]): Promise<Blocked[]> {
  const bySpace = new Map(heads.map((head) => [head.space, head]))
  const found: Blocked[] = []
  for (let at = 0; at < claims.length; at += claimsAtOnce) {
    const some = claims.slice(at, at + claimsAtOnce)
    const roots = await rootsAt(db, some)
    for (const claim of some) {
      const reason = against(claim, bySpace.get(claim.space), roots.get(`${claim.space} ${claim.size}`))
      // Signed of a record that was left for the one of another host.
      if (!reason || (claim.size > 0 && (await wasLeft(db, claim)))) continue
      const size = bySpace.get(claim.space)?.size ?? 0
      found.push({ space: claim.space, size, seen: claim.size, by: claim.by, reason })
    }
  }
  return found
}

/** However many spaces there are, so many are looked at together. */
const claimsAtOnce = 256

function against(claim: Claim, head: Head | undefined, root: string | undefined): 'ahead' | 'contradicts' | undefined {
  const size = head?.size ?? 0
  // The record goes on elsewhere: whoever would host it from this database is behind.
  if (claim.isLast && head?.hosted && size <= claim.size) return 'ahead'
  if (claim.size > size) return 'ahead'
  return claim.size > 0 && root !== claim.root ? 'contradicts' : undefined
}

/** base64url roots by space and size. */
async function rootsAt(db: Db, claims: readonly Claim[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ space: string; idx: number; root: Uint8Array }>`
    select e.space, e.idx, e.root from unnest(
      ${texts(claims.map(({ space }) => space))}, ${integers(claims.map(({ size }) => size - 1))}) as w (space, idx)
    join log.entry e on e.space = w.space and e.idx = w.idx`.execute(db)
  return new Map(rows.map((row) => [`${row.space} ${row.idx + 1}`, toBase64url(row.root)]))
}

type Head = Signed & { hosted: boolean }

async function readHeads(db: Db, space?: string): Promise<Head[]> {
  const all = db.selectFrom('log.space').select(['space', 'size', 'root', 'hosted'])
  const rows = await (space === undefined ? all : all.where('space', '=', space)).execute()
  return rows.map((row) => ({ ...row, root: toBase64url(row.root) }))
}
