import type { Services, SpaceFacts } from '../../core/module/types.ts'
import { isValidAt, listPromises } from '../directory/index.ts'

/** What on the record can show a measure. */
export type EvidenceKind =
  | 'contact'
  | 'technical-contact'
  | 'check'
  | 'note'
  | 'minutes'
  | 'debate'
  | 'offer'
  | 'channel'

/** An act that shows that something was done; never a person's word that it was. */
export interface Evidence {
  kind: EvidenceKind
  space: string
  hash: string
  author: string
  /** Leaf time, ms. */
  at: number
}

const kindOfType: Readonly<Record<string, EvidenceKind>> = {
  'channels.check-answered': 'check',
  'checks.challenge-answered': 'check',
  'checks.results-published': 'check',
  'channels.note-acknowledged': 'note',
  'channels.minutes-confirmed': 'minutes',
  'forums.statement-made': 'debate',
  'forums.decision-declared': 'debate',
  'channels.offer-accepted': 'offer',
}

/** At most this many acts are looked at, newest first: more than any measure asks for. */
const mostActs = 5_000

/**
 * Acts with effect that show a measure, in spaces of ours of one drill or of none: standing contacts, channels,
 * answered checks, acknowledged notes, confirmed minutes, debate, accepted offers.
 */
export async function listEvidence(
  services: Pick<Services, 'db' | 'ledger' | 'clock' | 'party'>,
  drill?: string,
): Promise<Evidence[]> {
  const spaces = (await services.ledger.list({ member: services.party })).filter((one) => one.drill?.name === drill)
  const ids = spaces.map(({ id }) => id)
  if (ids.length === 0) return []
  const [acts, contacts] = await Promise.all([listActs(services, ids), listStanding(services, new Set(ids))])
  return [...acts, ...contacts]
}

async function listActs({ db }: Pick<Services, 'db'>, spaces: readonly string[]): Promise<Evidence[]> {
  const rows = await db
    .selectFrom('log.entry as e')
    .innerJoin('log.space as s', 's.space', 'e.space')
    .leftJoin('view.without_effect as w', (on) => on.onRef('w.space', '=', 'e.space').onRef('w.idx', '=', 'e.idx'))
    .select(['e.space', 'e.act_hash', 'e.author', 'e.type', 'e.time', 's.kind'])
    .where('e.space', 'in', [...spaces])
    .where('w.idx', 'is', null)
    .where((eb) =>
      eb.or([
        eb('e.type', 'in', Object.keys(kindOfType)),
        eb.and([eb('e.type', '=', 'space.opened'), eb('s.kind', '=', 'channel')]),
      ]),
    )
    .orderBy('e.time', 'desc')
    .limit(mostActs)
    .execute()
  return rows.map((row) => ({
    kind: kindOfType[row.type] ?? 'channel',
    space: row.space,
    hash: row.act_hash,
    author: row.author,
    at: row.time,
  }))
}

/** A contact counts from when its party last said that it is right, as long as it stands. */
async function listStanding(
  services: Pick<Services, 'db' | 'ledger' | 'clock'>,
  spaces: ReadonlySet<string>,
): Promise<Evidence[]> {
  const contacts = await listPromises(services)
  const now = services.clock.now()
  return contacts
    .filter((one) => spaces.has(one.space) && isValidAt(one, now))
    .flatMap((one): Evidence[] => {
      const evidence = {
        space: one.space,
        hash: one.confirmedBy ?? one.hash,
        author: one.party,
        at: one.confirmed,
      }
      const kinds: EvidenceKind[] = one.kind === 'technical' ? ['contact', 'technical-contact'] : ['contact']
      return kinds.map((kind) => ({ kind, ...evidence }))
    })
}

/** Names of the exercises in which we take part: their evidence is looked at apart. */
export const drillsOf = (spaces: readonly SpaceFacts[]): string[] => [
  ...new Set(spaces.flatMap(({ drill }) => (drill ? [drill.name] : []))),
]
