import { addStatuses, InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { PartyPage } from './pages/party-page.tsx'
import { RelationPage } from './pages/relation-page.tsx'
import { loadPartyProfile, type PartyProfile } from './party-profile.ts'
import { noteRelation } from './relation.ts'
import { type RelationInput, relationInput, relationOf } from './relation-input.ts'

/** A party as we see it, and what we note of our relation to it. */
export function relationRoutes(services: Services): Route[] {
  addStatuses({ 'directory-no-such-party': 404 })
  return [
    {
      method: 'GET',
      path: '/directory/parties/:party',
      permission: 'directory:read',
      summary: 'A party: what it calls itself, and our relation to it',
      async handle(visit) {
        const profile = await loadPartyProfile(services, visit.viewer, partyOf(visit))
        return visit.wantsJson
          ? { data: dataOf(profile, visit) }
          : { page: <PartyPage visit={visit} profile={profile} mayNote={mayNote(visit, profile)} /> }
      },
    },
    {
      method: 'GET',
      path: '/directory/parties/:party/relation',
      permission: 'directory.relation:manage',
      summary: 'Form for our relation to a party',
      handle: (visit) => showForm(services, visit),
    },
    {
      method: 'POST',
      path: '/directory/parties/:party/relation',
      permission: 'directory.relation:manage',
      input: relationInput,
      summary: 'Note our relation to a party and what we call it; nothing leaves this house',
      handle: (visit) => note(services, visit),
      onInvalid: (visit, errors) => showForm(services, visit, errors),
    },
  ]
}

const partyOf = ({ params }: Pick<Visit<unknown>, 'params'>): string => params.party ?? ''

const mayNote = ({ viewer }: Visit<unknown>, { isOurselves }: PartyProfile): boolean =>
  !isOurselves && viewer.may('directory.relation:manage')

async function loadOther(services: Services, visit: Visit<any>): Promise<PartyProfile> {
  const profile = await loadPartyProfile(services, visit.viewer, partyOf(visit))
  if (profile.isOurselves) throw new Refusal('directory-own-party')
  return profile
}

async function showForm(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const profile = await loadOther(services, visit)
  if (visit.wantsJson) return { data: profile.relations[0] ?? null }
  const peers = await services.peers.list()
  return {
    page: (
      <RelationPage
        visit={visit}
        profile={profile}
        id={newId()}
        powers={peers.map((peer) => peer.party).filter((party) => party !== profile.party)}
        errors={errors}
      />
    ),
    status: errors ? 422 : 200,
  }
}

async function note(services: Services, visit: Visit<RelationInput>): Promise<Answer> {
  const { input, viewer } = visit
  const { party } = await loadOther(services, visit)
  const relation = relationOf(input)
  const today = Temporal.Instant.fromEpochMilliseconds(services.clock.now())
    .toZonedDateTimeISO(viewer.person.zone)
    .toPlainDate()
  if (relation.recalledOn && Temporal.PlainDate.compare(relation.recalledOn, today) > 0)
    throw InvalidInput.at('recalledOn', 'directory.relation.invalid.in-the-future')
  await noteRelation(services, { id: input.id, party, by: viewer.person, relation })
  await services.namesChanged()
  return { redirect: `/directory/parties/${party}`, data: { party, ...relation }, notice: 'directory.relation.noted' }
}

function dataOf(profile: PartyProfile, { services, language }: Visit) {
  const { party, designations, registered, peer, relations, contacts, shared } = profile
  return {
    party,
    shownAs: services.nameOf(party, language),
    designations,
    registered,
    relation: relations[0] ?? null,
    earlier: relations.slice(1),
    contacts,
    shared: shared.map(({ id, kind, title }) => ({ id, kind, title })),
    peer: peer ? { state: peer.state, comparedAt: peer.pinnedAt ?? null } : null,
  }
}
