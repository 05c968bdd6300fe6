import { kidOf, sha256, fromBase64url, toBase64url } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import { newestOf, newSigningKey, type RegisterState } from '../identity/index.ts'
import { finishChange, writeDown } from './change-register.ts'
import { beginDid, publishedDid } from './did.ts'
import { forgetEndedKeys } from './forget-keys.ts'
import { prepareRecovery, prepareRevocation, prepareRotation } from './prepare-event.ts'
import { createSpreading } from './spreading.ts'
import type { Keys, KeysOptions, ListedKey } from './types.ts'

/** `space.keys-changed` carries the founding and at most this many key events. */
const mostEvents = 63

/** Our keys and their way into every space. */
export function createKeys(options: KeysOptions): Keys {
  const { identity, ledger, clock, log } = options
  const { ring } = identity
  const spreading = createSpreading(options)
  const endings: (() => void)[] = []
  let running: Promise<void> | undefined
  let again = false
  let waits: string | undefined
  let signed: string[] = []

  async function ownRegister(): Promise<RegisterState> {
    const register = await ledger.register(identity.register)
    if (!register) throw new Refusal('space.not-ready')
    return register
  }

  async function requireRoom(events: number): Promise<void> {
    const register = await ownRegister()
    if (register.events.length + events > mostEvents) throw new Refusal('keys.no-room')
    await ring.reload()
    await beginDid(options, register)
  }

  async function once(): Promise<void> {
    waits = await finishChange(options)
    await beginDid(options, await ownRegister())
    signed = await spreading.spread()
    // While a space lags behind, somebody may still bring in a key between its own and our newest.
    if ((await spreading.behind()).length === 0) await forgetEndedKeys(options)
  }

  /** One run at a time; whoever asks during a run gets one that began afterwards. */
  function resume(): Promise<void> {
    if (running) {
      again = true
      return running
    }
    running = (async () => {
      do {
        again = false
        await once()
      } while (again)
    })().finally(() => {
      running = undefined
    })
    return running
  }

  /** The register must show it before anybody is told it is done; spaces follow. */
  async function carryOut(): Promise<void> {
    await resume()
    options.tell?.()
    if (waits) throw new Refusal('keys.waits', { reason: waits })
    // Hosts that do not answer now get theirs later.
    await Promise.all(signed.map((hash) => options.outbox.settle(hash)))
  }

  function resumeSoon(): void {
    resume().catch((error) => log.warn('keys.resume', { error: String(error) }))
  }

  return {
    async overview() {
      await ring.reload()
      const register = await ownRegister()
      const { pending, follow } = ring.content()
      const kind = pending ? kinds[pending.type] : follow ? ('rotated' as const) : undefined
      return {
        protection: ring.protection(),
        keys: listKeys(ring.content(), register),
        events: register.events,
        room: { used: register.events.length, most: mostEvents },
        ...(kind ? { underWay: { kind, ...(waits ? { waits } : {}) } } : {}),
        behind: await spreading.behind(),
        recoveryKeys: register.recovery.length,
      }
    },
    async did() {
      await ring.reload()
      const register = await ownRegister()
      await beginDid(options, register)
      return publishedDid(ring.content(), register)
    },
    async reaches() {
      const spaces = (await ledger.list({ member: identity.party })).filter(({ kind }) => kind !== 'register')
      return spaces.flatMap(({ id, host, members }) => {
        const present = members.filter(({ until }) => until === undefined).map(({ party }) => party)
        return present.includes(identity.party) ? [{ space: id, host, members: present }] : []
      })
    },
    async rotate({ others = [] } = {}) {
      await requireRoom(1)
      await writeDown(options, () => prepareRotation(ring.content(), others, clock.now()))
      await carryOut()
    },
    async rotateHost() {
      await ring.change((content) => ({
        ...content,
        signing: [...content.signing, newSigningKey('host', clock.now())],
      }))
      await carryOut()
    },
    async revoke({ reason, others = [] }) {
      await requireRoom(2)
      await writeDown(options, async () => prepareRevocation(ring.content(), await ownRegister(), { reason, others }))
      await carryOut()
    },
    async recover({ sheet, others = [] }) {
      await requireRoom(2)
      const made = clock.now()
      await writeDown(options, async () => prepareRecovery(await ownRegister(), { sheet, others, made }))
      await carryOut()
    },
    opensWith: (secret) => ring.opensWith(secret),
    async protect(secret) {
      await ring.reload()
      await ring.protect(secret)
      options.tell?.()
    },
    resume,
    async start() {
      endings.push(
        ledger.onProjected((_, acts) => {
          if (acts.some(({ statement }) => changesKeys(statement.type))) resumeSoon()
        }),
      )
      await resume().catch((error) => log.warn('keys.resume', { error: String(error) }))
    },
    async stop() {
      for (const end of endings.splice(0)) end()
      spreading.stop()
      await running?.catch(() => undefined)
    },
  }
}

const kinds = {
  'register.rotated': 'rotated',
  'register.revoked': 'revoked',
  'register.recovered': 'recovered',
} as const

/** Acts after which a space and a register may differ in their keys. */
function changesKeys(type: string): boolean {
  return /^(register\.(rotated|revoked|recovered)|space\.(opened|member-admitted|keys-changed|host-changed))$/.test(
    type,
  )
}

function listKeys(content: Parameters<typeof newestOf>[0], register: RegisterState): ListedKey[] {
  const positions = new Map(register.actKeys.map(({ key, from }) => [key, from]))
  const signing = content.signing.map(({ use, publicKey, made }): ListedKey => {
    const isNewest = newestOf(content, use).publicKey === publicKey
    const from = use === 'act' ? positions.get(publicKey) : undefined
    return {
      use,
      fingerprint: kidOf(publicKey),
      state: use === 'next' ? 'next' : isNewest ? 'current' : 'former',
      ...(made > 0 ? { made } : {}),
      ...(from === undefined ? {} : { from }),
    }
  })
  const sealing = content.sealing.map(
    ({ publicKey, made }, place, all): ListedKey => ({
      use: 'sealing',
      fingerprint: toBase64url(sha256(fromBase64url(publicKey))),
      state: place === all.length - 1 ? 'current' : 'former',
      ...(made > 0 ? { made } : {}),
    }),
  )
  return [...signing, ...sealing]
}
