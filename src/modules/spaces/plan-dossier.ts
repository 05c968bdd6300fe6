import { mayLeave } from '../../core/markings/index.ts'
import type { LoggedAct, Services, SpaceFacts } from '../../core/module/types.ts'
import { isGovernance, isParty, type Marking, type Tlp } from '../../protocol/index.ts'
import { publicAudiences } from './acts.ts'
import { consentFor, type Disclosure } from './disclosures.ts'

export interface DossierTerms {
  purpose: string
  /** One of {@link publicAudiences} or a party. */
  audience: string
  /** Narrowest label that may go in. */
  ceiling: Tlp
}

/** Why an act goes in without its content: `tlp`, `audience`, `caveat`, `class`, an embargo, or the state of its author's consent. */
export type StubReason =
  | 'embargo'
  | 'tlp'
  | 'audience'
  | 'caveat'
  | 'class'
  | 'exit'
  | 'not-asked'
  | 'asked'
  | 'refused'

export interface PlannedAct {
  act: LoggedAct
  stub?: StubReason | 'not-selected'
}

export interface PlannedSpace {
  space: SpaceFacts
  acts: PlannedAct[]
}

/** What rooms say of giving acts out: under an embargo, or agreed to be published. */
interface Publication {
  held: ReadonlySet<string>
  open: ReadonlySet<string>
}
const nothingSaid: Publication = { held: new Set(), open: new Set() }

/** True for acts that carry words or files: only these need their author's consent. */
export const hasProse = (act: LoggedAct): boolean => act.statement.parts.some((part) => part.role !== 'body')

/**
 * Which acts go in whole and which as stubs (proof without text). Our own go in if their marking lets them; another
 * party's words only with its consent on record for this very purpose and audience. Bodies that admission depends on
 * always go in: without them nobody could check who was entitled to write.
 */
export function planDossier(
  ourselves: string,
  terms: DossierTerms,
  spaces: readonly { space: SpaceFacts; acts: readonly LoggedAct[] }[],
  disclosures: readonly Disclosure[],
  publication: Publication = nothingSaid,
): PlannedSpace[] {
  return spaces.map(({ space, acts }) => ({
    space,
    acts: acts.map((act) => {
      const stub = isGovernance(act.statement.type)
        ? undefined
        : stubReason(ourselves, terms, act, { disclosures, publication })
      return stub ? { act, stub } : { act }
    }),
  }))
}

function stubReason(
  ourselves: string,
  terms: DossierTerms,
  act: LoggedAct,
  { disclosures, publication }: { disclosures: readonly Disclosure[]; publication: Publication },
): StubReason | undefined {
  if (publication.held.has(act.hash)) return 'embargo'
  const { author, marking } = act.statement
  const isAgreed =
    author === ourselves ||
    (terms.purpose === 'publication' && terms.audience === 'public' && publication.open.has(act.hash))
  const consent = isAgreed ? 'consented' : consentFor(disclosures, { hash: act.hash, author }, terms)
  const shut = shutBy(marking, terms, consent === 'consented')
  if (shut) return shut
  return consent === 'consented' || !hasProse(act) ? undefined : consent
}

/** The marking's own word, at the dossier's exit. */
export function shutBy(marking: Marking, terms: DossierTerms, consented: boolean): StubReason | undefined {
  const leave = mayLeave(marking, { exit: 'dossier', reader: audienceReader(terms), consented })
  return leave.allowed ? undefined : leave.reason
}

/** A party reads for itself; the public gets only what anyone may have. */
export function audienceReader({ audience, ceiling }: DossierTerms) {
  if (audience === 'public') return { ceiling: 'CLEAR' as const }
  const isPublic = (publicAudiences as readonly string[]).includes(audience)
  return isPublic || !isParty(audience) ? { ceiling } : { ceiling, party: audience }
}

/** Spaces that can come along: those under or above this one, and those whose acts refer to each other. */
export async function relatedSpaces(services: Services, space: SpaceFacts): Promise<SpaceFacts[]> {
  const all = await services.ledger.list({ member: services.party })
  return all
    .filter((one) => one.id !== space.id && one.kind !== 'register')
    .toSorted((a, b) => Number(isKin(b, space)) - Number(isKin(a, space)) || b.time - a.time)
}

/** One was opened under an act of the other. */
export const isKin = (one: SpaceFacts, other: SpaceFacts): boolean =>
  one.under?.space === other.id || other.under?.space === one.id
