import type { Fresh } from './engine.ts'

/** Batches kept for one space at most: whoever projects slower than that reads them again. */
const maxKept = 4

/** What was just committed, space by space and in order, until it is projected. */
export class Offers {
  readonly #bySpace = new Map<string, Fresh[]>()

  add(space: string, fresh: Fresh): void {
    const kept = this.#bySpace.get(space) ?? []
    const last = kept.at(-1)
    const follows = last && endOf(last) === fresh.from && kept.length < maxKept
    this.#bySpace.set(space, follows ? [...kept, fresh] : [fresh])
  }

  /** What follows an entry, at most so many. */
  from(space: string, from: number, limit: number): Fresh | undefined {
    const chosen: Fresh[] = []
    let end = from
    for (const fresh of this.#bySpace.get(space) ?? []) {
      if (fresh.from < end) continue
      if (fresh.from > end || endOf(fresh) - from > limit) break
      chosen.push(fresh)
      end = endOf(fresh)
    }
    const [first, ...others] = chosen
    if (!first || others.length === 0) return first
    return {
      from,
      entries: chosen.flatMap(({ entries }) => entries),
      contents: new Map(chosen.flatMap(({ contents }) => [...contents])),
    }
  }

  /** That many entries of the space are projected. */
  done(space: string, size: number): void {
    const left = this.#bySpace.get(space)?.filter((fresh) => fresh.from >= size) ?? []
    if (left.length > 0) this.#bySpace.set(space, left)
    else this.#bySpace.delete(space)
  }

  drop(space: string): void {
    this.#bySpace.delete(space)
  }
}

const endOf = ({ from, entries }: Fresh) => from + entries.length
