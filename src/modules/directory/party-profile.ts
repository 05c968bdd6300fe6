import { Refusal } from '../../core/http/index.ts'
import { partyName } from '../../core/module/fields.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { PartyRecords, Peer, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { type Contact, listContacts } from './contacts.ts'
import { listTold, type Told } from './lists/told.ts'
import { listRelations, type NotedRelation } from './relation.ts'
import './tables.ts'

/** What a party said of itself in one directory. */
export interface Designation {
  space: string
  /** Of the directory, per language. */
  title: Record<string, string>
  act: string
  /** Leaf time, ms. */
  at: number
  /** Undefined where the reader may not see what the act says. */
  said?: { designation: Record<string, string>; zone: string; languages: string[] }
}

/** A party as this house sees it: its own words, our record of the relation, and where we meet it. */
export interface PartyProfile {
  party: string
  isOurselves: boolean
  designations: Designation[]
  /** Names in its register, as this node has them; empty where we never met it. */
  registered: Record<string, string>
  peer?: Peer
  /** Newest first. */
  relations: NotedRelation[]
  contacts: Contact[]
  /** What others told us of its contacts. */
  told: Told[]
  /** Spaces that both belong to now. */
  shared: SpaceFacts[]
  /** What records of other rooms say of it. */
  records: PartyRecords[]
}

/**
 * One party of those that this node knows of.
 *
 * @throws Refusal `directory-no-such-party` when nothing here names it.
 */
export async function loadPartyProfile(services: Services, viewer: Viewer, party: string): Promise<PartyProfile> {
  if (!partyName.safeParse(party).success) throw new Refusal('directory-no-such-party')
  const [peer, contacts, designations, relations, told, ours, isMember, ofParty] = await Promise.all([
    services.peers.find(party),
    listContacts(services, viewer, party),
    listDesignations(services, viewer, party),
    listRelations(services, party),
    listTold(services, party),
    services.ledger.list({ member: services.party }),
    services.ledger.list({ member: party }).then((spaces) => spaces.length > 0),
    Promise.all(services.modules.map((module) => module.ofParty?.(services, viewer, party))),
  ])
  const isOurselves = party === services.party
  const records = ofParty.filter((one) => one !== undefined)
  const isNoted = relations.length + told.length + records.length > 0
  const isKnown = isOurselves || isMember || peer !== undefined || isNoted
  if (!isKnown && contacts.length + designations.length === 0) throw new Refusal('directory-no-such-party')
  const shared = ours.filter((space) => space.members.some((one) => one.party === party && one.until === undefined))
  return {
    party,
    isOurselves,
    designations,
    registered: isOurselves ? services.partyName : (peer?.name ?? {}),
    peer,
    relations,
    contacts,
    told,
    shared,
    records,
  }
}

/** The newest designation of a party in each directory we hold, newest first. */
async function listDesignations(services: Services, viewer: Viewer, party: string): Promise<Designation[]> {
  const rows = await services.db
    .selectFrom('view.directory_profile')
    .select(['space', 'hash'])
    .where('party', '=', party)
    .limit(100)
    .execute()
  const hashes = rows.map((row) => row.hash)
  const [directories, contents, acts] = await Promise.all([
    services.ledger.list({ among: rows.map((row) => row.space) }),
    revealedContents<NonNullable<Designation['said']>, unknown>(services, viewer, hashes),
    Promise.all(hashes.map((hash) => services.ledger.findAct(hash))),
  ])
  return acts
    .flatMap((act) => {
      const directory = directories.find((space) => space.id === act?.space)
      if (!act || !directory) return []
      const { id: space, title } = directory
      return [{ space, title, act: act.hash, at: act.time, said: contents.get(act.hash)?.body }]
    })
    .toSorted((a, b) => b.at - a.at)
}
