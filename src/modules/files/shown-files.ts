import type { DraftFile } from '../../core/attachments/index.ts'
import { atHome, mayLeave } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'

/** Whether a file may be shown to this person: its own marking, at the gate. */
export const isShown = (
  { services, viewer }: { services: Services; viewer: Viewer },
  { marking }: Pick<DraftFile, 'marking'>,
): boolean => mayLeave(marking, { exit: 'page', reader: atHome(services, viewer) }).allowed
