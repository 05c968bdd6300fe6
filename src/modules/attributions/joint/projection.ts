import { sql } from 'kysely'
import type { ActDefinition, Effect, ProjectedAct } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { stepText } from '../between/acts.ts'
import * as acts from './acts.ts'
import '../tables.ts'

const kinds = ['case', 'channel', 'negotiation', 'forum'] as const
/** A clock that runs ahead of the host's by more than this is wrong. */
const aheadMs = 5 * 60_000

const isMember = ({ space, statement }: ProjectedAct): boolean =>
  space.members.some((one) => one.party === statement.author && one.until === undefined && one.role !== 'observer')

const findText = (tx: Tx, { space }: ProjectedAct, proposal: string) =>
  tx
    .selectFrom('view.attributions_joint')
    .selectAll()
    .where('space', '=', space.id)
    .where('hash', '=', proposal)
    .executeTakeFirst()

const signaturesOf = (tx: Tx, { space }: ProjectedAct, proposal: string) =>
  tx
    .selectFrom('view.attributions_signature')
    .selectAll()
    .where('space', '=', space.id)
    .where('proposal', '=', proposal)
    .execute()

async function projectProposed(tx: Tx, act: ProjectedAct<acts.TextProposedBody>): Promise<Effect> {
  const { body, space, statement } = act
  if (!isMember(act)) return { withoutEffect: 'observer-signs-nothing' }
  if (!body.languages.includes(body.authentic)) return { withoutEffect: 'authentic-missing' }
  if (body.embargo !== undefined && body.embargo <= act.scenarioTime) return { withoutEffect: 'embargo-over' }
  if (body.supersedes !== undefined) {
    const older = await findText(tx, act, body.supersedes)
    const signed = await signaturesOf(tx, act, body.supersedes)
    // What others signed is not taken from under them.
    const isItsOwn = older?.author === statement.author && signed.every((one) => one.party === statement.author)
    if (!older || older.superseded_by !== null || !isItsOwn) return { withoutEffect: 'cannot-be-superseded' }
    await tx
      .updateTable('view.attributions_joint')
      .set({ superseded_by: act.hash })
      .where('space', '=', space.id)
      .where('hash', '=', older.hash)
      .execute()
  }
  await tx
    .insertInto('view.attributions_joint')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      text_hash: body.hash,
      languages: sql`${JSON.stringify(body.languages)}::jsonb` as unknown as string[],
      authentic: body.authentic,
      embargo: body.embargo ?? null,
      superseded_by: null,
      at: act.scenarioTime,
    })
    .execute()
  return undefined
}

async function projectSigned(tx: Tx, act: ProjectedAct<acts.TextSignedBody>): Promise<Effect> {
  const { body, space, statement } = act
  const text = await findText(tx, act, body.proposal)
  if (!text) return { withoutEffect: 'no-such-text' }
  if (!isMember(act)) return { withoutEffect: 'observer-signs-nothing' }
  if (text.superseded_by !== null) return { withoutEffect: 'text-superseded' }
  if (text.text_hash !== body.hash) return { withoutEffect: 'another-text' }
  const own = (await signaturesOf(tx, act, text.hash)).find((one) => one.party === statement.author)
  if (own && own.withdrawn_by === null) return { withoutEffect: 'signed-before' }
  const row = { signed_by: act.hash, signed_at: act.scenarioTime, withdrawn_by: null, withdrawn_at: null }
  await tx
    .insertInto('view.attributions_signature')
    .values({ space: space.id, proposal: text.hash, party: statement.author, ...row })
    .onConflict((conflict) => conflict.columns(['space', 'proposal', 'party']).doUpdateSet(row))
    .execute()
  return undefined
}

