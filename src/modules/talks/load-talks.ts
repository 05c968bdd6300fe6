import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { ActContent, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { listContacts } from '../directory/index.ts'
import type { DelegationText, MeetingText } from './acts.ts'
import { confirmationsOf, minutesOn, partiesOf, saidOf, startOf, stateOf } from './meetings.ts'
import { ownReadOuts } from './read-outs.ts'
import type { MeetingRow } from './tables.ts'

export type Said = Awaited<ReturnType<typeof saidOf>>[number]
export interface Talks {
  space: SpaceFacts
  row: MeetingRow
  state: ReturnType<typeof stateOf>
  text?: MeetingText
  /** Zones in which times are shown: the reader's, that of whoever proposed, those of contacts of the others. */
  zones: string[]
  confirmations: Awaited<ReturnType<typeof confirmationsOf>>
  said: Said[]
  minutes: Awaited<ReturnType<typeof minutesOn>>
  contents: ReadonlyMap<string, ActContent<any, any>>
  own?: Awaited<ReturnType<typeof ownReadOuts>>[number]
}

/** All that the page of one meeting shows, as far as this reader may see it. */
export async function loadTalks(
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
  row: MeetingRow,
): Promise<Talks> {
  const zones = await zonesOf(services, viewer, row)
  const days = [...new Set(zones.map((zone) => dayIn(zone, startOf(row))))]
  const [confirmations, said, minutes, owns] = await Promise.all([
    confirmationsOf(services, row),
    saidOf(services, row),
    minutesOn(services, space.id, days),
    ownReadOuts(services, row.hash),
  ])
  const contents = await revealedContents<any, any>(services, viewer, [
    row.hash,
    ...said.map(({ hash }) => hash),
    ...minutes.map(({ hash }) => hash),
  ])
  const text = contents.get(row.hash)?.text as MeetingText | undefined
  // Written of these talks: whoever may not read the proposal reads no account of them either.
  const own = contents.has(row.hash) ? owns[0] : undefined
  return { space, row, state: stateOf(row), text, zones, confirmations, said, minutes, contents, ...(own && { own }) }
}

async function zonesOf(services: Services, viewer: Viewer, row: MeetingRow): Promise<string[]> {
  const others = partiesOf(row).filter((party) => party !== services.party)
  const contacts = await Promise.all(others.slice(0, 4).map((party) => listContacts(services, viewer, party)))
  return [viewer.person.zone, row.zone, ...contacts.flatMap((list) => list[0]?.zone ?? []), 'UTC']
}

const dayIn = (zone: string, ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString()

/** The newest list of each party counts. */
export function delegationsOf({ said, contents }: Talks) {
  const newest = new Map(said.filter(({ kind }) => kind === 'delegation').map((one) => [one.author, one]))
  return [...newest.values()].map((one) => {
    const content = contents.get(one.hash)
    return {
      party: one.author,
      people: (content?.text as DelegationText | undefined)?.people ?? [],
      declared: content?.body?.declared as Record<'women' | 'men' | 'another' | 'undeclared', number> | undefined,
    }
  })
}
