import type { LogLedger } from '../log/index.ts'
import { createSingle } from './pace.ts'
import type { PeerClient } from './peer-client.ts'

/** Cosigns what was fetched and brings the line to the host: that is the receipt of delivery. */
export function createConfirming(options: {
  ledger: LogLedger
  client: PeerClient
  inBackground(work: Promise<void>, space: string): void
}) {
  const { ledger, client, inBackground } = options
  const cosigning = createSingle<string>(cosign)
  /** Largest size whose cosignature the host of a space has from us. */
  const cosigned = new Map<string, number>()
  /** Spaces whose host has not confirmed our newest cosignature. */
  const unsent = new Map<string, string>()

  /** A cosignature says that entries and payloads are here: it is also the receipt of delivery. */
  async function cosign(space: string, party: string): Promise<void> {
    const cosignature = await ledger.cosign(space)
    if (!cosignature || (cosigned.get(space) ?? -1) >= cosignature.size) return
    unsent.set(space, party)
    await client.ask(party, {
      method: 'POST',
      path: `/fed/v1/spaces/${space}/cosignatures`,
      body: { size: cosignature.size, lines: [cosignature.line] },
    })
    cosigned.set(space, cosignature.size)
    unsent.delete(space)
  }

  return {
    /** Entries up to a size are here: their host gets our cosignature, unless it has it. */
    confirm(space: string, host: string, size: number): void {
      if ((cosigned.get(space) ?? -1) < size) inBackground(cosigning.go(space, host), space)
    },
    /** The peer is heard again: cosignatures that got lost on the way go once more. */
    sendUnsent(party: string): void {
      for (const [space, host] of unsent) if (host === party) inBackground(cosigning.go(space, party), space)
    },
    forget(space: string): void {
      cosigned.delete(space)
      unsent.delete(space)
    },
    idle: cosigning.idle,
  }
}
