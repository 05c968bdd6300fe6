import type { Services, Viewer } from '../../../core/module/types.ts'
import { listParticulars } from './state-particular.ts'
import { stretchOf } from './when.ts'

/** When the earliest dated event of an incident began, as far as this person reads it, ms; undefined where none is. */
export async function firstEventAt(services: Services, viewer: Viewer, incident: string): Promise<number | undefined> {
  const particulars = await listParticulars(services, viewer, incident)
  const starts = particulars.flatMap(({ value: { when } }) => {
    const { from } = when ? stretchOf(when) : {}
    return from === undefined ? [] : [from]
  })
  return starts.length === 0 ? undefined : Math.min(...starts)
}
