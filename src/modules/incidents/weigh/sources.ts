import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** Who a source is: for whoever handles it and the deputy they named, and for nobody else of the house. */
export interface KnownSource {
  identity: string
  handler: string
  deputy?: string
}

/** Sources of an incident that this person handles or stands in for, by evidence. */
export async function listSources(
  services: Services,
  viewer: Viewer,
  incident: string,
): Promise<Map<string, KnownSource>> {
  const rows = await services.db
    .selectFrom('home.incidents_source as s')
    .innerJoin('home.incidents_evidence as e', 'e.id', 's.evidence')
    .selectAll('s')
    .where('e.incident', '=', incident)
    .where((eb) => eb.or([eb('s.handler', '=', viewer.person.id), eb('s.deputy', '=', viewer.person.id)]))
    .where(inSight(services, viewer, 'e.incident'))
    .where(inCompartment(services, viewer, 'e'))
    .execute()
  return new Map(
    rows.map(({ evidence, identity, handler, deputy }) => [
      evidence,
      { identity, handler, ...(deputy !== null && { deputy }) },
    ]),
  )
}

/** Keeps who a source is, with the evidence it gave; whoever writes it handles it. */
export async function keepSource(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { evidence, identity, deputy }: { evidence: string; identity: string; deputy?: string },
): Promise<void> {
  if (deputy !== undefined && !(await services.people.find(deputy)))
    throw new Refusal('incidents.nobody-such', { field: 'deputy' })
  await tx
    .insertInto('home.incidents_source')
    .values({ evidence, identity, handler: viewer.person.id, deputy: deputy ?? null, at: services.clock.now() })
    .onConflict((conflict) => conflict.column('evidence').doNothing())
    .execute()
}
