import { z } from 'zod'
import { readClassification } from '../../core/auth/index.ts'
import { InvalidInput, parseInput, Refusal } from '../../core/http/index.ts'
import {
  classOf,
  declassified,
  mayLeave,
  narrowest,
  originatorControl,
  readClasses,
  tlpRank,
} from '../../core/markings/index.ts'
import type { Attachment, Composer, Draft, Json, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { partyName } from '../../core/module/fields.ts'
import { footingOf } from '../../core/release/index.ts'
import { type Marking, papLabels, tlpLabels } from '../../protocol/index.ts'
import { readBundle } from '../exchange/index.ts'
import { filesFields, takeFiles } from '../files/index.ts'
import { draftHolder } from './files/draft-holder.ts'
import { readerOf } from './show-acts.ts'

/** Fields every form of an act has beside its composer's own. */
export const sharedFields = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  office: z.string().max(64).optional(),
  tlp: z.enum(tlpLabels).default('AMBER'),
  pap: z.enum(papLabels).optional(),
  orcon: z.literal('yes').optional(),
  audience: z.array(partyName).max(64).optional(),
  /** Level of the own ladder; a class of another ladder is written whole. */
  class: z.string().max(64).optional(),
  groups: z.array(z.string().max(64)).max(64).optional(),
  declassifyOn: z.union([z.literal(''), z.iso.date()]).optional(),
  declassifyEvent: z
    .string()
    .trim()
    .max(50)
    .regex(/^[ !#-[\]-~]*$/, 'spaces.invalid.plain-letters')
    .optional(),
  ...filesFields,
  /** Where to go once it is saved. */
  next: z.literal('files').optional(),
})
type SharedFields = z.infer<typeof sharedFields>
const sharedNames = new Set(Object.keys(sharedFields.shape))

/** One line of the box "Leaves" or "Stays home". */
export interface Carried {
  what: string
  count: number
  why?: string
}

/** What a draft of this room keeps beside what is signed: the form again, and the two boxes of the review. */
export interface DraftForm {
  values: Record<string, Json>
  leaves: Carried[]
  stays: Carried[]
}

const carried = z.array(z.object({ what: z.string(), count: z.number(), why: z.string().optional() }))
const draftForm = z.object({
  values: z.record(z.string(), z.unknown()),
  leaves: carried.default([]),
  stays: carried.default([]),
})

/** The form a draft was made with; drafts other rooms made by themselves have none. */
export function formOfDraft(draft: Draft): DraftForm | undefined {
  const read = draftForm.safeParse(draft.form)
  return read.success ? (read.data as DraftForm) : undefined
}

/** @throws Refusal `not-found` if no module writes such acts here. */
export async function getComposer(services: Services, viewer: Viewer, space: SpaceFacts, type = ''): Promise<Composer> {
  const composer = services.modules.flatMap((module) => module.composers ?? []).find((one) => one.type === type)
  if (!composer) throw new Refusal('not-found')
  if (!(await composer.mayStart(services, viewer, space))) throw new Refusal('not-permitted')
  return composer
}

/** Everything this person can write in this space. */
export async function listComposers(services: Services, viewer: Viewer, space: SpaceFacts): Promise<Composer[]> {
  const all = services.modules.flatMap((module) => module.composers ?? [])
  const may = await Promise.all(all.map((one) => one.mayStart(services, viewer, space)))
  return all.filter((one, index) => may[index] && !one.begunAtAct)
}

/** Asks every room whether this may be said here: when it is saved, and again before anybody releases it. */
export async function checkDraft(
  services: Services,
  viewer: Viewer,
  draft: { space: SpaceFacts; type: string; body: Json; text?: Json | undefined; id?: string },
): Promise<void> {
  for (const module of services.modules) await module.checkDraft?.(services, viewer, draft)
}

/** Lines of members that are there come within a second; whoever is away is waited for at the review. */
const footingWaitMs = 1_000

/**
 * Saves what was typed as a draft: what will be signed, and the form to show again.
 *
 * @throws InvalidInput for wrong fields; Refusal of the composer, with `field` where one is to blame.
 */
export async function saveComposed(
  services: Services,
  viewer: Viewer,
  { space, composer, values }: { space: SpaceFacts; composer: Composer; values: Record<string, unknown> },
): Promise<Draft> {
  const shared = parseInput(
    sharedFields,
    only(values, (name) => sharedNames.has(name)),
  )
  const own = only(values, (name) => !sharedNames.has(name))
  const input = parseInput(composer.input, own)
  const marking = await markingOf(services, viewer, shared)
  const office = shared.office ?? viewer.office.id
  const composed = await composer.compose(services, viewer, space, input, { id: shared.id, marking, office })
  await checkDraft(services, viewer, { space, type: composer.type, body: composed.body, text: composed.text })
  const wanted = { space: space.id, type: composer.type, body: composed.body }
  const footing = await footingOf(services, wanted, footingWaitMs)
  // No file field filled again keeps the files the draft has.
  const attachments =
    composed.attachments?.length || !(await services.drafts.find(shared.id)) ? (composed.attachments ?? []) : undefined
  const form: DraftForm = {
    values: JSON.parse(JSON.stringify(withoutFiles(values))),
    leaves: attachments ? countLeaving(attachments) : [],
    stays: composed.stays ?? [],
  }
  const saved = await services.drafts.save(viewer, {
    id: shared.id,
    space: space.id,
    type: composer.type,
    office,
    body: footing?.body ?? composed.body,
    text: composed.text,
    attachments,
    marking: narrowest([
      marking,
      ...(composed.carried ? [composed.carried] : []),
      ...(attachments ?? []).map((one) => ({ tlp: one.marking.tlp, class: one.marking.class })),
    ]),
    refs: composed.refs,
    form: form as unknown as Json,
  })
  const holder = draftHolder({ services, viewer }, saved.id)
  const isFilled = await composed.fill?.()
  if (isFilled) await holder.changed({ what: 'added', count: 1 })
  await takeFiles({ services, viewer }, holder, shared)
  return ((isFilled || shared.files?.length) && (await services.drafts.find(saved.id))) || saved
}

/** What the person chose; nobody marks above what they may see themselves, nor above what this node may hold. */
async function markingOf(services: Services, viewer: Viewer, shared: SharedFields): Promise<Marking> {
  const { tlp, pap, orcon } = shared
  if (tlpRank(tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('tlp', 'spaces.invalid.above-ceiling')
  const ofClass = shared.class && (readClasses(shared.class) ? shared.class : classOf(services.party, shared.class))
  const caveats = [...(orcon ? [originatorControl] : []), ...(ofClass ? endingOf(shared) : [])]
  const audience = await audienceOf(services, shared)
  const marking: Marking = {
    tlp,
    ...(pap && { pap }),
    ...(ofClass && { class: ofClass }),
    ...(caveats.length > 0 && { caveats }),
    ...(audience.length > 0 && { audience }),
  }
  const leave = mayLeave(marking, { exit: 'page', reader: readerOf(services, viewer) })
  if (!leave.allowed)
    throw leave.reason === 'class'
      ? InvalidInput.at('class', 'spaces.invalid.above-clearance')
      : InvalidInput.at('tlp', 'spaces.invalid.above-ceiling')
  return marking
}

function endingOf({ declassifyOn, declassifyEvent }: SharedFields): string[] {
  return [
    ...(declassifyOn ? [declassified({ date: declassifyOn })] : []),
    ...(declassifyEvent ? [declassified({ event: declassifyEvent })] : []),
  ]
}

/** Parties by name and by group: a marking names parties, since a group may change later. */
async function audienceOf({ db }: Services, { audience = [], groups = [] }: SharedFields): Promise<string[]> {
  if (groups.length === 0) return [...new Set(audience)].sort()
  const rules = await readClassification(db)
  const named = rules.groups.filter(({ id }) => groups.includes(id)).flatMap(({ parties }) => parties)
  return [...new Set([...audience, ...named])].sort()
}

/** Objects of STIX bundles by label, other files one by one. */
function countLeaving(attachments: readonly Attachment[]): Carried[] {
  return attachments.flatMap((one): Carried[] => {
    if (!one.media.startsWith('application/stix+json')) return []
    try {
      const objects = readBundle(one.content, one.marking.tlp).objects.filter(
        (object) => object.type !== 'marking-definition',
      )
      return [...Map.groupBy(objects, (object) => object.tlp)].map(([tlp, group]) => ({
        what: `TLP:${tlp}`,
        count: group.length,
      }))
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  })
}

const only = (values: Record<string, unknown>, keep: (name: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => keep(name)))

/** Files cannot be put back into a form; their names would only mislead. */
export function withoutFiles(values: Record<string, unknown>): Record<string, unknown> {
  const isFile = (value: unknown) => typeof value === 'object' && value !== null && 'content' in value
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => !isFile(value) && !(Array.isArray(value) && value.some(isFile))),
  )
}
