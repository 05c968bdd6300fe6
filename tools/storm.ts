import { parseArgs } from 'node:util'
import { playStorm } from '../test/network/kill-storm.ts'

/** `npm run storm -- --cycles 500 --seed 1`: two real nodes, one of them killed with SIGKILL in each cycle under load. */
const { values } = parseArgs({
  options: { cycles: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
})
const startedAt = Date.now()
const { kills, receipts, acts, broken } = await playStorm({
  cycles: Number(values.cycles),
  seed: Number(values.seed),
  told: (line) => console.log(line),
})
for (const one of broken) console.log(`BROKEN ${one} (seed ${values.seed})`)
console.log(
  `${kills} kills, ${acts} acts, ${receipts} receipts verified on both sides in ${Math.round((Date.now() - startedAt) / 1000)} s: ${broken.length} broken`,
)
process.exitCode = broken.length > 0 ? 1 : 0
