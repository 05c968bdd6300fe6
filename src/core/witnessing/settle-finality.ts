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
  const reach = reachOf(ground, await readSizes(context.db, ground, ground.set.policy))
  let advanced = false
  for (const level of ['witnessed', 'confirmed-by-all'] as const) {
    if (reach[level] === 0) continue
    const isNew = await advance(context, space, level, reach[level])
    advanced ||= isNew
    if (reach[level] === ground.head.size) await keepNote(context, ground, level)
  }
  return advanced
}

async function advance({ db, clock }: SettlingContext, space: string, level: Level, size: number): Promise<boolean> {
  const newest = await db
    .selectFrom('log.finality')
    .select((q) => q.fn.max('size').as('size'))
    .where('space', '=', space)
    .where('level', '=', level)
    .executeTakeFirst()
  if ((newest?.size ?? 0) >= size) return false
  await db
    .insertInto('log.finality')
    .values({ space, level, size, at: clock.now(), note: null, apart: null })
    .onConflict((there) => there.doNothing())
    .execute()
  return true
}

/** Lines on older checkpoints count for the level, but only one checkpoint with all of them can be handed on. */
async function keepNote({ db, ledger }: SettlingContext, ground: Ground, level: Level): Promise<void> {
  const { space, size } = ground.head
  const row = await db
    .selectFrom('log.finality')
    .select('size')
    .where('space', '=', space)
    .where('level', '=', level)
    .where('size', '=', size)
    .where('note', 'is', null)
    .executeTakeFirst()
  if (!row) return
  const proof = chooseLines(ground, level, await ledger.cosigned(space))
  if (!proof || Number(proof.checkpoint.split('\n')[1]) !== size) return
  await db
    .updateTable('log.finality')
    .set({ note: proof.checkpoint, apart: proof.lines?.join('') ?? null })
    .where('space', '=', space)
    .where('level', '=', level)
    .where('size', '=', size)
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
