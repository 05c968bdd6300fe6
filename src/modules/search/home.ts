import { atHome, mayLeave } from '../../core/markings/index.ts'
import type { HomeRecord, Visit } from '../../core/module/types.ts'
import { matchTexts } from '../../core/search/index.ts'
import { askedWords, type SearchInput, soughtFields } from './input.ts'

const mostShown = 25

/** Records of this house that say what was asked, newest first. */
export interface HomeHits {
  records: HomeRecord[]
  more: boolean
}

/**
 * What this person may read of the house's own records. Each module says who reads its records, the gate is asked
 * for each marking; only words are looked for, since records have no reference, party or form as acts do.
 */
export async function findAtHome({ services, viewer }: Visit, input: SearchInput): Promise<HomeHits | undefined> {
  const asked = askedWords(input)
  const isOnlyWords = soughtFields.every((field) => field === 'q' || !input[field])
  if (!asked || !isOnlyWords || input.after || viewer.keeping) return undefined
  const reader = atHome(services, viewer)
  const lists = await Promise.all(services.modules.map((module) => module.homeRecords?.(services, viewer) ?? []))
  const readable = lists.flat().filter(({ marking }) => mayLeave(marking, { exit: 'page', reader }).allowed)
  const places = await matchTexts(
    services.db,
    asked.query,
    readable.map(({ text }) => text),
  )
  const found = places.flatMap((at) => readable[at] ?? []).toSorted((a, b) => b.at - a.at)
  return { records: found.slice(0, mostShown), more: found.length > mostShown }
}
