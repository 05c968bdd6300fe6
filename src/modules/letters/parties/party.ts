import { sql } from 'kysely'
import { Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { sha256 } from '../../../protocol/index.ts'
import { correspondentTerm } from '../../channels/index.ts'
import '../tables.ts'

/** A party without a node, as we know it by our own statement. */
export interface WithoutNode {
  party: string
  /** Space with ourselves alone in which our letters to it stand. */
  space: string
  /** Language → name, as our letters bear it: signed in the title of the space, so it stays. */
  names: Record<string, string>
  email?: string
  /** Language in which we write to it. */
  language: string
  by: string
  at: number
}

/** Parties without a node to which we write, by name of domain. */
export async function listParties({ db }: Pick<Services, 'db'>): Promise<WithoutNode[]> {
  const rows = await db
    .selectFrom('home.letters_party')
    .distinctOn('party')
    .selectAll()
    .orderBy('party')
    .orderBy('number', 'desc')
    .limit(1_000)
    .execute()
  return rows.map((row) => ({
    ...{ party: row.party, space: row.space, names: row.names, language: row.language },
    ...(row.email !== null && { email: row.email }),
    by: row.noted_by_name,
    at: row.noted_at,
  }))
}

export async function findParty(services: Pick<Services, 'db'>, party: string): Promise<WithoutNode | undefined> {
  return (await listParties(services)).find((one) => one.party === party)
}

export async function findPartyOfSpace(
  services: Pick<Services, 'db'>,
  space: string,
): Promise<WithoutNode | undefined> {
  return (await listParties(services)).find((one) => one.space === space)
}

/**
 * Notes a party without a node and opens the space for our letters to it; of one noted before, only address and
 * language change. The same id again changes nothing.
 *
 * @throws Refusal `letters-party-has-node` of a party that we met as a node: it is written to in a space with it
 */
export async function noteParty(
  services: Services,
  viewer: Viewer,
  given: { id: string; party: string; names: Record<string, string>; email?: string; language: string },
): Promise<WithoutNode> {
  const { db, clock, ledger } = services
  if (given.party === services.party) throw new Refusal('letters-party-has-node', { field: 'party' })
  const before = await findParty(services, given.party)
  if (!before && (await services.peers.find(given.party)))
    throw new Refusal('letters-party-has-node', { field: 'party' })
  const names = before?.names ?? given.names
  const space = before?.space ?? spaceId(services.party, given.party)
  await ledger.open({
    ...{ id: space, kind: 'channel', title: names, office: viewer.office.id, members: [] },
    purpose: 'Our letters to a party without a node. It is no member; what it answers is noted at home.',
    terms: { [correspondentTerm]: given.party },
  })
  await db
    .insertInto('home.letters_party')
    .values({
      ...{ id: given.id, party: given.party, space, email: given.email ?? null, language: given.language },
      names: sql`${JSON.stringify(names)}::jsonb`,
      noted_by: viewer.person.id,
      noted_by_name: viewer.person.name,
      noted_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const noted = await findParty(services, given.party)
  if (!noted) throw new Error(`${given.party} was not noted`)
  return noted
}

/** Names for our pages: never for what leaves. */
export async function namesOfParties({ db }: Pick<Services, 'db'>): Promise<Map<string, Record<string, string>>> {
  return new Map((await listParties({ db })).map(({ party, names }) => [party, names]))
}

/** The same for each pair of parties, so that two people at once open one space. */
const spaceId = (from: string, to: string): string =>
  Buffer.from(sha256(new TextEncoder().encode(`letters\n${from}\n${to}`)))
    .toString('hex')
    .slice(0, 32)
