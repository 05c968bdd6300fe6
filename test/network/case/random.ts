/** Numbers in [0, 1) that only a seed decides (mulberry32). */
export type Random = () => number

export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The seed of this run: `CHANCERY_TEST_SEED` plays another one, or again the one a failure named. */
export function testSeed(usual: number): number {
  return Number(process.env.CHANCERY_TEST_SEED ?? usual)
}

/** Fisher–Yates; the list given stays as it is. */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const out = [...list]
  for (let at = out.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[out[at], out[other]] = [out[other]!, out[at]!]
  }
  return out
}
