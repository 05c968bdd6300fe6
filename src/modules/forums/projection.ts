import type { z } from 'zod'
import { addDuration } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

const forumKinds = ['forum'] as const

function isChair({ space, statement }: ProjectedAct): boolean {
  return space.members.some((one) => one.party === statement.author && one.role === 'chair' && one.until === undefined)
}

/** Chairs are procedural: substance is for the members. */
function maySpeak({ space, statement }: ProjectedAct): boolean {
  return space.members.some((one) => one.party === statement.author && one.role === 'member' && one.until === undefined)
}

async function projectItem(tx: Tx, act: Of<typeof acts.itemOpenedBody>): Promise<Effect> {
  if (!isChair(act)) return { withoutEffect: 'chair-only' }
  if (await hasItem(tx, act.space.id, act.body.item)) return { withoutEffect: 'item-open-already' }
  await tx
    .insertInto('view.forums_item')
    .values({ space: act.space.id, item: act.body.item, hash: act.hash, idx: act.index })
    .execute()
  return undefined
}

async function hasItem(tx: Tx, space: string, item: string): Promise<boolean> {
  const found = await tx
    .selectFrom('view.forums_item')
    .select('hash')
    .where('space', '=', space)
    .where('item', '=', item)
    .executeTakeFirst()
  return found !== undefined
}

async function projectStatement(tx: Tx, act: Of<typeof acts.statementMadeBody>): Promise<Effect> {
  const { body, space, statement } = act
  if (!maySpeak(act)) return { withoutEffect: 'members-only' }
  if (!(await hasItem(tx, space.id, body.item))) return { withoutEffect: 'no-such-item' }
  if (body.kind !== 'statement') {
    const to =
      body.to === undefined
        ? undefined
        : await tx
            .selectFrom('view.forums_statement')
            .selectAll()
            .where('space', '=', space.id)
            .where('hash', '=', body.to)
            .executeTakeFirst()
    if (!to || to.item !== body.item) return { withoutEffect: 'no-such-statement' }
    if (to.author === statement.author) return { withoutEffect: 'own-statement' }
  }
  await tx
    .insertInto('view.forums_statement')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      item: body.item,
      author: statement.author,
      kind: body.kind,
      to_act: body.to ?? null,
      at: act.scenarioTime,
    })
    .execute()
  return undefined
}

async function projectDraft(tx: Tx, act: Of<typeof acts.draftTabledBody>): Promise<Effect> {
  const { body, space, statement } = act
  if (!maySpeak(act)) return { withoutEffect: 'members-only' }
  if (!(await hasItem(tx, space.id, body.item))) return { withoutEffect: 'no-such-item' }
  if (new Set(body.brackets.map((one) => one.id)).size !== body.brackets.length)
    return { withoutEffect: 'bracket-twice' }
  await tx
    .insertInto('view.forums_draft')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      item: body.item,
      author: statement.author,
      text_hash: body.hash,
      clean_at: body.brackets.length === 0 ? act.scenarioTime : null,
      at: act.scenarioTime,
    })
    .execute()
  if (body.brackets.length > 0)
    await tx
      .insertInto('view.forums_bracket')
      .values(
        body.brackets.map((one) => ({
          space: space.id,
          draft: act.hash,
          bracket: one.id,
          options: one.options,
          resolved_option: null,
          resolved_by: null,
        })),
      )
      .execute()
  await sponsor(tx, act, act.hash)
  return undefined
}

