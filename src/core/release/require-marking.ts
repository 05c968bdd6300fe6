import { atHome, bindsNow, mayLeave } from '../markings/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Viewer } from '../module/types.ts'
import type { Marking } from '../../protocol/types.ts'

/**
 * Nothing is drafted that its writer may not see, and nothing classified goes where a reader was not named in its
 * release: what another house may hold is never guessed.
 *
 * @throws Refusal `draft.above-ceiling`, `draft.above-clearance`, `draft.not-released-to` with the `field` to blame
 */
export function requireMarking(
  services: { party: string },
  viewer: Viewer,
  markings: readonly Marking[],
  readers: readonly string[],
): void {
  const reader = atHome(services, viewer)
  for (const marking of markings) {
    const leave = mayLeave(marking, { exit: 'page', reader })
    if (!leave.allowed && leave.reason === 'class') throw new Refusal('draft.above-clearance', { field: 'class' })
    if (!leave.allowed) throw new Refusal('draft.above-ceiling', { field: 'tlp' })
    if (!bindsNow(marking, viewer.today)) continue
    const unnamed = readers.filter((party) => party !== services.party && !marking.audience?.includes(party))
    if (unnamed.length > 0)
      throw new Refusal('draft.not-released-to', { field: 'audience', parties: unnamed.join(', ') })
  }
}
