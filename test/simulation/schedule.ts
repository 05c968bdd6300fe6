import { sql } from 'kysely'
import { newId } from '../../src/protocol/index.ts'
import type { Adversary, Scene } from '../adversaries/index.ts'
import { note } from '../support/notes.ts'
import type { House, SimNode } from './house.ts'
import { atRest, keptIntents } from './at-rest.ts'
import { Bystander, findBroken, type Intent, verifiers } from './oracle.ts'
import { isShown, judge } from './verdict.ts'
import { mulberry } from './virtual-time.ts'

export interface Outcome {
  seed: number
  /** First seed of the nodes that played it: from there on it plays the same again. */
  from?: number
  adversary?: string
  /** What is wrong, in words; undefined when all is as it must be. */
  broken?: string
  /** Who accepted the evidence against the dishonest host. */
  acceptedBy?: readonly string[]
  /** Virtual ms from the misbehaviour to the first evidence. */
  detectedAfterMs?: number
  messages: number
  crashes: number
}

const calm = { drop: 0, duplicate: 0, longestDelayMs: 5 }
const settleMs = 240_000

/** Plays the schedule of one seed from a fresh space on; the same seed plays the same. */
export async function playSchedule(house: House, seed: number, adversary?: Adversary): Promise<Outcome> {
  const random = mulberry(seed * 2654435761)
  house.time.seed(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const host = adversary ? (house.nodes[0] as SimNode) : pick(house.nodes)
  const members = house.nodes.filter((node) => node !== host)
  const space = newId((length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)))
  const bystander = new Bystander(space)
  house.wire.onSeen((seen) => bystander.hear(seen))
  house.wire.weather(seed, calm)
  const before = house.wire.messages()
  await openSpace(house, { host, members, space })
  const intents: Intent[] = []
  let crashes = 0

  function send(from: SimNode, text: string): void {
    if (!from.alive) return
    const draft = note(space, text, {
      id: newId((length) => Uint8Array.from({ length }, () => Math.floor(random() * 256))),
    })
    // Only what the author's own transaction has kept is an intention.
    from.now.federation.outbox.send(draft).catch(() => undefined)
    intents.push({ from: from.party, id: draft.id })
  }

  const bad = random() < 0.8
  house.wire.weather(seed, {
    drop: bad ? random() * 0.25 : 0,
    duplicate: bad ? random() * 0.2 : 0,
    longestDelayMs: bad ? Math.ceil(random() * 1_500) : 20,
  })
  const steps = 6 + Math.floor(random() * 14)
  const strikeAt = adversary ? Math.floor(random() * Math.min(steps, 8)) : -1
  const scene: Scene = { house, host, members, space, random, send }
  let struckAt = 0
  try {
    for (let step = 0; step < steps; step += 1) {
      if (step === strikeAt) {
        await recover(house)
        house.wire.weather(seed, calm)
        await house.run(3_000)
        struckAt = house.time.now()
        await adversary?.strike(scene)
      }
      const dice = random()
      if (dice < 0.5) send(pick(house.nodes), `${step}`)
      else if (dice < 0.6) house.wire.cut(pick(house.nodes).name, pick(house.nodes).name)
      else if (dice < 0.68) house.wire.heal()
      // A dishonest host does not crash: what it would lose is its own affair.
      else if (dice < 0.8) {
        const node = pick(adversary ? members : house.nodes)
        if (node.alive) {
          crashes += 1
          if (random() < 0.3) node.crash()
          else node.crashAt({ statements: 1 + Math.floor(random() * 40), when: random() < 0.5 ? 'before' : 'after' })
        }
      } else if (dice < 0.95) {
        for (const node of house.nodes) if (!node.alive && random() < 0.6) await node.restart()
      }
      await house.run(Math.ceil(random() * 1_500))
    }
    await recover(house)
    house.wire.weather(seed, calm)
    const honest = adversary ? members : house.nodes
    const outcome = { seed, ...(adversary ? { adversary: adversary.name } : {}), crashes }
    if (!adversary) {
      await house.run(settleMs, async () => atRest(house, host, space))
      // What waited for its turn at the database is said by now.
      await house.quiet()
      const facts = { host, space, intents: await keptIntents(house, intents, space), bystander }
      const broken = await findBroken(house, facts)
      return { ...outcome, ...(broken ? { broken } : {}), messages: house.wire.messages() - before }
    }
    if (adversary.waitMs) house.time.skipTo(house.time.now() + adversary.waitMs)
    const isDone = () => isShown(scene, adversary, honest)
    // People go on working: in what they say lies what each has seen.
    for (let turn = 0; turn < 3 && !(await isDone()); turn += 1) {
      for (const node of honest) send(node, `after ${turn}`)
      await house.run(20_000, isDone)
    }
    // Members that never have to do with each other speak each 20 s, of one space or register at a time.
    if (!(await isDone())) await house.run(settleMs, isDone)
    const broken = await judge(scene, adversary, honest)
    return {
      ...outcome,
      ...(broken ? { broken } : { detectedAfterMs: house.time.now() - struckAt }),
      ...(broken || adversary.evidence === 'nothing' ? {} : { acceptedBy: verifiers.map(({ name }) => name) }),
      messages: house.wire.messages() - before,
    }
  } finally {
    house.wire.door(host.name, undefined)
    house.endShadows()
    await forget(house, space)
  }
}

async function openSpace(
  house: House,
  { host, members, space }: { host: SimNode; members: readonly SimNode[]; space: string },
): Promise<void> {
  await host.now.ledger.open({
    id: space,
    kind: 'channel',
    title: { en: 'Simulated' },
    purpose: 'communication',
    office: 'cyber-desk',
    members: members.map(({ party }) => ({ party, role: 'member' as const })),
  })
  const here = async () => (await Promise.all(members.map(({ now }) => now.ledger.head(space)))).every(Boolean)
  if (!(await house.run(120_000, here))) throw new Error('the space did not reach its members')
}

async function recover(house: House): Promise<void> {
  house.wire.heal()
  for (const node of house.nodes) await node.restart()
}

const tables = [
  'log.heard',
  'log.conflict',
  'log.cosignature',
  'log.checkpoint',
  'log.node',
  'log.part',
  'log.entry',
  'view.cursor',
  'view.space',
  'view.member',
  'view.without_effect',
  'view.erased_part',
  'view.tender',
  'view.drill_clock',
  'home.outbox',
  'home.upload',
  'home.request',
  'log.space',
]

/** Spaces of past schedules would only make the next ones slower. */
async function forget(house: House, space: string): Promise<void> {
  await recover(house)
  await house.quiet()
  const text = tables.map((table) => `delete from ${table} where space = '${space}'`).join(';')
  await Promise.all(house.nodes.map(({ now }) => sql.raw(text).execute(now.database.db)))
}