async function projectSignatureWithdrawn(tx: Tx, act: ProjectedAct<acts.SignatureWithdrawnBody>): Promise<Effect> {
  const done = await tx
    .updateTable('view.attributions_signature')
    .set({ withdrawn_by: act.hash, withdrawn_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('proposal', '=', act.body.proposal)
    .where('party', '=', act.statement.author)
    .where('withdrawn_by', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 0n ? { withoutEffect: 'not-signed' } : undefined
}

async function projectPublished(tx: Tx, act: ProjectedAct<acts.TextPublishedBody>): Promise<Effect> {
  const { body, space, statement } = act
  const text = await findText(tx, act, body.proposal)
  if (!text) return { withoutEffect: 'no-such-text' }
  if (text.text_hash !== body.hash) return { withoutEffect: 'another-text' }
  const own = (await signaturesOf(tx, act, text.hash)).find((one) => one.party === statement.author)
  if (!own || own.withdrawn_by !== null) return { withoutEffect: 'not-signed' }
  const done = await tx
    .insertInto('view.attributions_published')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      proposal: text.hash,
      party: statement.author,
      at: act.scenarioTime,
      // Whoever gives it out before its time has broken the embargo, and says so itself.
      early: text.embargo !== null && act.scenarioTime < text.embargo,
    })
    .onConflict((conflict) => conflict.columns(['space', 'proposal', 'party']).doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 0n ? { withoutEffect: 'published-before' } : undefined
}

async function projectBroken(tx: Tx, act: ProjectedAct<acts.EmbargoBrokenBody>): Promise<Effect> {
  const { body, space, statement } = act
  const text = await findText(tx, act, body.proposal)
  if (!text) return { withoutEffect: 'no-such-text' }
  if (text.embargo === null || body.seenAt >= text.embargo) return { withoutEffect: 'no-embargo' }
  if (body.seenAt > act.scenarioTime + aheadMs) return { withoutEffect: 'from-the-future' }
  await tx
    .insertInto('view.attributions_break')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      proposal: text.hash,
      author: statement.author,
      party: body.party ?? null,
      seen_at: body.seenAt,
    })
    .execute()
  return undefined
}

/** What several parties say together about who did it. */
export const jointActs: readonly ActDefinition[] = [
  {
    type: 'attributions.text-proposed',
    body: acts.textProposedBody,
    text: acts.jointText,
    kinds,
    who: 'a member',
    requires:
      'the authentic language is among its languages; an embargo lies ahead; what it supersedes is its author’s own and signed by nobody else',
    effect: 'a joint attribution on the table; it binds nobody who did not sign its hash',
    release: 'two-person',
    project: projectProposed,
  },
  {
    type: 'attributions.text-signed',
    body: acts.textSignedBody,
    kinds,
    who: 'a member, at any time',
    requires: 'the text stands, the hash is its own, and no signature of this party stands',
    effect: 'this party says it too, and may publish it once the embargo is over',
    release: 'two-person',
    project: projectSigned,
  },
  {
    type: 'attributions.signature-withdrawn',
    body: acts.signatureWithdrawnBody,
    text: stepText,
    kinds,
    who: 'a party whose signature stands',
    requires: 'its signature stands',
    effect: 'its signature does not stand any more; both stay on the record',
    release: 'two-person',
    project: projectSignatureWithdrawn,
  },
  {
    type: 'attributions.text-published',
    body: acts.textPublishedBody,
    kinds,
    who: 'a party whose signature stands',
    requires: 'the hash is that of the text, and it did not say so before',
    effect: 'this party gave the text out; before the end of the embargo it broke it',
    release: 'one-person',
    project: projectPublished,
  },
  {
    type: 'attributions.embargo-broken',
    body: acts.embargoBrokenBody,
    text: stepText,
    kinds,
    who: 'any member',
    requires: 'the text has an embargo, and was seen before its end',
    effect: 'the embargo is shown as broken, by whom if that is known: its author’s word',
    release: 'two-person',
    project: projectBroken,
  },
]

export const jointTypes: ReadonlySet<string> = new Set(jointActs.map(({ type }) => type))
