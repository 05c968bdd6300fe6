import { faultOf, stretchOf } from '../../incidents/index.ts'
import type { Moment } from '../tables.ts'

/** The instant a sound moment means, ms. */
export const momentOf = (moment: Moment): number => stretchOf({ ...moment, precision: 'minute' }).from ?? Number.NaN

/** What is wrong with a moment as it was typed; undefined where it can be. */
export const momentFault = (moment: Moment): ReturnType<typeof faultOf> => faultOf({ ...moment, precision: 'minute' })
