import { z } from 'zod'
import { limits, parsePolicy, type Policy, PolicyError, sha256, toBase64url } from '../../protocol/index.ts'
import type { ActDefinition, Effect, ProjectedAct, SpaceFacts } from '../module/acts.ts'
import type { Tx } from '../storage/types.ts'
import './tables.ts'

/** The policy as C2SP tlog-policy text, without `log` lines: the log is the space the act stands in. */
export const policySetBody = z.strictObject({ policy: z.string().min(1).max(limits.policy) })

/** Why a policy that reads well cannot be the policy of a space. */
export type UnfitPolicy = 'names-a-log' | 'not-ed25519'

/** Undefined when it can be: no log, witnesses that sign with Ed25519, which every verifier reads. */
export function unfitFor({ logs, witnesses }: Policy): UnfitPolicy | undefined {
  if (logs.length > 0) return 'names-a-log'
  return witnesses.some(({ key }) => key.type !== 'cosignature') ? 'not-ed25519' : undefined
}

const presided = ['forum', 'negotiation', 'exercise']
const shared = ['case', 'channel']

/** How a policy comes into force: one party may set it, or more than half of those who write must post the same. */
export function howPolicyIsSet(space: SpaceFacts, party: string): 'alone' | 'with-others' | 'not-entitled' {
  const member = space.members.find((one) => one.party === party && one.until === undefined)
  if (!member || member.role === 'observer') return 'not-entitled'
  if (shared.includes(space.kind)) return 'with-others'
  const isChair = presided.includes(space.kind) && member.role === 'chair'
  return isChair || party === space.host ? 'alone' : 'not-entitled'
}

async function projectPolicy(tx: Tx, act: ProjectedAct<z.infer<typeof policySetBody>>): Promise<Effect> {
  const { space, statement, body } = act
  const policy = readPolicy(body.policy)
  if (!policy || unfitFor(policy)) return { withoutEffect: 'policy-unfit' }
  const way = howPolicyIsSet(space, statement.author)
  if (way === 'not-entitled') return { withoutEffect: 'not-entitled' }
  if (way === 'with-others' && !(await isAgreed(tx, act))) return { withoutEffect: 'awaits-agreement' }
  await tx.deleteFrom('view.witnessing_policy_backer').where('space', '=', space.id).execute()
  await tx
    .insertInto('view.witnessing_policy')
    .values({ space: space.id, idx: act.index, hash: act.hash, author: statement.author, text: body.policy })
    .execute()
  return undefined
}

async function isAgreed(
  tx: Tx,
  { space, statement, body }: ProjectedAct<z.infer<typeof policySetBody>>,
): Promise<boolean> {
  const hash = toBase64url(sha256(new TextEncoder().encode(body.policy)))
  // A party stands behind its newest wish only.
  await tx
    .deleteFrom('view.witnessing_policy_backer')
    .where('space', '=', space.id)
    .where('party', '=', statement.author)
    .execute()
  await tx
    .insertInto('view.witnessing_policy_backer')
    .values({ space: space.id, text_hash: hash, text: body.policy, party: statement.author })
    .execute()
  const rows = await tx
    .selectFrom('view.witnessing_policy_backer')
    .select('party')
    .where('space', '=', space.id)
    .where('text_hash', '=', hash)
    .execute()
  const writers = space.members.filter((one) => one.until === undefined && one.role !== 'observer')
  const backers = writers.filter((one) => rows.some((row) => row.party === one.party))
  return backers.length * 2 > writers.length
}

function readPolicy(text: string): Policy | undefined {
  try {
    return parsePolicy(text)
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}

/** For the module that has the pages of spaces. */
export const policySet: ActDefinition = {
  type: 'spaces.policy-set',
  body: policySetBody,
  kinds: ['directory', 'case', 'channel', 'forum', 'negotiation', 'exercise', 'collection', 'bulletin'],
  who: 'in a case or channel more than half of the writing members with the same text; elsewhere the host or, where there is one, a chair',
  requires: 'a tlog-policy without log lines whose witnesses sign with Ed25519',
  effect:
    'whose cosignatures make an act witnessed, for every checkpoint from now on; nothing witnessed before is undone',
  release: 'direct',
  standsAlone: true,
  technical: true,
  project: projectPolicy,
}
