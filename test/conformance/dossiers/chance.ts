import { type Random, seededRandom } from '../../network/case/random.ts'

/** Choices that only a seed decides. */
export class Chance {
  readonly #random: Random

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  /** Whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.#random() * end)
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  of<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('nothing to choose from')
    return list[this.below(list.length)] as T
  }

  some<T>(list: readonly T[], inTimes = 2): T[] {
    return list.filter(() => this.once(inTimes))
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, rank: this.#random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item)
  }
}
