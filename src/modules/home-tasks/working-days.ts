import type { WorkingCalendar } from '../../core/clocks/index.ts'
import type { Services } from '../../core/module/types.ts'
import { readTerms } from './terms.ts'

/** Days off of this house as they stand today, for terms that it sets itself. @throws Refusal `dated-data.faulty` */
export const readWorkingDays = (services: Pick<Services, 'settings'>): WorkingCalendar => readTerms(services).content
