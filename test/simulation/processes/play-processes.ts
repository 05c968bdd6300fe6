import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '../../../src/protocol/index.ts'
import { played, type Stage, type StagedAdversary } from '../../adversaries/index.ts'
import { atRest, keptIntents } from '../at-rest.ts'
import { Bystander, findBroken, type Intent, verifiers } from '../oracle.ts'
import type { Outcome } from '../schedule.ts'
import { isShown, judge } from '../verdict.ts'
import { mulberry } from '../virtual-time.ts'
import { launchHouse, type LaunchedHouse, type LaunchedMember } from './launched-house.ts'

const calm = { drop: 0, duplicate: 0, longestDelayMs: 1 }
/** Retries of the shipped program wait up to half a minute. */
const settleMs = 120_000
const schedulesPerHouse = 50

/** Plays seeds on real processes; a seed says what is done when, and the machine how it falls together. */
export async function playOnProcesses(options: {
  seeds: readonly number[]
  /** Ends earlier, after so many ms. */
  withinMs?: number
  only?: string
  told(outcome: Outcome & { tookMs: number }): void
}): Promise<void> {
  const end = performance.now() + (options.withinMs ?? Infinity)
  let house: LaunchedHouse | undefined
  try {
    for (const [n, seed] of options.seeds.entries()) {
      if (performance.now() > end) break
      house ??= await launchHouse()
      const startedAt = performance.now()
      const outcome = await playOne(house, seed, adversaryOf(seed, options.only))
      options.told({ ...outcome, tookMs: Math.round(performance.now() - startedAt) })
      // Whatever went wrong must not spoil the next one.
      if (outcome.broken || (n + 1) % schedulesPerHouse === 0) {
        await house.end()
        house = undefined
      }
    }
  } finally {
    await house?.end()
  }
}

function adversaryOf(seed: number, only: string | undefined): StagedAdversary | undefined {
  if (only !== undefined) return played.find(({ name }) => name === only)
  const turn = (seed * 0x9e3779b1) >>> 0
  return turn % 2 === 0 ? undefined : played[(turn >>> 3) % played.length]
}

async function playOne(house: LaunchedHouse, seed: number, adversary?: StagedAdversary): Promise<Outcome> {
  const name = adversary ? { adversary: adversary.name } : {}
  try {
    return { ...(await playSchedule(house, seed, adversary)), ...name }
  } catch (error) {
    const broken = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { seed, broken, messages: 0, crashes: 0, ...name }
  }
}

/** A handful of acts among kills, cuts and bad weather, from a fresh space on. */
async function playSchedule(house: LaunchedHouse, seed: number, adversary?: StagedAdversary): Promise<Outcome> {
  const random = mulberry(seed * 2654435761)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  // Who may open spaces, by office.
  const host = adversary ? house.nodes[0]! : pick(house.nodes.slice(0, 2))
  const members = house.nodes.filter((node) => node !== host)
  const before = house.wire.messages()
  house.wire.weather(seed, calm)
  const space = await house.openSpace(host)
  const bystander = new Bystander(space)
  house.wire.onSeen((seen) => bystander.hear(seen))
  const intents: Intent[] = []
  const works = new Set<Promise<unknown>>()
  let crashes = 0

  function track(work: Promise<unknown>): void {
    works.add(work)
    const over = () => void works.delete(work)
    work.then(over, over)
  }

  function send(from: LaunchedMember): void {
    if (!from.alive) return
    const id = newId((length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)))
    intents.push({ from: from.party, id })
    track(callForCheck(from, space, id))
  }

  function kill(node: LaunchedMember): void {
    crashes += 1
    const afterMs = random() * 80
    track(pause(afterMs).then(() => (node.alive ? node.kill() : undefined)))
  }

  async function recover(): Promise<void> {
    house.wire.heal()
    house.wire.weather(seed, calm)
    await Promise.all(works)
    await Promise.all(house.nodes.map((node) => node.restart()))
  }

  house.wire.weather(seed, { drop: random() * 0.2, duplicate: random() * 0.2, longestDelayMs: 1 + random() * 100 })
  const steps = 4 + Math.floor(random() * 4)
  const strikeAt = adversary ? Math.floor(random() * steps) : -1
  const stage: Stage = { house, host, members, space, random, send: (from) => send(memberOf(house, from.name)) }
  let struckAt = 0
  try {
    for (let step = 0; step < steps; step += 1) {
      if (step === strikeAt) {
        await recover()
        struckAt = Date.now()
        await adversary?.strike(stage)
      }
      send(pick(house.nodes))
      const dice = random()
      if (dice < 0.2) house.wire.cut(pick(house.nodes).name, pick(house.nodes).name)
      else if (dice < 0.35) house.wire.heal()
      // A dishonest host does not crash: what it would lose is its own affair.
      else if (dice < 0.6) kill(pick(adversary ? members : house.nodes))
      else if (dice < 0.8) for (const node of house.nodes) track(node.restart())
      await pause(random() * 300)
    }
    await recover()
    const outcome = { seed, crashes, messages: house.wire.messages() - before }
    if (!adversary) {
      await house.run(settleMs, () => atRest(house, host, space))
      const facts = { host, space, intents: await keptIntents(house, intents, space), bystander }
      const broken = await findBroken(house, facts)
      return { ...outcome, ...(broken ? { broken } : {}), messages: house.wire.messages() - before }
    }
    for (let turn = 0; turn < 3 && !(await isShown(stage, adversary, members)); turn += 1) {
      for (const node of members) send(node)
      await house.run(10_000, () => isShown(stage, adversary, members))
    }
    await house.run(settleMs, () => isShown(stage, adversary, members))
    const detectedAfterMs = Date.now() - struckAt
    await Promise.all(works)
    const broken = await judge(stage, adversary, members)
    const acceptedBy =
      broken || adversary.evidence === 'nothing' ? {} : { acceptedBy: verifiers.map((one) => one.name) }
    return { ...outcome, ...(broken ? { broken } : { detectedAfterMs }), ...acceptedBy }
  } finally {
    house.wire.door(host.name, undefined)
    await recover()
  }
}

function memberOf(house: LaunchedHouse, name: string): LaunchedMember {
  const found = house.nodes.find((node) => node.name === name)
  if (!found) throw new Error(`no node ${name}`)
  return found
}

/** A small act; whoever is killed meanwhile answers nothing. */
async function callForCheck({ desk }: LaunchedMember, space: string, id: string): Promise<void> {
  const body = new URLSearchParams({ id, within: 'PT1H' })
  const answer = await desk.ask(`/spaces/${space}/checks`, { method: 'POST', body }).catch(() => undefined)
  await answer?.arrayBuffer().catch(() => undefined)
}
