import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type LaunchedNode, launchNode } from '../../../src/cli/demo/launch-node.ts'
import { type PartyKey, parties } from '../../../src/cli/demo/parties.ts'
import type { Stage } from '../../../src/cli/demo/stage.ts'
import { findFreePort } from '../../../src/core/config/index.ts'
import { removeEmbeddedPostgres } from '../../../src/core/storage/index.ts'
import { signInPeople } from './people-of-the-case.ts'
import { partyKeys } from './what-nodes-hold.ts'

export const program = resolve(import.meta.dirname, '../../../dist/chancery.js')
export const bundle = resolve(import.meta.dirname, '../../../src/cli/demo/aurelia-banks.stix.json')

export interface LaunchedCase {
  nodes: Record<PartyKey, LaunchedNode>
  people: Stage['people']
  stage: Stage
  beats: string[]
}

/** Nodes as processes of their own with people signed in; all is ended and removed when the test ends. */
export async function launchCase(
  t: { after(end: () => Promise<void>): void },
  options: {
    firstPort: number
    fetchOf?(party: PartyKey): (request: Request) => Promise<Response>
    onBeat?(line: string): void
  },
): Promise<LaunchedCase> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-case-'))
  const launched: Partial<Record<PartyKey, LaunchedNode>> = {}
  t.after(async () => {
    await Promise.all(Object.values(launched).map((node) => node.stop()))
    await Promise.all(partyKeys.map((key) => removeEmbeddedPostgres(join(folder, key))))
    await rm(folder, { recursive: true, force: true })
  })
  const taken = new Set<number>()
  const ports: number[] = []
  for (const _ of partyKeys) {
    const port = await findFreePort(options.firstPort, '127.0.0.1', taken)
    taken.add(port)
    ports.push(port)
  }
  await Promise.all(
    partyKeys.map(async (key, at) => {
      const port = ports[at] ?? 0
      launched[key] = await launchNode({ key, party: parties[key], dataDir: join(folder, key), port, program })
    }),
  )
  const nodes = launched as Record<PartyKey, LaunchedNode>
  const desks = Object.fromEntries(
    partyKeys.map((key) => [key, { ...nodes[key], connectUrl: nodes[key].peerUrl }]),
  ) as Record<PartyKey, LaunchedNode & { connectUrl: string }>
  const people = await signInPeople(desks, options.fetchOf ?? (() => fetch))
  const beats: string[] = []
  const peerUrls = Object.fromEntries(partyKeys.map((key) => [key, nodes[key].peerUrl])) as Stage['peerUrls']
  const stage: Stage = {
    people,
    peerUrls,
    tell({ line }) {
      beats.push(line)
      options.onBeat?.(line)
    },
  }
  return { nodes, people, stage, beats }
}
