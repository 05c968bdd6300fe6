import { sql } from 'kysely'
import type { z } from 'zod'
import { endOfDay, fulfil, startClock } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

const agreementKinds = ['case', 'channel', 'negotiation', 'forum'] as const

async function projectProposal(tx: Tx, act: Of<typeof acts.textProposedBody>): Promise<Effect> {
  const { body, space, statement } = act
  const active = new Set(
    space.members.filter((one) => one.until === undefined && one.role !== 'observer').map((one) => one.party),
  )
  if (!body.parties.includes(statement.author)) return { withoutEffect: 'author-not-a-party' }
  if (!body.parties.every((party) => active.has(party))) return { withoutEffect: 'party-not-here' }
  if (!body.paragraphs.every((paragraph) => body.parties.includes(paragraph.owner)))
    return { withoutEffect: 'owner-not-a-party' }
  if (new Set(body.paragraphs.map((one) => one.id)).size !== body.paragraphs.length)
    return { withoutEffect: 'paragraph-twice' }
  if (body.supersedes !== undefined) {
    const older = await findProposal(tx, space.id, body.supersedes)
    if (!older || older.agreed_at !== null || older.superseded_by !== null)
      return { withoutEffect: 'cannot-be-superseded' }
    await tx
      .updateTable('view.agreements_text')
      .set({ superseded_by: act.hash })
      .where('space', '=', space.id)
      .where('hash', '=', older.hash)
      .execute()
  }
  await tx
    .insertInto('view.agreements_text')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      text_hash: body.hash,
      languages: sql`${JSON.stringify(body.languages)}::jsonb` as unknown as string[],
      superseded_by: null,
      proposed_at: act.scenarioTime,
      agreed_at: null,
      resolved_space: body.resolvedIn?.space ?? null,
      resolved_act: body.resolvedIn?.act ?? null,
    })
    .execute()
  await tx
    .insertInto('view.agreements_party')
    .values(
      [...new Set(body.parties)].map((party) => ({
        space: space.id,
        proposal: act.hash,
        party,
        agreed_by: null,
        agreed_at: null,
      })),
    )
    .execute()
  await tx
    .insertInto('view.agreements_commitment')
    .values(
      body.paragraphs.map((paragraph) => ({
        space: space.id,
        proposal: act.hash,
        paragraph: paragraph.id,
        norm: paragraph.norm,
        owner: paragraph.owner,
        due: paragraph.due,
        zone: paragraph.zone,
        in_force_at: null,
        state: 'proposed',
        reported_by: null,
        reported_at: null,
      })),
    )
    .execute()
  return undefined
}

function findProposal(tx: Tx, space: string, hash: string) {
  return tx
    .selectFrom('view.agreements_text')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

async function projectAgreement(tx: Tx, act: Of<typeof acts.textAgreedBody>): Promise<Effect> {
  const { body, space, statement } = act
  const proposal = await findProposal(tx, space.id, body.proposal)
  if (!proposal) return { withoutEffect: 'no-such-text' }
  if (proposal.superseded_by !== null) return { withoutEffect: 'text-superseded' }
  // Both sides must name the same text: an agreement to another hash agrees to nothing.
  if (proposal.text_hash !== body.hash) return { withoutEffect: 'another-text' }
  const parties = await tx
    .selectFrom('view.agreements_party')
    .selectAll()
    .where('space', '=', space.id)
    .where('proposal', '=', proposal.hash)
    .execute()
  const own = parties.find((one) => one.party === statement.author)
  if (!own) return { withoutEffect: 'not-a-party' }
  if (own.agreed_by !== null) return { withoutEffect: 'already-agreed' }
  await tx
    .updateTable('view.agreements_party')
    .set({ agreed_by: act.hash, agreed_at: act.scenarioTime })
    .where('space', '=', space.id)
    .where('proposal', '=', proposal.hash)
    .where('party', '=', statement.author)
    .execute()
  const last = parties.every((one) => one.party === statement.author || one.agreed_by !== null)
  if (last) await bringIntoForce(tx, act, proposal.hash)
  return undefined
}

async function bringIntoForce(tx: Tx, act: Of<typeof acts.textAgreedBody>, proposal: string): Promise<void> {
  await tx
    .updateTable('view.agreements_text')
    .set({ agreed_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', proposal)
    .execute()
  const commitments = await tx
    .updateTable('view.agreements_commitment')
    .set({ in_force_at: act.scenarioTime, state: 'committed' })
    .where('space', '=', act.space.id)
    .where('proposal', '=', proposal)
    .returningAll()
    .execute()
  for (const one of commitments.toSorted((a, b) => (a.paragraph < b.paragraph ? -1 : 1)))
    await startClock(tx, act, {
      regime: `commitment-${one.paragraph}`,
      source: 'agreed',
      duty: one.owner,
      dueAt: endOfDay(one.due, one.zone),
      about: proposal,
      zone: one.zone,
    })
}

async function projectReport(tx: Tx, act: Of<typeof acts.commitmentReportedBody>): Promise<Effect> {
  const { body, space, statement } = act
  const commitment = await tx
    .selectFrom('view.agreements_commitment')
    .selectAll()
    .where('space', '=', space.id)
    .where('proposal', '=', body.proposal)
    .where('paragraph', '=', body.paragraph)
    .executeTakeFirst()
  if (!commitment || commitment.in_force_at === null) return { withoutEffect: 'no-such-commitment' }
  if (commitment.owner !== statement.author) return { withoutEffect: 'not-the-owner' }
  await tx
    .updateTable('view.agreements_commitment')
    .set({ state: body.state, reported_by: act.hash, reported_at: act.scenarioTime })
    .where('space', '=', space.id)
    .where('proposal', '=', body.proposal)
    .where('paragraph', '=', body.paragraph)
    .execute()
  if (body.state === 'done') await fulfil(tx, act, { about: body.proposal, regime: `commitment-${body.paragraph}` })
  return undefined
}

export const agreementActs: readonly ActDefinition[] = [
  {
    type: 'agreements.text-proposed',
    body: acts.textProposedBody,
    text: acts.agreedText,
    kinds: agreementKinds,
    who: 'a member that is a party to the text',
    requires: 'all parties are members; a superseded text is not agreed',
    effect: 'a text on the table; it creates nothing until every party agreed to its hash',
    release: 'two-person',
    project: projectProposal,
    search: { addressees: ({ parties }: acts.TextProposedBody) => parties },
  },
  {
    type: 'agreements.text-agreed',
    body: acts.textAgreedBody,
    kinds: agreementKinds,
    who: 'a party to the text',
    requires: 'the text stands and its hash is the one agreed to',
    effect: 'this party agrees; with the last party the paragraphs become commitments',
    clock: 'commitment-<paragraph> (end of the due day in its zone)',
    release: 'two-person',
    restsOn: { level: 'witnessed', act: ({ proposal }) => proposal, without: 'by-word' },
    project: projectAgreement,
  },
  {
    type: 'agreements.commitment-reported',
    body: acts.commitmentReportedBody,
    text: acts.commitmentReportedText,
    kinds: agreementKinds,
    who: 'the owner of the commitment',
    requires: 'the commitment is in force',
    effect: 'the state of the commitment, with its evidence',
    release: 'one-person',
    project: projectReport,
  },
]
