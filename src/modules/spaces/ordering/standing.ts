import type { z } from 'zod'
import { reveal } from '../../../core/markings/index.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { canonicalBytes, hostChangedBody } from '../../../protocol/index.ts'
import { readerOf } from '../show-acts.ts'
import { hostChanged } from './host-changed-act.ts'

export type HostChange = z.infer<typeof hostChangedBody>

/** One party's word that another is to order the space. */
export interface Voice {
  party: string
  /** Leaf time, or since when members keep it, ms. */
  at: number
  isTendered: boolean
}

/** A party that would order the space, and who says so too. */
export interface HostOffer {
  party: string
  body: HostChange
  /** It has said so itself: nobody is made a host that did not. */
  isOffered: boolean
  voices: Voice[]
}

export interface Ordering {
  host: string
  /** Index of the act that made it the host; 0 from the opening on. */
  since: number
  former: { party: string; from: number }[]
  /** Since when its node does not answer, ms. */
  silentSince?: number
  /** Writing or not: all present members count. */
  members: string[]
  /** How many members have to say the same, where the host does not. */
  needed: number
  offers: HostOffer[]
  /** The party for which our own said so. */
  ours?: string
}

/** Who orders a space, who did, and who is to. */
export async function loadOrdering(services: Services, viewer: Viewer, space: SpaceFacts): Promise<Ordering> {
  const [hosts, peers] = await Promise.all([services.ledger.hosts(space.id), services.peers.list()])
  const since = hosts.at(-1)?.from ?? 0
  const members = space.members.filter(({ until }) => until === undefined).map(({ party }) => party)
  const offers = offersOf(await said(services, viewer, space, since), space.host, members)
  const silentSince = peers.find(({ party }) => party === space.host)?.unreachableSince
  const ours = offers.find(({ voices }) => voices.some(({ party }) => party === services.party))?.party
  return {
    host: space.host,
    since,
    former: hosts.slice(0, -1),
    ...(silentSince !== undefined && { silentSince }),
    members,
    needed: Math.floor(members.length / 2) + 1,
    offers,
    ...(ours !== undefined && { ours }),
  }
}

interface Said extends Voice {
  body: HostChange
}

/** What was said of a next host since the present one is it, on the record and tendered. */
async function said(services: Services, viewer: Viewer, space: SpaceFacts, since: number): Promise<Said[]> {
  const { ledger, tenders } = services
  const recorded = (await ledger.acts(space.id, { types: [hostChanged], limit: 1000 })).filter(
    ({ index }) => index > since,
  )
  const tendered = (await tenders.list(space.id)).filter(
    ({ statement, refused }) => statement.type === hostChanged && !refused,
  )
  const [contents, kept] = await Promise.all([
    revealedContents(
      services,
      viewer,
      recorded.map(({ hash }) => hash),
    ),
    tenders.content(tendered),
  ])
  const one = (party: string, at: number, content: { body?: unknown } | undefined, isTendered: boolean): Said[] => {
    const body = hostChangedBody.safeParse(content?.body)
    return body.success ? [{ party, at, isTendered, body: body.data }] : []
  }
  return [
    ...recorded.flatMap(({ hash, time, statement }) => one(statement.author, time, contents.get(hash), false)),
    ...tendered.flatMap(({ hash, since: at, statement }) => {
      const marked = kept.get(hash)
      const revealed = marked && reveal(marked, readerOf(services, viewer), 'page')
      return one(statement.author, at, revealed?.shown ? revealed.value : undefined, true)
    }),
  ]
}

function offersOf(all: readonly Said[], host: string, members: readonly string[]): HostOffer[] {
  const groups = Map.groupBy(
    all.filter(({ body, party }) => body.host.party !== host && members.includes(party)),
    ({ body }) => Buffer.from(canonicalBytes(body)).toString('utf8'),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const voices = [...new Map(group.map(({ party, at, isTendered }) => [party, { party, at, isTendered }])).values()]
    const { party } = first.body.host
    return [{ party, body: first.body, isOffered: voices.some((one) => one.party === party), voices }]
  })
}
