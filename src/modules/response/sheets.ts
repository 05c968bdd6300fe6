import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import { getOpenIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { readCatalogue } from './catalogue.ts'
import type { SheetContent } from './types.ts'
import './tables.ts'

export interface Sheet {
  measure: string
  content: SheetContent
  by: string
  at: number
}

/** Degrees of a factor, as people judge it; nothing is computed of them. */
export const degrees = ['low', 'moderate', 'high'] as const
/** What a measure does to human rights and privacy. */
export const rightsEffects = ['none', 'limited', 'breach'] as const
export const escalations = ['low', 'medium', 'high'] as const

/** The newest sheet of each measure. */
export async function readSheets(db: Reader, incident: string): Promise<Map<string, Sheet>> {
  const rows = await db
    .selectFrom('home.response_sheet')
    .selectAll()
    .distinctOn('measure')
    .where('incident', '=', incident)
    .orderBy('measure')
    .orderBy('ordinal', 'desc')
    .execute()
  return new Map(rows.map(({ measure, content, by_person: by, at }) => [measure, { measure, content, by, at }]))
}

/** Writes the sheet of a measure anew; earlier ones are kept. @throws Refusal `response.no-such-measure` */
export async function writeSheet(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, measure, content }: { id: string; measure: string; content: SheetContent },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  if (!readCatalogue(services).measures.some((one) => one.id === measure))
    throw new Refusal('response.measure-not-found')
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.response_sheet')
      .values({
        id,
        incident: incident.id,
        measure,
        content: JSON.stringify(content),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'option-sheet' })
  })
  publishChange(services, incident.id)
}
