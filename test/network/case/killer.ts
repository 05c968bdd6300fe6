import { setTimeout as pause } from 'node:timers/promises'
import type { LaunchedNode } from '../../../src/cli/demo/launch-node.ts'
import type { PartyKey } from '../../../src/cli/demo/parties.ts'
import { type Random, shuffled } from './random.ts'
import { partyKeys } from './what-nodes-hold.ts'

/** Kills processes of the case while its people work. */
export interface Killer {
  /** How requests to one party travel; kills fall among those that send a form. */
  fetchOf(party: PartyKey): (request: Request) => Promise<Response>
  /** From now on, on these nodes. */
  begin(nodes: Record<PartyKey, LaunchedNode>): void
  /** No more kills; resolves once every node is back. */
  end(): Promise<void>
  /** What was killed, when: `borovia after form 41`. */
  kills: { party: PartyKey; form: number; how: string }[]
}

/**
 * Each node dies `rounds` times, spread evenly over `forms` sent forms.
 *
 * Every other kill waits for the next form that goes to its victim and falls
 * into its handling, within the first 60 ms; the rest fall wherever the case
 * is. Half of the victims come back at once, the others after up to 2 s.
 */
export function createKiller(options: { random: Random; rounds: number; forms: number }): Killer {
  const { random, rounds, forms } = options
  const kills: Killer['kills'] = []
  const victims = Array.from({ length: rounds }, () => shuffled(partyKeys, random)).flat()
  const every = forms / victims.length
  const plan = victims.map((party, at) => ({
    party,
    form: Math.floor((at + 0.8 * random()) * every),
    isAimed: at % 2 === 0,
    delayMs: Math.floor(random() * 60),
    awayMs: random() < 0.5 ? 0 : Math.floor(random() * 2_000),
  }))
  const away = new Map<PartyKey, Promise<void>>()
  let nodes: Record<PartyKey, LaunchedNode> | undefined
  let sent = 0

  function strike(to: PartyKey): void {
    if (!nodes) return
    const due = plan.findIndex(({ party, form, isAimed }) => form <= sent && (!isAimed || party === to))
    const kill = due < 0 ? undefined : plan[due]
    if (!kill || away.has(kill.party)) return
    plan.splice(due, 1)
    const { party, delayMs, awayMs, isAimed } = kill
    kills.push({
      party,
      form: sent,
      how: `${isAimed ? 'in its handling' : 'meanwhile'}, after ${delayMs} ms, away ${awayMs} ms`,
    })
    const node = nodes[party]
    const back = (async () => {
      await pause(delayMs)
      await node.kill()
      await pause(awayMs)
      await node.restart()
      away.delete(party)
    })()
    away.set(party, back)
    back.catch(() => undefined)
  }

  return {
    kills,
    fetchOf: (party) => async (request) => {
      if (request.method !== 'POST') return fetch(request)
      strike(party)
      const response = await fetch(request)
      // A form sent again because its node was away counts once.
      if (nodes && response.status !== 503) sent += 1
      return response
    },
    begin(given) {
      nodes = given
    },
    async end() {
      nodes = undefined
      await Promise.all(away.values())
    },
  }
}
