import { Refusal } from '../../../core/http/index.ts'
import type { Json, Services, SpaceFacts, Submission, Viewer } from '../../../core/module/types.ts'
import { registerFingerprint } from '../../../protocol/index.ts'
import type { admittedRoles } from '../admission-acts.ts'
import { isMember } from '../space-words.ts'
import { loadMembership, presides } from './standing.ts'

/** Who changes the members: a person in an office, through a page or the command line. */
export interface Changing {
  services: Services
  viewer: Viewer
  space: SpaceFacts
  /** Act id, chosen when the form was drawn: the same again is the same act. */
  id: string
}

export interface Newcomer {
  party: string
  role: (typeof admittedRoles)[number]
}

/** How far the change has come. */
export type Changed = Submission & {
  /** Reason code when it is on the record and changed nothing yet, e.g. `awaits-agreement`. */
  withoutEffect?: string
}

/**
 * Signs the admission of a pinned peer. Between two members it counts when the other has signed the same;
 * in a case or channel of more only after a window without veto ({@link proposeAdmission}).
 *
 * @throws Refusal `spaces.not-ours-to-admit`, `spaces.already-member`, `spaces.not-compared`, `spaces.window-first`,
 *   `spaces.vetoed`
 */
export async function admitMember(change: Changing, { party, role }: Newcomer): Promise<Changed> {
  return once(change, 'space.member-admitted', async () => {
    const { services, viewer, space } = change
    const { way, windows, now } = await loadMembership(services, viewer, space)
    if (way === 'none') throw new Refusal('spaces.not-ours-to-admit')
    if (isMember(space, party)) throw new Refusal('spaces.already-member')
    if (way === 'window') {
      const window = windows.find((one) => one.party === party && one.role === role)
      if (window?.state === 'vetoed') throw new Refusal('spaces.vetoed', { by: window.vetoedBy ?? '' })
      if (!window || window.endsAt >= now || window.state !== 'free') throw new Refusal('spaces.window-first')
    }
    const snapshot = await services.peers.snapshot(party)
    if (!snapshot) throw new Refusal('spaces.not-compared')
    return { body: { member: { ...snapshot, role } } as unknown as Json }
  })
}

/**
 * Agrees to an admission that the other member signed, word for word.
 *
 * @throws Refusal `spaces.nothing-to-agree`, `spaces.not-compared`, `spaces.snapshot-differs` when the key in it is
 *   not the one compared here
 */
export async function agreeToAdmission(change: Changing, asked: string): Promise<Changed> {
  return once(change, 'space.member-admitted', async () => {
    const { services, viewer, space } = change
    const { way, awaited } = await loadMembership(services, viewer, space)
    const found = awaited.find((one) => one.act.hash === asked)
    if (!found || way !== 'both' || found.agreedBy.includes(services.party))
      throw new Refusal('spaces.nothing-to-agree')
    const snapshot = await services.peers.snapshot(found.party)
    if (!snapshot) throw new Refusal('spaces.not-compared')
    if (registerFingerprint(snapshot.register.first) !== found.fingerprint) throw new Refusal('spaces.snapshot-differs')
    return { body: found.body, refs: [{ act: asked }] }
  })
}

/**
 * Opens the window in which any other writing member may object.
 *
 * @throws Refusal `spaces.not-ours-to-admit`, `spaces.already-member`, `spaces.not-compared`, `spaces.window-open`
 */
export async function proposeAdmission(
  change: Changing,
  { party, role, within, reason }: Newcomer & { within: string; reason: string },
): Promise<Changed> {
  return once(change, 'spaces.admission-proposed', async () => {
    const { services, viewer, space } = change
    const { way, windows } = await loadMembership(services, viewer, space)
    if (way !== 'window') throw new Refusal('spaces.not-ours-to-admit')
    if (isMember(space, party)) throw new Refusal('spaces.already-member')
    if (windows.some((one) => one.party === party && one.state === 'open')) throw new Refusal('spaces.window-open')
    if ((await services.peers.find(party))?.state !== 'pinned') throw new Refusal('spaces.not-compared')
    return { body: { party, role, within }, text: { reason } }
  })
}

/** @throws Refusal `spaces.nothing-to-veto` */
export async function vetoAdmission(change: Changing, proposal: string, reason: string): Promise<Changed> {
  return once(change, 'spaces.admission-vetoed', async () => {
    const { services, viewer, space } = change
    const { windows } = await loadMembership(services, viewer, space)
    const window = windows.find((one) => one.proposal === proposal)
    if (window?.state !== 'open' || window.author === services.party) throw new Refusal('spaces.nothing-to-veto')
    return { body: { proposal }, text: { reason }, refs: [{ act: proposal }] }
  })
}

/**
 * Ends a membership: our own, or another's where we preside.
 *
 * @throws Refusal `spaces.not-a-member`, `spaces.host-stays`, `spaces.not-ours-to-remove`
 */
export async function endMembership(change: Changing, party: string, reason?: string): Promise<Changed> {
  return once(change, 'space.member-left', async () => {
    const { services, space } = change
    if (!isMember(space, party)) throw new Refusal('spaces.not-a-member')
    if (party === space.host) throw new Refusal('spaces.host-stays')
    if (party !== services.party && !presides(space, services.party)) throw new Refusal('spaces.not-ours-to-remove')
    return { body: { party, ...(reason !== undefined && { reason }) } }
  })
}

interface Said {
  body: Json
  text?: Json
  refs?: { act: string }[]
}

/** Signs what `prepare` allows; what stands on the record under this id already is let through unchanged. */
async function once({ services, viewer, space, id }: Changing, type: string, prepare: () => Promise<Said>) {
  const { ledger, outbox, party } = services
  const ours = (await ledger.acts(space.id, { types: [type], limit: 1000 })).find(
    ({ statement }) => statement.author === party && statement.id === id,
  )
  if (ours) return changedBy(services, { state: 'on-record', hash: ours.hash, index: ours.index, time: ours.time })
  const said = await prepare()
  const submission = await outbox.send({
    ...said,
    space: space.id,
    type,
    id,
    office: viewer.office.id,
    marking: { tlp: 'AMBER' },
  })
  if (submission.state === 'refused') throw new Refusal('spaces.act-refused', { rule: submission.rule })
  return changedBy(services, submission)
}

async function changedBy({ ledger }: Services, submission: Submission): Promise<Changed> {
  const { withoutEffect } = (await ledger.findAct(submission.hash)) ?? {}
  return { ...submission, ...(withoutEffect !== undefined && { withoutEffect }) }
}

/** One of the steps by name, as the command line asks for it. */
export function changeMembers(
  change: Changing,
  step: {
    verb: 'admit' | 'agree' | 'veto' | 'leave' | 'remove'
    /** A party, or the hash of the act that is agreed to or objected to. */
    subject: string
    role: Newcomer['role']
    within?: string
    reason?: string
  },
): Promise<Changed> {
  const { verb, subject, role, within, reason } = step
  if (verb === 'agree') return agreeToAdmission(change, subject)
  if (verb === 'leave') return endMembership(change, change.services.party)
  if (verb === 'remove') return endMembership(change, subject)
  if (verb === 'veto') {
    if (reason === undefined) throw new Refusal('spaces.reason-needed')
    return vetoAdmission(change, subject, reason)
  }
  // With a window it is a proposal to the members; without one the admission itself.
  if (within === undefined) return admitMember(change, { party: subject, role })
  if (reason === undefined) throw new Refusal('spaces.reason-needed')
  return proposeAdmission(change, { party: subject, role, within, reason })
}
