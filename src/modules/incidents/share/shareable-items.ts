import { mayLeave } from '../../../core/markings/index.ts'
import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { createTranslator } from '../../../text/index.ts'
import { particularWords, toldTime } from '../facts/particular-words.ts'
import { listParticulars } from '../facts/state-particular.ts'
import type { LoadedIncident } from '../read/load-incident.ts'

/** A line of the record at home that could be said to others. */
export interface ShareableItem {
  /** `fact` or `particular`, with its id. */
  key: string
  kind: 'fact' | 'particular'
  id: string
  /** What it is, as the record heads it: `known`, `victim`. */
  heading: string
  /** As the other side would read it, in the language of the letter. */
  words: string
  /** Why it cannot go; it can where nothing stands. */
  stays?: 'marking' | 'compartment' | 'no-consent' | 'market-sensitive'
}

/**
 * Lines of an incident as they would read in a letter of that language and marking, and why some of them stay: they
 * belong to a set with readers of its own, a firm did not agree, or all of the record is marked narrower.
 */
export async function listShareableItems(
  services: Services,
  viewer: Viewer,
  loaded: LoadedIncident,
  { language, tlp }: { language: string; tlp: Tlp },
): Promise<ShareableItem[]> {
  const { incident, facts } = loaded
  const t = createTranslator(language)
  const reading: Pick<Visit, 't' | 'language' | 'viewer' | 'services'> = { t, language, viewer, services }
  const reader = { party: services.party, ceiling: tlp, member: true }
  const leaves = mayLeave({ tlp: incident.marking }, { exit: 'federation', reader }).allowed
  const why = (compartment: string | undefined, held?: 'no-consent' | 'market-sensitive'): ShareableItem['stays'] =>
    compartment !== undefined ? 'compartment' : (held ?? (leaves ? undefined : 'marking'))
  const particulars = await listParticulars(services, viewer, incident.id)
  const items = [
    ...facts.map((one) => ({
      ...{ kind: 'fact' as const, id: one.id, heading: one.state, words: one.words },
      stays: why(one.compartment),
    })),
    ...particulars.map((one) => ({
      ...{ kind: 'particular' as const, id: one.id, heading: one.kind },
      words: [
        ...(one.value.when ? [toldTime(reading, one.value.when)] : []),
        `${t(`particulars.kind.${one.kind}`)}: ${particularWords(reading, one.kind, one.value)}`,
      ].join(' · '),
      stays: why(one.compartment, one.heldBack),
    })),
  ]
  return items.map(({ stays, ...one }) => ({ ...one, key: `${one.kind}-${one.id}`, ...(stays && { stays }) }))
}
