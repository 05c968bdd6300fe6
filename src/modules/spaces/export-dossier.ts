import type { Services, SpaceFacts } from '../../core/module/types.ts'
import { allActs, buildDossier } from './build-dossier.ts'
import { listDisclosures } from './disclosures.ts'
import { type DossierTerms, type PlannedSpace, planDossier, relatedSpaces } from './plan-dossier.ts'

export interface DossierAsked extends DossierTerms {
  /** Related spaces that go along. */
  spaces?: string[]
}

export interface DossierPlan {
  space: SpaceFacts
  terms: DossierTerms
  related: SpaceFacts[]
  chosen: string[]
  planned: PlannedSpace[]
}

/** What a dossier of this space would hold under these terms, act by act. */
export async function planExport(services: Services, space: SpaceFacts, asked: DossierAsked): Promise<DossierPlan> {
  const related = await relatedSpaces(services, space)
  const chosen = related.filter((one) => asked.spaces?.includes(one.id))
  const spaces = await Promise.all(
    [space, ...chosen].map(async (one) => ({ space: one, acts: await allActs(services, one) })),
  )
  const disclosures = await listDisclosures(
    services.db,
    spaces.map((one) => one.space.id),
  )
  const terms = { purpose: asked.purpose, audience: asked.audience, ceiling: asked.ceiling }
  const planned = planDossier(services.party, terms, spaces, disclosures)
  return { space, terms, related, chosen: chosen.map((one) => one.id), planned }
}

/** The dossier as a file; see {@link buildDossier} for what it refuses. */
export async function exportDossier(services: Services, space: SpaceFacts, asked: DossierAsked) {
  const plan = await planExport(services, space, asked)
  return { plan, file: await buildDossier(services, plan.terms, plan.planned) }
}
