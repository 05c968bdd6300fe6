import { sql } from 'kysely'
import { enoughOf, limits, splitNote, withLines } from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import type { Db } from '../storage/types.ts'
import { readSizes, reachOf } from './reach.ts'
import { type Ground, memberOfKey, readGround } from './space-policy.ts'
import type { CosignedCheckpoint, Level } from './types.ts'
import './tables.ts'

export interface SettlingContext {
  db: Db
  ledger: LogLedger
  clock: ClockSource
}

/**
 * Writes down how far a space has come, and the checkpoint that proves it where one holds all lines.
 * What was written stays: a policy that asks for more later takes nothing back. Returns whether something advanced.
 */
export async function settleFinality(context: SettlingContext, space: string): Promise<boolean> {
  const ground = await readGround(context, space)
  if (!ground || ground.head.frozen || ground.head.kind === 'register') return false
  const [sizes, known] = await Promise.all([
    readSizes(context.db, ground, ground.set.policy),
    readKnown(context.db, ground),
  ])
  const reach = reachOf(ground, sizes)
  const isNew = (level: Level) => reach[level] > (known.get(level)?.size ?? 0)
  const lacksNote = (level: Level) => reach[level] === ground.head.size && known.get(level)?.hasNote !== true
  const due = levels.filter((level) => reach[level] > 0 && (isNew(level) || lacksNote(level)))
  if (due.length === 0) return false
  await write(
    context,
    ground,
    due.map((level) => ({ level, size: reach[level] })),
  )
  return due.some(isNew)
}

const levels: readonly Level[] = ['witnessed', 'confirmed-by-all']

/** How far each level is written down, and whether with the checkpoint of the newest size. */
async function readKnown(
  db: Db,
  { head: { space, size } }: Ground,
): Promise<Map<string, { size: number; hasNote: boolean }>> {
  const { rows } = await sql<{ level: string; size: number; hasNote: boolean }>`
    select l.level,
      coalesce((select max(f.size) from log.finality f where f.space = ${space} and f.level = l.level), 0) as size,
      exists (select from log.finality f where f.space = ${space} and f.level = l.level
        and f.size = ${size} and f.note is not null) as "hasNote"
    from unnest(${[...levels]}::text[]) as l (level)`.execute(db)
  return new Map(rows.map((row) => [row.level, row]))
}

/** Lines on older checkpoints count for the level, but only one checkpoint with all of them can be handed on. */
async function write(
  { db, ledger, clock }: SettlingContext,
  ground: Ground,
  due: readonly { level: Level; size: number }[],
): Promise<void> {
  const { space, size: newest } = ground.head
  const cosigned = due.some(({ size }) => size === newest) ? await ledger.cosigned(space) : undefined
  const at = clock.now()
  const rows = due.map(({ level, size }) => {
    const proof = cosigned && size === newest ? chooseLines(ground, level, cosigned) : undefined
    const fits = proof && Number(proof.checkpoint.split('\n')[1]) === size ? proof : undefined
    return { space, level, size, at, note: fits?.checkpoint ?? null, apart: fits?.lines?.join('') ?? null }
  })
  await db
    .insertInto('log.finality')
    .values(rows)
    .onConflict((there) =>
      there
        .columns(['space', 'level', 'size'])
        .doUpdateSet((q) => ({ note: q.ref('excluded.note'), apart: q.ref('excluded.apart') }))
        .where('log.finality.note', 'is', null)
        .where((q) => q(q.ref('excluded.note'), 'is not', null)),
    )
    .execute()
}

/** The host's line and the fewest others that meet the level. */
function chooseLines(
  ground: Ground,
  level: Level,
  { note, apart }: { note: string; apart: readonly string[] },
): CosignedCheckpoint | undefined {
  const { body, lines } = splitNote(note)
  const all = [...lines.map((line) => `${line.text}\n`), ...apart]
  const lineOf = (name: string) => all.find((line) => line.startsWith(`— ${name} `) && line.length < 1_000)
  const wanted = level === 'witnessed' ? namesThatMeet(ground, lineOf) : ground.confirming.map(({ party }) => party)
  const chosen = wanted?.map(lineOf)
  const host = lines.find((line) => line.name === ground.head.origin)
  if (!host || !chosen?.every((line) => line !== undefined)) return undefined
  const places = limits.noteLines - 1
  return {
    checkpoint: withLines(`${body}\n${host.text}\n`, chosen.slice(0, places)),
    ...(chosen.length > places ? { lines: chosen.slice(places) } : {}),
  }
}

/** Cosigner names, by which their lines begin. */
function namesThatMeet({ set, members }: Ground, lineOf: (name: string) => string | undefined): string[] | undefined {
  const { policy } = set
  const there = policy.witnesses.filter(({ key }) => lineOf(memberOfKey(members, key)?.party ?? key.name) !== undefined)
  const enough = enoughOf(policy, new Set(there.map(({ name }) => name)))
  return enough?.map((name) => policy.witnesses.find((one) => one.name === name)?.key.name ?? name)
}
