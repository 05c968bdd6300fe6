import { Refusal } from '../../../core/http/refusal.ts'
import { parseInput } from '../../../core/http/index.ts'
import type { Json, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getOpenIncident } from '../incident.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { listShareableItems, type ShareableItem } from './shareable-items.ts'

/** What is moved across, as it was chosen. */
export interface ChosenItems {
  items: readonly string[]
  language: string
  tlp: Tlp
  addressee: string
  subject: string
}

/** @throws Refusal `incidents.item-stays` for one that is not there or may not go as chosen */
export async function requireShareable(
  services: Services,
  viewer: Viewer,
  loaded: LoadedIncident,
  chosen: Pick<ChosenItems, 'items' | 'language' | 'tlp'>,
): Promise<ShareableItem[]> {
  const all = new Map((await listShareableItems(services, viewer, loaded, chosen)).map((one) => [one.key, one]))
  return chosen.items.map((key) => {
    const one = all.get(key)
    if (!one || one.stays) throw new Refusal('incidents.item-stays', { field: 'items' })
    return one
  })
}

/**
 * Writes the chosen lines into a draft of an aide-memoire, each as a paragraph, and notes at home which went into it.
 * Nothing leaves before that draft is released by whoever may.
 */
export async function shareItems(
  services: Services,
  viewer: Viewer,
  { loaded, space, draft, chosen }: { loaded: LoadedIncident; space: SpaceFacts; draft: string; chosen: ChosenItems },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, loaded.incident.id)
  const items = await requireShareable(services, viewer, loaded, chosen)
  await saveDraft(services, viewer, { space, draft, chosen, items })
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.incidents_carried')
      .values(
        items.map(({ kind, id, words }) => ({
          ...{ draft, incident: incident.id, kind, item: id, space: space.id, words },
          ...{ by_person: viewer.person.id, at: services.clock.now() },
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    const facts = { count: items.length, party: chosen.addressee }
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'carried', facts })
  })
  publishChange(services, incident.id)
}

async function saveDraft(
  services: Services,
  viewer: Viewer,
  { space, draft, chosen, items }: { space: SpaceFacts; draft: string; chosen: ChosenItems; items: ShareableItem[] },
): Promise<void> {
  const composer = services.modules
    .flatMap((module) => module.composers ?? [])
    .find(({ type }) => type === 'channels.note-sent')
  if (!composer || !(await composer.mayStart(services, viewer, space))) throw new Refusal('not-permitted')
  const own = {
    ...{ form: 'aide-memoire', purpose: 'inform', addressee: chosen.addressee, language: chosen.language },
    ...{ subject: chosen.subject, text: items.map(({ words }) => words).join('\n\n'), impliesNoAttribution: 'yes' },
  }
  const marking = { tlp: chosen.tlp }
  const office = viewer.office.id
  const composed = await composer.compose(services, viewer, space, parseInput(composer.input, own), {
    ...{ id: draft, marking, office },
  })
  const asked = { space, type: composer.type, body: composed.body, text: composed.text }
  for (const module of services.modules) await module.checkDraft?.(services, viewer, asked)
  await services.drafts.save(viewer, {
    ...{ id: draft, space: space.id, type: composer.type, office, body: composed.body, text: composed.text, marking },
    form: { values: { ...own, id: draft, tlp: chosen.tlp }, leaves: [], stays: [] } as unknown as Json,
  })
}
