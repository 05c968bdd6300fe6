import { z } from 'zod'
import type { ActDefinition, ActDraft, SpaceFacts, Submission } from '../../src/core/module/types.ts'
import { newId } from '../../src/protocol/index.ts'
import type { NetworkNode } from './network.ts'

/** The least an act can be, for tests below the modules. */
export const noteActs: ActDefinition[] = [
  {
    type: 'notes.note-sent',
    body: z.strictObject({ number: z.string().max(40) }),
    text: z.strictObject({ subject: z.string().max(2_000_000) }),
    kinds: ['channel', 'case', 'forum'],
    who: 'any member',
    requires: 'nothing',
    effect: 'none',
    release: 'direct',
  },
]

export function openChannel(host: NetworkNode, members: readonly NetworkNode[]): Promise<SpaceFacts> {
  return host.ledger.open({
    id: newId(),
    kind: 'channel',
    title: { en: 'Hotline' },
    purpose: 'communication',
    office: 'cyber-desk',
    members: members.map(({ party }) => ({ party, role: 'member' as const })),
  })
}

export function note(space: string, number: string, more: Partial<ActDraft> = {}): ActDraft {
  return {
    space,
    type: 'notes.note-sent',
    id: newId(),
    office: 'cyber-desk',
    body: { number },
    text: { subject: `Note ${number}` },
    marking: { tlp: 'AMBER' },
    ...more,
  }
}

/** The act by which a member says that `to` orders the space from here on. */
export function hostChange(space: string, to: NetworkNode): ActDraft {
  const { party } = to
  return {
    space,
    type: 'space.host-changed',
    id: newId(),
    office: 'cyber-desk',
    body: { host: { party, origin: `${party}/spaces/${space}`, key: to.identity.keys.host.publicKey } },
    marking: { tlp: 'AMBER' },
  }
}

/** Resolves when the condition holds; asks again ever more seldom. Rejects after `withinMs`: long for a busy machine. */
export async function until(holds: () => Promise<boolean>, what: string, withinMs = 60_000): Promise<void> {
  const began = performance.now()
  while (!(await holds())) {
    const waited = performance.now() - began
    if (waited > withinMs) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, Math.min(50, 5 + waited / 4)))
  }
}

/** Sends, and waits until the act stands so: on a busy machine that may take longer than one operation waits. */
export async function sendUntil<State extends Submission['state']>(
  { name, outbox }: Pick<NetworkNode, 'name' | 'outbox'>,
  draft: ActDraft,
  state: State,
): Promise<Submission & { state: State }> {
  let sent = await outbox.send(draft)
  await until(
    async () => {
      if (sent.state !== state) sent = await outbox.settle(sent.hash)
      return sent.state === state
    },
    `what ${name} sent is ${state}: ${JSON.stringify(sent)}`,
  )
  return sent as Submission & { state: State }
}

/** Resolves once the node has this many entries of the space and all their payloads. */
export function untilSize(node: NetworkNode, space: string, size: number): Promise<void> {
  return until(async () => {
    const head = await node.ledger.head(space)
    return (head?.size ?? 0) >= size && (await node.ledger.missingParts(space)).length === 0
  }, `${node.name} has ${size} entries of ${space}`)
}
