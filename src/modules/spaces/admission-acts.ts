import { z } from 'zod'
import { addDuration } from '../../core/clocks/index.ts'
import { hash, isoDuration, partyName } from '../../core/module/fields.ts'
import type { ActDefinition, Effect, ProjectedAct, SpaceFacts } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import './tables.ts'

export const admittedRoles = ['member', 'observer'] as const

export const admissionProposedBody = z.strictObject({
  party: partyName,
  role: z.enum(admittedRoles),
  /** How long members may object. */
  within: isoDuration,
})
export const admissionVetoedBody = z.strictObject({ proposal: hash })
/** Why it is asked, or why not. */
export const admissionText = z.strictObject({ reason: z.string().min(1).max(10_000) })

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

/** Members that may write, at an index; observers have no say in who comes in. */
export function writersAt(members: SpaceFacts['members'], index: number): string[] {
  return members
    .filter(({ role, since, until }) => role !== 'observer' && since <= index && (until === undefined || index < until))
    .map(({ party }) => party)
}

const isIn = (space: SpaceFacts, party: string) =>
  space.members.some((member) => member.party === party && member.until === undefined)

async function projectProposal(tx: Tx, act: Of<typeof admissionProposedBody>): Promise<Effect> {
  const { space, statement, body, index, hash: proposal, scenarioTime } = act
  const opening = await tx
    .selectFrom('log.entry')
    .select('author')
    .where('space', '=', space.id)
    .where('idx', '=', 0)
    .executeTakeFirst()
  if (opening?.author !== statement.author) return { withoutEffect: 'not-entitled' }
  if (writersAt(space.members, index).length <= 2) return { withoutEffect: 'no-window-between-two' }
  if (isIn(space, body.party)) return { withoutEffect: 'already-member' }
  const standing = await tx
    .selectFrom('view.spaces_admission')
    .select('proposal')
    .where('space', '=', space.id)
    .where('party', '=', body.party)
    .where('vetoed_by', 'is', null)
    .where('ends_at', '>=', scenarioTime)
    .executeTakeFirst()
  if (standing) return { withoutEffect: 'already-proposed' }
  await tx
    .insertInto('view.spaces_admission')
    .values({
      space: space.id,
      proposal,
      idx: index,
      author: statement.author,
      party: body.party,
      role: body.role,
      ends_at: addDuration(scenarioTime, body.within, 'Etc/UTC'),
      vetoed_by: null,
      vetoed_act: null,
      vetoed_at: null,
    })
    .execute()
  return undefined
}

async function projectVeto(tx: Tx, act: Of<typeof admissionVetoedBody>): Promise<Effect> {
  const { space, statement, body, hash: veto, scenarioTime } = act
  const proposal = await tx
    .selectFrom('view.spaces_admission')
    .selectAll()
    .where('space', '=', space.id)
    .where('proposal', '=', body.proposal)
    .executeTakeFirst()
  if (!proposal) return { withoutEffect: 'no-such-proposal' }
  if (proposal.author === statement.author) return { withoutEffect: 'own-proposal' }
  if (proposal.vetoed_by !== null) return { withoutEffect: 'already-vetoed' }
  if (scenarioTime > proposal.ends_at) return { withoutEffect: 'window-over' }
  if (isIn(space, proposal.party)) return { withoutEffect: 'already-member' }
  await tx
    .updateTable('view.spaces_admission')
    .set({ vetoed_by: statement.author, vetoed_act: veto, vetoed_at: scenarioTime })
    .where('space', '=', space.id)
    .where('proposal', '=', body.proposal)
    .execute()
  return undefined
}

/** How members of a case or channel of three and more agree on a newcomer, above rule version 1 of admission. */
export const admissionActs: readonly ActDefinition[] = [
  {
    type: 'spaces.admission-proposed',
    body: admissionProposedBody,
    text: admissionText,
    kinds: ['case', 'channel'],
    who: 'the party that opened the space',
    requires: 'more than two writing members; the newcomer is no member and no other window is open for it',
    effect: 'until the window ends any other writing member may veto; then the opener may admit',
    release: 'direct',
    standsAlone: true,
    project: projectProposal,
  },
  {
    type: 'spaces.admission-vetoed',
    body: admissionVetoedBody,
    text: admissionText,
    kinds: ['case', 'channel'],
    who: 'any writing member but the one that proposed',
    requires: 'the window is open and nobody has vetoed; the newcomer has not been admitted',
    effect:
      'the newcomer is not to be admitted on this proposal; nodes refuse to, and an admission all the same is shown as against it',
    release: 'direct',
    project: projectVeto,
  },
]
