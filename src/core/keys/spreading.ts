import type { RegisterState } from '../identity/index.ts'
import type { MemberKeys, SpaceHead } from '../log/index.ts'
import { bringHostKey, bringKeys, type Lag, lagOf } from './bring-keys.ts'
import type { BehindSpace, BringingPace, KeysOptions } from './types.ts'

const usualPace: BringingPace = { hostMs: 3_000, memberMs: 10_000, rotationMs: 600_000 }

/** Brings changed keys from registers into the spaces we are in: ours at once, those of others when they do not. */
export function createSpreading(options: KeysOptions) {
  const { identity, ledger, log } = options
  const pace = { ...usualPace, ...options.pace }
  const waiting = new Map<string, NodeJS.Timeout>()
  const read = new Map<string, { root: string; register: RegisterState }>()
  let stopped = false

  /** Registers in which a key changed; each is read, and its signatures checked, once for as long as it is the same. */
  async function readRegisters(): Promise<RegisterState[]> {
    const heads = (await ledger.heads()).filter(({ kind, size }) => kind === 'register' && size > 1)
    const registers = await Promise.all(
      heads.map(async ({ space, root }) => {
        const known = read.get(space)
        if (known?.root === root) return known.register
        const register = await ledger.register(space)
        if (register) read.set(space, { root, register })
        return register
      }),
    )
    return registers.flatMap((register) => (register && register.events.length > 0 ? [register] : []))
  }

  async function findLags(): Promise<{ lag: Lag; register: RegisterState; members: MemberKeys[] }[]> {
    const registers = await readRegisters()
    if (registers.length === 0) return []
    const heads = (await ledger.heads()).filter(({ kind, frozen }) => kind !== 'register' && !frozen)
    const found = await Promise.all(
      heads.map(async (head) => {
        const members = await ledger.members(head.space)
        if (!mayWrite(members)) return []
        return members.flatMap((member) => {
          const register = registers.find(({ party, first }) => party === member.party && first === member.first)
          const lag = register && lagOf(head, member, register)
          return lag ? [{ lag, register, members }] : []
        })
      }),
    )
    return found.flat()
  }

  const own = (members: readonly MemberKeys[]) =>
    members.find(({ party, until }) => party === identity.party && until === undefined)

  function mayWrite(members: readonly MemberKeys[]): boolean {
    const member = own(members)
    return member !== undefined && member.role !== 'observer'
  }

  /** Whether the space counts a key of ours that we hold: otherwise somebody else has to bring it. */
  function maySign(members: readonly MemberKeys[]): boolean {
    return own(members)?.act.some(({ key }) => identity.held(key) !== undefined) ?? false
  }

  /** Hashes of what was signed for it, for whoever waits until hosts have answered. */
  async function spread(): Promise<string[]> {
    const signed: (string | undefined)[] = []
    for (const { lag, register, members } of await findLags()) {
      if (!maySign(members)) continue
      const waitMs = waitOf(lag)
      if (waitMs === 0) signed.push(await bringKeys(options, lag, register.space))
      else bringLater(lag, waitMs)
    }
    return [...signed, ...(await spreadHostKey())].flatMap((hash) => hash ?? [])
  }

  function waitOf({ head, party, urgent }: Lag): number {
    if (party === identity.party) return 0
    if (!urgent) return pace.rotationMs
    // Who cannot sign may still host: then the other members are all there is.
    return head.hosted || head.host === party ? pace.hostMs : pace.memberMs
  }

  function bringLater({ head: { space }, party, newest }: Lag, waitMs: number): void {
    const key = `${space} ${party} ${newest}`
    if (waiting.has(key) || stopped) return
    const timer = setTimeout(() => {
      waiting.delete(key)
      bringNow(space, party).catch((error) => log.warn('keys.bring', { space, party, error: String(error) }))
    }, waitMs)
    timer.unref()
    waiting.set(key, timer)
  }

  /** If nobody did meanwhile. */
  async function bringNow(space: string, party: string): Promise<void> {
    if (stopped) return
    const still = (await findLags()).find(({ lag }) => lag.head.space === space && lag.party === party)
    if (still && maySign(still.members)) await bringKeys(options, still.lag, still.register.space)
  }

  async function spreadHostKey(): Promise<string[]> {
    const newest = identity.keys.host.publicKey
    const behind = (await ledger.heads()).filter(
      ({ kind, hosted, frozen, hostKey }) => kind !== 'register' && hosted && !frozen && hostKey !== newest,
    )
    const signed: string[] = []
    for (const head of behind) {
      if (mayHost(head, await ledger.members(head.space))) signed.push(await bringHostKey(options, head))
    }
    return signed
  }

  function mayHost({ host }: SpaceHead, members: readonly MemberKeys[]): boolean {
    return host === identity.party && mayWrite(members) && maySign(members)
  }

  return {
    spread,
    /** Spaces in which our own keys are not yet those of our register, or the host key is not the newest. */
    async behind(): Promise<BehindSpace[]> {
      const lags = await findLags()
      return lags
        .filter(({ lag }) => lag.party === identity.party)
        .map(({ lag, members }) => ({
          space: lag.head.space,
          party: lag.party,
          state: maySign(members) ? 'on-its-way' : 'waits-for-a-member',
        }))
    },
    stop(): void {
      stopped = true
      for (const timer of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