async function sponsor(tx: Tx, act: ProjectedAct, draft: string): Promise<boolean> {
  const inserted = await tx
    .insertInto('view.forums_sponsor')
    .values({ space: act.space.id, draft, party: act.statement.author, hash: act.hash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(inserted.numInsertedOrUpdatedRows ?? 0) === 1
}

async function projectSponsor(tx: Tx, act: Of<typeof acts.sponsorJoinedBody>): Promise<Effect> {
  if (!maySpeak(act)) return { withoutEffect: 'members-only' }
  const draft = await tx
    .selectFrom('view.forums_draft')
    .select('hash')
    .where('space', '=', act.space.id)
    .where('hash', '=', act.body.draft)
    .executeTakeFirst()
  if (!draft) return { withoutEffect: 'no-such-draft' }
  return (await sponsor(tx, act, draft.hash)) ? undefined : { withoutEffect: 'sponsor-already' }
}

async function projectResolution(tx: Tx, act: Of<typeof acts.resolutionProposedBody>): Promise<Effect> {
  const { body, space } = act
  if (!maySpeak(act) && !isChair(act)) return { withoutEffect: 'members-only' }
  const bracket = await findBracket(tx, space.id, body.draft, body.bracket)
  if (!bracket) return { withoutEffect: 'no-such-bracket' }
  if (bracket.resolved_option !== null) return { withoutEffect: 'bracket-resolved' }
  if (body.option >= bracket.options) return { withoutEffect: 'no-such-option' }
  await tx
    .insertInto('view.forums_resolution')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      draft: body.draft,
      bracket: body.bracket,
      option: body.option,
      author: act.statement.author,
    })
    .execute()
  return undefined
}

function findBracket(tx: Tx, space: string, draft: string, bracket: string) {
  return tx
    .selectFrom('view.forums_bracket')
    .selectAll()
    .where('space', '=', space)
    .where('draft', '=', draft)
    .where('bracket', '=', bracket)
    .executeTakeFirst()
}

