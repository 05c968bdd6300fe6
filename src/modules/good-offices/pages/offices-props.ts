import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import type { GoodOffices } from '../offices.ts'

export interface OfficesProps {
  visit: Visit
  offices: GoodOffices
}

/** Who ended it and when, for "Ended by Calenia on …". */
export const endedFacts = ({ services, language, viewer }: Visit, { by, at }: { by: string; at: number }) => ({
  party: services.nameOf(by, language),
  time: formatDateTime(at, viewer.person.zone, language),
})
