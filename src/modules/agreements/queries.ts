import type { Selectable } from 'kysely'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { AgreedText, TextProposedBody } from './acts.ts'
import './tables.ts'

export interface TextState {
  space: string
  hash: string
  author: string
  textHash: string
  supersededBy?: string
  proposedAt: number
  /** Scenario ms when the last party agreed. */
  agreedAt?: number
  resolvedIn?: { space: string; act: string }
  parties: { party: string; agreedBy?: string; agreedAt?: number }[]
}

/** Texts with who agreed, two queries however many there are. */
export async function listTexts(
  db: Reader,
  filter: { hashes?: string[]; spaces?: string[] } = {},
): Promise<TextState[]> {
  if (filter.hashes?.length === 0 || filter.spaces?.length === 0) return []
  let query = db.selectFrom('view.agreements_text').selectAll()
  if (filter.hashes) query = query.where('hash', 'in', filter.hashes)
  if (filter.spaces) query = query.where('space', 'in', filter.spaces)
  const rows = await query.orderBy('proposed_at', 'desc').limit(500).execute()
  if (rows.length === 0) return []
  const parties = await db
    .selectFrom('view.agreements_party')
    .selectAll()
    .where(
      'proposal',
      'in',
      rows.map((row) => row.hash),
    )
    .orderBy('party')
    .execute()
  return rows.map((row) => ({
    space: row.space,
    hash: row.hash,
    author: row.author,
    textHash: row.text_hash,
    supersededBy: row.superseded_by ?? undefined,
    proposedAt: row.proposed_at,
    agreedAt: row.agreed_at ?? undefined,
    resolvedIn:
      row.resolved_space !== null && row.resolved_act !== null
        ? { space: row.resolved_space, act: row.resolved_act }
        : undefined,
    parties: parties
      .filter((one) => one.proposal === row.hash && one.space === row.space)
      .map((one) => ({
        party: one.party,
        agreedBy: one.agreed_by ?? undefined,
        agreedAt: one.agreed_at ?? undefined,
      })),
  }))
}

export type CommitmentRow = Selectable<Tables['view.agreements_commitment']>

export interface Commitment extends CommitmentRow {
  title?: Record<string, string>
  text?: Record<string, string>
}

/** Commitments in force, soonest due first, with the words this person may read. */
export async function listCommitments(
  services: Services,
  viewer: Viewer,
  filter: { space?: string; owner?: string } = {},
): Promise<Commitment[]> {
  let query = services.db.selectFrom('view.agreements_commitment').selectAll().where('in_force_at', 'is not', null)
  if (filter.space !== undefined) query = query.where('space', '=', filter.space)
  if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner)
  const rows = await query.orderBy('due').orderBy('paragraph').limit(1_000).execute()
  const contents = await revealedContents<TextProposedBody, AgreedText>(services, viewer, [
    ...new Set(rows.map((row) => row.proposal)),
  ])
  return rows.map((row) => {
    const text = contents.get(row.proposal)?.text
    return { ...row, title: text?.title, text: text?.paragraphs[row.paragraph] }
  })
}

/** A text this person may read, with its state; undefined when it is not here or withheld. */
export async function findText(services: Services, viewer: Viewer, hash: string) {
  const [state] = await listTexts(services.db, { hashes: [hash] })
  const content = (await revealedContents<TextProposedBody, AgreedText>(services, viewer, [hash])).get(hash)
  return state && content?.body && content.text ? { state, body: content.body, text: content.text } : undefined
}

/** Parties that can be bound by a text in this space: members that are no observers. */
export function partiesOf(space: SpaceFacts): string[] {
  return space.members.filter((one) => one.role !== 'observer' && one.until === undefined).map((one) => one.party)
}
