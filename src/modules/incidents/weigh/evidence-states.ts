import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { beyondSight, inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** What became of an item of evidence, without a word of it. */
export interface EvidenceState {
  /** Where it stands: a split may have taken it to another. */
  incident: string
  tlp: Tlp
  withdrawnAt?: number
  /** It lies in a compartment, with readers of its own. */
  isClosed: boolean
  /** Admiralty, both parts. */
  grade: string
  wordsHash: string
  /** Marks by hypothesis, where they are compared. */
  marks?: Record<string, string>
}

/** Hex SHA-256 of the words of an item read as `e`. */
export const wordsHash = sql<string>`encode(sha256(convert_to(e.words, 'UTF8')), 'hex')`

/**
 * How named items stand now, for records that rest on them: also of items whose words this person may not see, because
 * the record they can see already named them. At an `exit` it is asked of all: whoever releases words that name an item
 * need not know of the incident.
 */
export async function readEvidenceStates(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer | 'exit',
  evidence: readonly string[],
): Promise<Map<string, EvidenceState>> {
  if (evidence.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('home.incidents_evidence as e')
    .select(['e.id', 'e.incident', 'e.tlp', 'e.withdrawn_at', 'e.compartment', 'e.reliability', 'e.credibility'])
    .select(wordsHash.as('words_hash'))
    .where(sql<boolean>`e.id = any(${texts([...evidence])})`)
    .where(
      viewer === 'exit'
        ? beyondSight('what must not leave is asked of all; only that words stay is told')
        : inSight(services, viewer),
    )
    .execute()
  return new Map(
    rows.map(({ id, incident, tlp, withdrawn_at: withdrawnAt, compartment, reliability, credibility, words_hash }) => [
      id,
      {
        ...{
          incident,
          tlp,
          isClosed: compartment !== null,
          grade: `${reliability}${credibility}`,
          wordsHash: words_hash,
        },
        ...(withdrawnAt !== null && { withdrawnAt }),
      },
    ]),
  )
}