function findResolution(tx: Tx, space: string, hash: string) {
  return tx
    .selectFrom('view.forums_resolution')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

async function projectSeeking(tx: Tx, act: Of<typeof acts.consensusSoughtBody>): Promise<Effect> {
  if (!isChair(act)) return { withoutEffect: 'chair-only' }
  const proposal = await findResolution(tx, act.space.id, act.body.proposal)
  if (!proposal) return { withoutEffect: 'no-such-proposal' }
  const bracket = await findBracket(tx, act.space.id, proposal.draft, proposal.bracket)
  if (bracket?.resolved_option !== null) return { withoutEffect: 'bracket-resolved' }
  await tx
    .insertInto('view.forums_seeking')
    .values({
      space: act.space.id,
      hash: act.hash,
      idx: act.index,
      proposal: proposal.hash,
      draft: proposal.draft,
      until: addDuration(act.scenarioTime, act.body.within, act.space.terms.zone ?? 'Etc/UTC'),
      declared_by: null,
      declared_at: null,
    })
    .execute()
  return undefined
}

function findSeeking(tx: Tx, space: string, hash: string) {
  return tx
    .selectFrom('view.forums_seeking')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

async function projectObjection(tx: Tx, act: Of<typeof acts.objectionRaisedBody>): Promise<Effect> {
  if (!maySpeak(act)) return { withoutEffect: 'members-only' }
  const seeking = await findSeeking(tx, act.space.id, act.body.sought)
  if (!seeking) return { withoutEffect: 'nothing-sought' }
  if (seeking.declared_by !== null || act.scenarioTime > seeking.until) return { withoutEffect: 'too-late' }
  const inserted = await tx
    .insertInto('view.forums_objection')
    .values({ space: act.space.id, sought: seeking.hash, party: act.statement.author, hash: act.hash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(inserted.numInsertedOrUpdatedRows ?? 0) === 1 ? undefined : { withoutEffect: 'objected-already' }
}

async function projectDecision(tx: Tx, act: Of<typeof acts.decisionDeclaredBody>): Promise<Effect> {
  if (!isChair(act)) return { withoutEffect: 'chair-only' }
  const seeking = await findSeeking(tx, act.space.id, act.body.sought)
  if (!seeking) return { withoutEffect: 'nothing-sought' }
  if (seeking.declared_by !== null) return { withoutEffect: 'declared-already' }
  if (act.scenarioTime < seeking.until) return { withoutEffect: 'window-open' }
  const objection = await tx
    .selectFrom('view.forums_objection')
    .select('hash')
    .where('space', '=', act.space.id)
    .where('sought', '=', seeking.hash)
    .executeTakeFirst()
  if (objection) return { withoutEffect: 'objection-stands' }
  const resolution = await findResolution(tx, act.space.id, seeking.proposal)
  if (!resolution) return { withoutEffect: 'no-such-proposal' }
  await tx
    .updateTable('view.forums_seeking')
    .set({ declared_by: act.hash, declared_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', seeking.hash)
    .execute()
  await resolveBracket(tx, act, resolution)
  return undefined
}

async function resolveBracket(
  tx: Tx,
  act: ProjectedAct,
  { draft, bracket, option }: { draft: string; bracket: string; option: number },
): Promise<void> {
  await tx
    .updateTable('view.forums_bracket')
    .set({ resolved_option: option, resolved_by: act.hash })
    .where('space', '=', act.space.id)
    .where('draft', '=', draft)
    .where('bracket', '=', bracket)
    .execute()
  const open = await tx
    .selectFrom('view.forums_bracket')
    .select('bracket')
    .where('space', '=', act.space.id)
    .where('draft', '=', draft)
    .where('resolved_option', 'is', null)
    .executeTakeFirst()
  if (open) return
  await tx
    .updateTable('view.forums_draft')
    .set({ clean_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', draft)
    .execute()
}

export const forumActs: readonly ActDefinition[] = [
  {
    type: 'forums.item-opened',
    body: acts.itemOpenedBody,
    text: acts.itemOpenedText,
    kinds: forumKinds,
    who: 'the chair',
    requires: 'the item is not open yet',
    effect: 'an agenda item is open',
    release: 'one-person',
    project: projectItem,
  },
  {
    type: 'forums.statement-made',
    body: acts.statementMadeBody,
    text: acts.statementMadeText,
    kinds: forumKinds,
    who: 'a member',
    requires: 'the item is open; a reply, question or answer names another member’s statement under the item',
    effect: 'a statement, reply, question or answer on the record',
    release: 'one-person',
    project: projectStatement,
  },
  {
    type: 'forums.draft-tabled',
    body: acts.draftTabledBody,
    text: acts.draftTabledText,
    kinds: forumKinds,
    who: 'a member',
    requires: 'the item is open',
    effect: 'a draft on the table with its brackets; its author sponsors it',
    release: 'one-person',
    project: projectDraft,
  },
  {
    type: 'forums.sponsor-joined',
    body: acts.sponsorJoinedBody,
    kinds: forumKinds,
    who: 'a member',
    requires: 'the draft is on the table',
    effect: 'the member co-sponsors the draft',
    release: 'direct',
    project: projectSponsor,
  },
  {
    type: 'forums.resolution-proposed',
    body: acts.resolutionProposedBody,
    kinds: forumKinds,
    who: 'a member or the chair',
    requires: 'the bracket is open and has that option',
    effect: 'a wording is proposed for the bracket',
    release: 'direct',
    standsAlone: true,
    project: projectResolution,
  },
  {
    type: 'forums.consensus-sought',
    body: acts.consensusSoughtBody,
    kinds: forumKinds,
    who: 'the chair',
    requires: 'the proposal’s bracket is open',
    effect: 'members can object until the window closes',
    clock: 'the window itself; silence is no duty',
    release: 'direct',
    standsAlone: true,
    project: projectSeeking,
  },
  {
    type: 'forums.objection-raised',
    body: acts.objectionRaisedBody,
    text: acts.objectionRaisedText,
    kinds: forumKinds,
    who: 'a member',
    requires: 'the window is open',
    effect: 'no consensus on this proposal',
    release: 'one-person',
    project: projectObjection,
  },
  {
    type: 'forums.decision-declared',
    body: acts.decisionDeclaredBody,
    kinds: forumKinds,
    who: 'the chair',
    requires: 'the window has closed and nobody objected',
    effect: 'the bracket is resolved by consensus',
    release: 'direct',
    standsAlone: true,
    restsOn: { level: 'witnessed', act: ({ sought }) => sought, without: 'never' },
    project: projectDecision,
  },
]
