import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Chance } from './chance.ts'
import { compareVerdicts, placeOf } from './compare.ts'
import { GoVerifier } from './go-verifier.ts'
import { growWorld } from './grown-world.ts'
import { makeDossier } from './made-dossier.ts'
import { mutations } from './mutations.ts'

/**
 * `npm run simulate:dossiers -- --valid 10000 --mutated 10000 --seed 1`: dossiers made by chance and spoilt by
 * chance, judged by both verifiers. A disagreement is printed with the seed that makes it again, and ends the run.
 */

const { values } = parseArgs({
  options: {
    valid: { type: 'string', default: '10000' },
    mutated: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
})
const [valid, mutated, seed] = [Number(values.valid), Number(values.mutated), Number(values.seed)]
const go = new GoVerifier()
const rules = new Map<string, number>()
let [entries, accepted, refused, different] = [0, 0, 0, 0]

async function judge(name: string, number: number, dossier: Uint8Array, expected?: 'accepted'): Promise<void> {
  const { ours, theirs, agree } = await compareVerdicts(go, dossier)
  const rule = ours.failure?.rule
  if (rule) rules.set(rule, (rules.get(rule) ?? 0) + 1)
  if (ours.verdict === 'accepted') accepted += 1
  else refused += 1
  entries += ours.spaces.reduce((sum, { size }) => sum + size, 0)
  if (agree && (!expected || ours.verdict === expected)) return
  different += 1
  mkdirSync('dist/differences', { recursive: true })
  const file = `dist/differences/${seed}-${number}.dossier.zip`
  writeFileSync(file, dossier)
  console.log(`DIFFERENT at ${name}, seed ${seed}, number ${number}, kept in ${file}`)
  console.log(`  TypeScript: ${placeOf(ours)}`)
  console.log(`  Go:         ${placeOf(theirs)}`)
}

const started = performance.now()
console.log(`Seed ${seed}: ${valid} valid and ${mutated} mutated dossiers.`)
const kinds = Object.entries(mutations)
let spoilt = 0
for (let number = 0; number < valid && different < 20; number += 1) {
  const chance = new Chance(seed * 65_537 + number)
  const made = makeDossier(chance, growWorld(chance))
  await judge('a valid dossier', number, made.bytes, 'accepted')
  for (const upTo = Math.ceil((mutated * (number + 1)) / valid); spoilt < upTo; spoilt += 1) {
    const [name, spoil] = kinds[spoilt % kinds.length] as (typeof kinds)[number]
    await judge(name, number, spoil(chance, made))
  }
}
await go.close()
const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(
  `${accepted} accepted (${entries} entries), ${refused} refused, ${different} judged differently, ${seconds} s.`,
)
console.log(
  [...rules]
    .sort(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${rule} ${count}`)
    .join(', '),
)
if (different > 0) process.exitCode = 1
