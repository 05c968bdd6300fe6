import { parseArgs } from 'node:util'
import { plant } from './plant.ts'

/** One process of a simulation: plays seeds and ends with one line of JSON. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '100' },
    minutes: { type: 'string' },
    only: { type: 'string' },
    plant: { type: 'string' },
    each: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
    'until-broken': { type: 'boolean', default: false },
  },
})

// Before anything of src is loaded.
const bug = values.plant === undefined ? undefined : plant(values.plant)
const { play } = await import('./play.ts')

class Enough extends Error {}

async function playAll() {
  const all = {
    played: 0,
    dishonest: 0,
    messages: 0,
    crashes: 0,
    slowestMs: 0,
    proven: [] as object[],
    failures: [] as object[],
  }
  try {
    await play({
      seed: Number(values.seed),
      schedules: Number(values.schedules),
      ...(values.minutes ? { withinMs: Number(values.minutes) * 60_000 } : {}),
      ...(values.only ? { only: values.only } : {}),
      ...(bug?.only ? { only: bug.only } : {}),
      ...(bug && !bug.only ? { dishonest: 0 } : {}),
      each: values.each,
      told(outcome) {
        all.played += 1
        if (outcome.adversary) all.dishonest += 1
        all.messages += outcome.messages
        all.crashes += outcome.crashes
        all.slowestMs = Math.max(all.slowestMs, outcome.detectedAfterMs ?? 0)
        const { seed, from, adversary, broken, acceptedBy } = outcome
        if (values.each && acceptedBy) all.proven.push({ adversary, acceptedBy })
        if (!broken) return
        all.failures.push({ seed, from, ...(adversary ? { adversary } : {}), broken })
        if (values['until-broken']) throw new Enough()
      },
    })
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  const { proven, ...rest } = all
  return values.each ? all : rest
}

const first = await playAll()
console.log(JSON.stringify(values.twice ? { first, second: await playAll() } : first))
process.exit(0)
