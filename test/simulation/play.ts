import { mkdtempSync, rmSync } from 'node:fs'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adversaries } from '../adversaries/index.ts'
import { type House, openHouse } from './house.ts'
import { type Outcome, playSchedule } from './schedule.ts'

export interface Play {
  /** First seed; the following ones are the next numbers. */
  seed: number
  schedules: number
  /** Ends earlier, after so many real ms. */
  withinMs?: number
  /** Share of schedules with a dishonest host, 0 to 1. */
  dishonest?: number
  /** Only this misbehaviour, by name. */
  only?: string
  /** Every misbehaviour once, in their order, then honest schedules. */
  each?: boolean
  told?(outcome: Outcome): void
}

const parties = ['aurelia', 'borovia', 'calenia']
/** Nodes are started anew after so many schedules: what they remember would grow without end. */
const schedulesPerHouse = 100

/** Plays schedules one after another and stops at none: every failing seed is in the result. */
export async function play({
  seed,
  schedules,
  withinMs = Infinity,
  dishonest = 0.5,
  only,
  each = false,
  told,
}: Play): Promise<Outcome[]> {
  const startedAt = process.hrtime.bigint()
  const elapsedMs = () => Number((process.hrtime.bigint() - startedAt) / 1_000_000n)
  const outcomes: Outcome[] = []
  let house: Open | undefined
  try {
    for (let n = 0; n < schedules && elapsedMs() < withinMs; n += 1) {
      if (house && house.played >= schedulesPerHouse) {
        await house.close()
        house = undefined
      }
      house ??= await open(seed + n)
      house.played += 1
      const played = await playOne(
        house.house,
        seed + n,
        each ? adversaries[n] : adversaryOf(seed + n, dishonest, only),
      )
      const outcome = { ...played, from: house.from }
      outcomes.push(outcome)
      told?.(outcome)
      // Whatever went wrong must not spoil the next one.
      if (outcome.broken) {
        await house.close()
        house = undefined
      }
    }
  } finally {
    await house?.close()
  }
  return outcomes
}

/** Chosen by the seed alone, so that a seed says everything. */
function adversaryOf(seed: number, dishonest: number, only: string | undefined) {
  if (only !== undefined) return adversaries.find(({ name }) => name === only)
  const turn = (seed * 0x9e3779b1) >>> 0
  if (turn / 4294967296 >= dishonest) return undefined
  return adversaries[(turn >>> 3) % adversaries.length]
}

async function playOne(house: House, seed: number, adversary: ReturnType<typeof adversaryOf>): Promise<Outcome> {
  try {
    return await playSchedule(house, seed, adversary)
  } catch (error) {
    const broken = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { seed, broken, messages: 0, crashes: 0, ...(adversary ? { adversary: adversary.name } : {}) }
  }
}

interface Open {
  from: number
  house: House
  played: number
  close(): Promise<void>
}

async function open(seed: number): Promise<Open> {
  const memory = '/dev/shm'
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'chancery-simulation-'))
  const house = await openHouse(parties, folder, seed)
  return {
    house,
    from: seed,
    played: 0,
    async close() {
      await house.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
