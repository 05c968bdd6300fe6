import codeNames from '../reference/code-names.json' with { type: 'json' }
import { sha256 } from '../../../protocol/index.ts'

/** How many different names {@link codeName} can propose. */
export const codeNameCount = codeNames.first.length * codeNames.second.length

/**
 * A neutral name such as `quiet-bridge`, the same for the same incident id.
 *
 * It says nothing of the matter, the victim or anybody suspected. `attempt` gives another one where it is taken.
 */
export function codeName(incident: string, attempt = 0): string {
  const seed = new DataView(sha256(new TextEncoder().encode(incident)).slice().buffer).getUint32(0)
  const at = (seed + attempt) % codeNameCount
  const first = codeNames.first[at % codeNames.first.length]
  return `${first}-${codeNames.second[Math.floor(at / codeNames.first.length)]}`
}
