import type { Json, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { contactComposer } from '../composers/contact-composers.tsx'
import { idOf } from '../id-of.ts'
import { readHoursText } from './hours-text.ts'
import type { Listed } from './listed-contact.ts'
import type { PlannedEntry } from './plan-import.ts'

/** What a nomination needs that a list does not have to say. */
export interface Missing {
  zone: string
  language: string
}

/**
 * Drafts of nominations of our own contacts, to be reviewed and sent as any other; returns how many. The same list
 * kept again saves the same drafts.
 */
export async function draftNominations(
  services: Services,
  viewer: Viewer,
  {
    id,
    space,
    entries,
    missing,
  }: { id: string; space: SpaceFacts; entries: readonly PlannedEntry[]; missing: Missing },
): Promise<number> {
  for (const entry of entries) {
    const draft = idOf(`${id} ${entry.entry}`)
    if (await services.drafts.find(draft)) continue
    const values = valuesOf(entry.contact, entry.own?.contact ?? idOf(`${id} ${entry.entry} contact`), missing)
    const marking = { tlp: 'AMBER' as const }
    const input = contactComposer.input.parse(values)
    const { body, text } = await contactComposer.compose(services, viewer, space, input, { id: draft, marking })
    const form = { values: { ...values, tlp: 'AMBER' }, leaves: [], stays: [] } as unknown as Json
    const { type } = contactComposer
    await services.drafts.save(viewer, {
      id: draft,
      space: space.id,
      type,
      office: viewer.office.id,
      body,
      text,
      marking,
      form,
    })
  }
  return entries.length
}

/** The fields of the form, as if they had been typed. */
function valuesOf(listed: Listed, contact: string, missing: Missing): Record<string, unknown> {
  const { kind = 'technical', post, name, email, zone = missing.zone, languages = missing.language } = listed
  const hours = readHoursText(listed.hours ?? 'office') ?? { hours: 'office' }
  const times = (hours.week ?? []).flatMap(({ days, from, until }) =>
    days.flatMap((day) => [
      [`from_${day}`, from],
      [`until_${day}`, until],
    ]),
  )
  const { institution, style, telephone, emergency, key, instrument, valid_from, valid_until } = listed
  const said = { name, institution, style, telephone, emergency, email, key, instrument, valid_from, valid_until }
  return {
    contact,
    kind,
    entry: name === undefined ? 'role' : 'person',
    post: post ?? name ?? email ?? '',
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
    zone,
    languages: languages.split(' '),
    hours: hours.hours,
    ...Object.fromEntries(times),
  }
}
