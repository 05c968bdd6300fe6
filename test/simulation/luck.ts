import { mulberry } from './virtual-time.ts'

/** Chances of messages: the n-th message of a kind on one line meets the same fate under the same seed. */
export function createLuck() {
  const counts = new Map<string, number>()
  let seed = 0
  return {
    seed(next: number): void {
      seed = next
      counts.clear()
    },
    /** Five numbers in [0, 1): lost, answer lost, comes twice, way there, way back. */
    of(line: string): readonly [number, number, number, number, number] {
      const n = (counts.get(line) ?? 0) + 1
      counts.set(line, n)
      let hash = seed ^ n
      for (let at = 0; at < line.length; at += 1) hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193)
      const luck = mulberry(hash)
      return [luck(), luck(), luck(), luck(), luck()]
    },
  }
}
