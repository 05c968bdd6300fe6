import { mayLeave } from '../../core/markings/index.ts'
import type { Marking, Services } from '../../core/module/types.ts'

/** By open e-mail, by a link for a guest, or by hand. */
export type Way = 'mail' | 'guest' | 'hand'

/**
 * Whether a letter of ours so marked may reach a party without a node by this way: TLP:RED is for the hand alone, a
 * class for nobody who is not cleared for it, an audience for whom it names.
 */
export function mayLeaveBy(services: Services, marking: Marking, party: string, way: Way): boolean {
  const today = new Date(services.clock.now()).toISOString().slice(0, 10)
  const reader = { party, ceiling: way === 'hand' ? ('RED' as const) : ('AMBER+STRICT' as const), today }
  return mayLeave(marking, { exit: 'dossier', reader, consented: true }).allowed
}
