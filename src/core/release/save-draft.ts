import { isId } from '../../protocol/index.ts'
import type { Json } from '../../protocol/types.ts'
import { Refusal } from '../http/refusal.ts'
import { narrowest } from '../markings/index.ts'
import type { ActDefinition, ActDraft, Draft, SpaceFacts, Viewer } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'
import { approvalOf, contentHash } from './approval.ts'
import type { DraftServices } from './context.ts'
import { requireMarking } from './require-marking.ts'
import {
  type AttachmentFacts,
  annexFacts,
  type DraftRow,
  definitionOf,
  fileFacts,
  findSpace,
  readDraft,
  readersOf,
} from './draft-row.ts'

/** Content without attachments keeps the ones already there; an empty list removes them. */
export type DraftInput = ActDraft & { form: Json }

/**
 * Keeps what was typed. The same content again changes nothing, whatever became of the draft;
 * other content takes the draft back to drafting and voids its clearance.
 *
 * @throws Refusal `not-permitted`, `draft.held` (stop it first), `draft.sent`, `draft.not-here` (kind of space),
 *   `draft.another` (the id belongs to another act), `invalid-input`.
 */
export async function saveDraft(services: DraftServices, viewer: Viewer, input: DraftInput): Promise<Draft> {
  const definition = definitionOf(services, input.type)
  const space = await findSpace(services, input.space)
  requireDrafting(services, viewer, input, definition, space)
  const whole = narrowest([input.marking, ...(input.attachments ?? []).map((one) => one.marking)])
  requireMarking(services, viewer, [input.marking, { ...whole, audience: input.marking.audience }], readersOf(space))
  return services.db.transaction().execute(async (tx) => {
    const existing = await claimDraft(services, tx, viewer, input)
    const attachments = await attachmentsOf(tx, input)
    const marking = narrowest([
      input.marking,
      ...attachments.map(({ marking: { tlp, class: ofClass } }) => ({ tlp, class: ofClass })),
    ])
    const approval = approvalOf({
      ...input,
      marking,
      recipients: readersOf(space),
      attachments,
      refs: input.refs ?? [],
    })
    if (existing.approval === approval && sameJson(existing.form, input.form)) return readDraft(tx, existing)
    requireEditable(existing)
    await storeAttachments(tx, input)
    const saved = await tx
      .updateTable('home.draft')
      .set({
        ...contentOf({ ...input, marking }),
        approval,
        state: 'drafting',
        hands: JSON.stringify([...new Set([...existing.hands, viewer.person.id])]),
        releaser: null,
        hold_until: null,
        updated_at: services.clock.now(),
      })
      .where('id', '=', input.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return readDraft(tx, saved)
  })
}

function requireDrafting(
  services: DraftServices,
  viewer: Viewer,
  input: DraftInput,
  definition: ActDefinition,
  space: SpaceFacts,
): void {
  const isOwnOffice = viewer.offices.some((office) => office.id === input.office)
  const mayWrite = viewer.may(`${input.type}:draft`, input.office) || viewer.may(`${input.type}:send`, input.office)
  if (!isOwnOffice || !mayWrite) throw new Refusal('not-permitted')
  if (!isId(input.id)) throw new Refusal('invalid-input')
  if (!definition.kinds.includes(space.kind)) throw new Refusal('draft.not-here')
  if (!readersOf(space).includes(services.party)) throw new Refusal('draft.not-a-member')
  if (!definition.body.safeParse(input.body).success) throw new Refusal('invalid-input')
  if (definition.text && !definition.text.safeParse(input.text).success) throw new Refusal('invalid-input')
}

// A new draft is stored first and locked, so that two first saves at once become one draft.
async function claimDraft(services: DraftServices, tx: Tx, viewer: Viewer, input: DraftInput): Promise<DraftRow> {
  await tx
    .insertInto('home.draft')
    .values({
      ...contentOf(input),
      id: input.id,
      space: input.space,
      type: input.type,
      approval: '',
      state: 'drafting',
      drafter: viewer.person.id,
      hands: JSON.stringify([viewer.person.id]),
      releaser: null,
      hold_until: null,
      act_hash: null,
      returned_why: null,
      updated_at: services.clock.now(),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const row = await tx
    .selectFrom('home.draft')
    .selectAll()
    .where('id', '=', input.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (row.space !== input.space || row.type !== input.type) throw new Refusal('draft.another')
  return row
}

function requireEditable(row: DraftRow): void {
  if (row.state === 'held') throw new Refusal('draft.held')
  if (row.state === 'sent') throw new Refusal('draft.sent')
  if (row.state === 'discarded') throw new Refusal('draft.discarded')
}

function contentOf(input: DraftInput) {
  return {
    office: input.office,
    body: JSON.stringify(input.body),
    text: input.text === undefined ? null : JSON.stringify(input.text),
    marking: JSON.stringify(input.marking),
    refs: JSON.stringify(input.refs ?? []),
    after: JSON.stringify(input.after ?? []),
    form: JSON.stringify(input.form),
  }
}

async function attachmentsOf(tx: Tx, input: DraftInput): Promise<AttachmentFacts[]> {
  const files = await fileFacts(tx, input.id)
  const annexes = input.attachments?.map(({ name, media, content, marking }) => ({
    name,
    media,
    marking,
    size: content.length,
    hash: contentHash(content),
  }))
  return [...(annexes ?? (await annexFacts(tx, input.id))), ...files]
}

async function storeAttachments(tx: Tx, input: DraftInput): Promise<void> {
  if (input.attachments === undefined) return
  await tx.deleteFrom('home.draft_attachment').where('draft', '=', input.id).execute()
  for (const [position, { name, media, content, marking }] of input.attachments.entries()) {
    await tx
      .insertInto('home.draft_attachment')
      .values({
        draft: input.id,
        position,
        name,
        media,
        marking: JSON.stringify(marking),
        hash: contentHash(content),
        size: content.length,
        content: Buffer.from(content),
      })
      .execute()
  }
}

function sameJson(a: Json, b: Json): boolean {
  // jsonb orders keys by its own rule, so both sides are compared with sorted keys.
  return sorted(a) === sorted(b)
}

function sorted(value: Json): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
