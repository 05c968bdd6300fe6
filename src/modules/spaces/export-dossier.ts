import { Refusal } from '../../core/http/index.ts'
import { publicationOf } from '../../core/module/publication.ts'
import type { Services, SpaceFacts } from '../../core/module/types.ts'
import { allActs, buildDossier } from './build-dossier.ts'
import { listDisclosures } from './disclosures.ts'
import { type DossierTerms, type PlannedSpace, planDossier, relatedSpaces } from './plan-dossier.ts'

export interface DossierAsked extends DossierTerms {
  /** Related spaces that go along. */
  spaces?: string[]
  /** Make it for the public although not every entry is witnessed. */
  unwitnessed?: 'yes'
}

/** How far the entries of a space that goes in are witnessed. */
export interface WitnessedExtent {
  space: SpaceFacts
  /** Entries below this number are. */
  size: number
  /** Whose word is missing for the others. */
  missing: string[]
}

export interface DossierPlan {
  space: SpaceFacts
  terms: DossierTerms
  related: SpaceFacts[]
  chosen: string[]
  planned: PlannedSpace[]
  witnessed: WitnessedExtent[]
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
  const publication = await publicationOf(
    services,
    spaces.flatMap(({ acts }) => acts),
  )
  const planned = planDossier(services.party, terms, spaces, disclosures, publication)
  const witnessed = await Promise.all(planned.map((one) => extentOf(services, one.space)))
  return { space, terms, related, chosen: chosen.map((one) => one.id), planned, witnessed }
}

async function extentOf({ finality }: Services, space: SpaceFacts): Promise<WitnessedExtent> {
  const last = space.size - 1
  const [reach, standings] = await Promise.all([finality.reach(space.id), finality.standings(space, last, last)])
  return { space, size: reach.witnessed, missing: standings(last).missing.witnessed }
}

/** Published to everybody, a dossier should not rest on the host's word alone. */
export const isForPublic = ({ audience }: DossierTerms): boolean => audience === 'public'

/** Entries that nobody but the host has put a name to, as this space asks. */
export const isUnwitnessed = ({ space, size }: WitnessedExtent): boolean => size < space.size

/**
 * The dossier as a file; see {@link buildDossier} for what else it refuses.
 *
 * @param waitMs - How long to wait for lines that are on their way, of a dossier for the public.
 * @throws Refusal `spaces.dossier-not-witnessed` for the public, unless the person goes on without.
 */
export async function exportDossier(services: Services, space: SpaceFacts, asked: DossierAsked, waitMs = 0) {
  const plan = await planExport(services, space, asked)
  if (isForPublic(asked) && asked.unwitnessed !== 'yes') await requireWitnessed(services, plan.witnessed, waitMs)
  return { plan, file: await buildDossier(services, plan.terms, plan.planned) }
}

async function requireWitnessed(
  { finality }: Services,
  extents: readonly WitnessedExtent[],
  waitMs: number,
): Promise<void> {
  for (const { space } of extents.filter(isUnwitnessed)) {
    const said = await finality.demand({ space: space.id, index: space.size - 1 }, 'witnessed', waitMs)
    if (!said.met) throw new Refusal('spaces.dossier-not-witnessed', { missing: said.missing.join(', ') })
  }
}
