import type { ClockSource } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import type { Db } from '../storage/types.ts'
import { settleFinality } from './settle-finality.ts'
import { readStandings } from './standings.ts'
import type { CosignedCheckpoint, Demanded, Level } from './types.ts'
import './tables.ts'

/**
 * Whether an act has come to a level, with the checkpoint that proves it: what a later act that depends on it carries.
 * Waits up to `waitMs` for lines on their way.
 */
export async function demandLevel(
  context: { db: Db; ledger: LogLedger; clock: ClockSource; nextChange(space: string, ms: number): Promise<void> },
  act: { space: string; index: number },
  level: Level,
  waitMs = 0,
): Promise<Demanded> {
  const end = performance.now() + waitMs
  for (;;) {
    const evidence = await findEvidence(context.db, act, level)
    if (evidence) return { met: true, evidence }
    await settleFinality(context, act.space)
    const settled = await findEvidence(context.db, act, level)
    if (settled) return { met: true, evidence: settled }
    const left = end - performance.now()
    if (left <= 0) return standingNow(context, act, level)
    await context.nextChange(act.space, Math.min(left, 250))
  }
}

async function findEvidence(
  db: Db,
  { space, index }: { space: string; index: number },
  level: Level,
): Promise<CosignedCheckpoint | undefined> {
  const row = await db
    .selectFrom('log.finality')
    .select(['note', 'apart'])
    .where('space', '=', space)
    .where('level', '=', level)
    .where('size', '>', index)
    .where('note', 'is not', null)
    .orderBy('size')
    .limit(1)
    .executeTakeFirst()
  if (!row?.note) return undefined
  const lines = row.apart?.split('\n').filter(Boolean)
  return { checkpoint: row.note, ...(lines ? { lines: lines.map((line) => `${line}\n`) } : {}) }
}

async function standingNow(
  { db, ledger }: { db: Db; ledger: LogLedger },
  { space, index }: { space: string; index: number },
  level: Level,
): Promise<Demanded> {
  const facts = await ledger.find(space)
  if (!facts) return { met: false, missing: [] }
  const { word, missing } = (await readStandings({ db, ledger }, facts, { from: index, to: index }))(index)
  // In a busy space each line may stand on another checkpoint: enough of them, and none that shows it alone.
  const met = word === level || (level === 'witnessed' && word === 'confirmed-by-all' && missing.witnessed.length === 0)
  return met ? { met: true } : { met: false, missing: missing[level] }
}
