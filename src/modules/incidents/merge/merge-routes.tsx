import { z } from 'zod'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { listIncidents } from '../incident.ts'
import { id, line } from '../input-fields.ts'
import type { Returned } from '../../frame/index.ts'
import { listParticulars } from '../facts/state-particular.ts'
import { listObjects, loadIncident } from '../read/load-incident.ts'
import { listStandingMerges } from './list-merges.ts'
import { mergeIncident, undoMerge } from './merge-incidents.ts'
import { MergePage } from './merge-page.tsx'
import { splitIncident } from './split-incident.ts'

const mergeInput = z.object({ id, into: id, why: line(600) })
const undoInput = z.object({ undoWhy: line(600) })
const chosen = z
  .union([id.transform((one) => [one]), z.array(id).max(500)])
  .optional()
  .transform((ids) => ids ?? [])
const identifier = z.string().min(1).max(300)
const objects = z
  .union([identifier.transform((one) => [one]), z.array(identifier).max(500)])
  .optional()
  .transform((ids) => ids ?? [])
const splitInput = z.object({
  id,
  title: line(200),
  splitWhy: line(600),
  facts: chosen,
  entries: chosen,
  particulars: chosen,
  evidence: chosen,
  objects,
  /** Identifiers or names, one a line. */
  objectsNamed: z.string().max(60_000).optional(),
})

/** Merging an incident into another, taking that back, and splitting one. */
export function mergeRoutes(): Route[] {
  const common = { again: mergePage as Again, permission: 'incidents:manage' as const, evenMerged: true }
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/merge',
      permission: 'incidents:manage',
      summary: 'Forms that merge and split an incident',
      handle: (visit) => mergePage(visit),
    },
    formRoute(
      { ...common, path: 'merge', input: mergeInput, to: '', summary: 'Merge an incident into another' },
      ({ services, viewer, input }, incident) => mergeIncident(services, viewer, incident, input),
    ),
    formRoute(
      { ...common, path: 'merge/undo', input: undoInput, to: '', summary: 'Take a merge back' },
      ({ services, viewer, input }, incident) => undoMerge(services, viewer, incident, input.undoWhy),
    ),
    formRoute(
      { ...common, path: 'split', input: splitInput, to: '', summary: 'Split an incident', evenMerged: false },
      async ({ services, viewer, input }, incident) => {
        const { facts, entries, particulars, evidence, objectsNamed = '' } = input
        const named = objectsNamed.split(/\r?\n/).map((one) => one.trim())
        const rows = { facts, entries, particulars, evidence, objects: [...input.objects, ...named.filter(Boolean)] }
        const made = { id: input.id, title: input.title, why: input.splitWhy, rows }
        return { id: await splitIncident(services, viewer, incident, made) }
      },
    ),
  ]
}

async function mergePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const loaded = await loadIncident(services, viewer, idOf(visit))
  const [others, merged, particulars, { objects }] = await Promise.all([
    listIncidents(services, viewer, { drill: loaded.incident.drill }),
    listStandingMerges(services, viewer),
    listParticulars(services, viewer, loaded.incident.id),
    listObjects(services, viewer, loaded.incident.id, { from: 0 }),
  ])
  const choices = others.filter(
    ({ id: other, state }) => other !== loaded.incident.id && state !== 'closed' && !merged.has(other),
  )
  const into = merged.get(loaded.incident.id)
  return {
    page: (
      <MergePage
        visit={visit}
        loaded={loaded}
        choices={choices}
        particulars={particulars}
        objects={objects.filter(({ type }) => type !== 'relationship' && type !== 'sighting')}
        into={into}
        returned={returned}
      />
    ),
    ...(returned && { status: 422 }),
  }
}
