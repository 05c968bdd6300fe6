import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Json, LoggedAct, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { canonicalBytes, memberAdmittedBody, registerFingerprint } from '../../../protocol/index.ts'
import { writersAt } from '../admission-acts.ts'
import '../tables.ts'

/** How our own party may bring somebody in: with the other's agreement, after a window, alone, or not at all. */
export type AdmissionWay = 'both' | 'window' | 'alone' | 'none'

/** An admission that counts once the other writing member signs the same body. */
export interface AwaitedAdmission {
  /** The act that asked. */
  act: LoggedAct
  party: string
  role: string
  /** Register fingerprint that the body gives for the newcomer. */
  fingerprint: string
  body: Json
  agreedBy: string[]
}

/** A window in which members may object. */
export interface AdmissionWindow {
  proposal: string
  author: string
  party: string
  role: string
  /** Scenario ms in a drill, else real ms. */
  endsAt: number
  vetoedBy?: string
  reason?: string
  /** Words of the veto. */
  objection?: string
  state: 'open' | 'free' | 'vetoed' | 'admitted'
}

export interface Membership {
  way: AdmissionWay
  opener: string
  awaited: AwaitedAdmission[]
  windows: AdmissionWindow[]
  /** Parties admitted over a veto, or without a window where one was due: party → index of the admission. */
  irregular: Map<string, number>
  /** We may end others' membership. */
  presides: boolean
  now: number
}

const isCloseKnit = ({ kind }: Pick<SpaceFacts, 'kind'>) => kind === 'case' || kind === 'channel'

/** Host of anything but cases and channels; a chair where there is one. */
export function presides(space: SpaceFacts, party: string): boolean {
  if (isCloseKnit(space) || space.kind === 'register') return false
  if (party === space.host) return true
  const isChaired = ['forum', 'negotiation', 'exercise'].includes(space.kind)
  return isChaired && space.members.some((m) => m.party === party && m.role === 'chair' && m.until === undefined)
}

function wayOf(space: SpaceFacts, opener: string, party: string): AdmissionWay {
  const writers = writersAt(space.members, space.size)
  if (!isCloseKnit(space)) return presides(space, party) ? 'alone' : 'none'
  if (!writers.includes(party)) return 'none'
  if (writers.length <= 2) return 'both'
  return opener === party ? 'window' : 'none'
}

/** Who may change the members of a space now, and what is under way. */
export async function loadMembership(services: Services, viewer: Viewer, space: SpaceFacts): Promise<Membership> {
  const { ledger, party } = services
  const [[opening], admissions, now] = await Promise.all([
    ledger.acts(space.id, { from: 0, limit: 1 }),
    ledger.acts(space.id, { types: ['space.member-admitted'], limit: 1000 }),
    ledger.scenarioNow(space),
  ])
  const opener = opening?.statement.author ?? space.host
  const [windows, awaited] = await Promise.all([
    readWindows(services, viewer, space, now),
    readAwaited(services, viewer, space, admissions),
  ])
  return {
    way: wayOf(space, opener, party),
    opener,
    windows,
    awaited,
    irregular: irregularAdmissions(space, admissions, windows),
    presides: presides(space, party),
    now,
  }
}

async function readWindows(
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
  now: number,
): Promise<AdmissionWindow[]> {
  const rows = await services.db
    .selectFrom('view.spaces_admission')
    .selectAll()
    .where('space', '=', space.id)
    .orderBy('idx', 'desc')
    .limit(50)
    .execute()
  const words = await revealedContents<unknown, { reason?: string }>(
    services,
    viewer,
    rows.flatMap((row) => [row.proposal, ...(row.vetoed_act === null ? [] : [row.vetoed_act])]),
  )
  return rows.map((row): AdmissionWindow => {
    const isIn = space.members.some(({ party, since, until }) => party === row.party && since > row.idx && !until)
    const state = isIn ? 'admitted' : row.vetoed_by !== null ? 'vetoed' : now <= row.ends_at ? 'open' : 'free'
    return {
      proposal: row.proposal,
      author: row.author,
      party: row.party,
      role: row.role,
      endsAt: row.ends_at,
      state,
      ...(row.vetoed_by !== null && { vetoedBy: row.vetoed_by }),
      reason: words.get(row.proposal)?.text?.reason,
      objection: row.vetoed_act === null ? undefined : words.get(row.vetoed_act)?.text?.reason,
    }
  })
}

async function readAwaited(
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
  admissions: readonly LoggedAct[],
): Promise<AwaitedAdmission[]> {
  const asked = admissions.filter((act) => act.withoutEffect === 'awaits-agreement')
  const contents = await revealedContents<Json, never>(
    services,
    viewer,
    asked.map((act) => act.hash),
  )
  const byBody = new Map<string, AwaitedAdmission>()
  for (const act of asked) {
    const read = memberAdmittedBody.safeParse(contents.get(act.hash)?.body)
    if (!read.success) continue
    const { party, role, register } = read.data.member
    // It came in since, by this or another admission: nothing is waited for.
    if (space.members.some((one) => one.party === party && (one.until === undefined || one.since > act.index))) continue
    const key = Buffer.from(canonicalBytes(read.data as unknown as Json)).toString()
    const known = byBody.get(key)
    if (known) known.agreedBy.push(act.statement.author)
    else {
      const fingerprint = registerFingerprint(register.first)
      const agreedBy = [act.statement.author]
      byBody.set(key, { act, party, role, fingerprint, body: read.data as unknown as Json, agreedBy })
    }
  }
  return [...byBody.values()]
}

/** In a case or channel of three and more: who came in although a member objected, or before the window was over. */
function irregularAdmissions(
  space: SpaceFacts,
  admissions: readonly LoggedAct[],
  windows: readonly AdmissionWindow[],
): Map<string, number> {
  if (!isCloseKnit(space)) return new Map()
  const irregular = space.members.flatMap(({ party, since }): [string, number][] => {
    const act = admissions.find(({ index, withoutEffect }) => index === since && withoutEffect === undefined)
    if (!act || writersAt(space.members, since - 1).length <= 2) return []
    const isInOrder = windows.some(
      (one) => one.party === party && one.vetoedBy === undefined && one.endsAt < act.scenarioTime,
    )
    return isInOrder ? [] : [[party, since]]
  })
  return new Map(irregular)
}
