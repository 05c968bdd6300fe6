import { newId, readLeaf, signAct } from '../../src/protocol/index.ts'
import { appendRaw, forge } from './append-raw.ts'
import type { Adversary, Scene, Stage, StagedAdversary } from './scene.ts'

const puts = (name: string, rows: readonly number[], strike: StagedAdversary['strike']): StagedAdversary => ({
  name,
  rows,
  evidence: 'inadmissible-entry',
  strike,
})

/** An act stands before something its author says it had seen. */
export const reordered = puts('act before what its author had seen', [4], async ({ host, space }) => {
  const head = (await host.now.ledger.head(space))!
  await appendRaw(host, space, await forge(host, space, { seen: { size: head.size + 1, root: head.root } }))
})

export const backDated = puts('leaf time goes back', [5, 23], async ({ host, space }) => {
  await appendRaw(host, space, await forge(host, space), { timeBack: 60_000 })
})

export const forgedAuthor = puts('act in a member’s name under another key', [6], async ({ host, members, space }) => {
  await appendRaw(host, space, await forge(host, space, { author: members[0]!.party }))
})

/** The member's own signature, over other words. */
export const alteredAct = puts('altered act', [6], async ({ host, members, space }) => {
  const key = members[0]!.now.identity.keys.act
  const act = await forge(host, space, { author: members[0]!.party }, key)
  const other = await forge(host, space, { author: members[0]!.party, office: 'other' }, key)
  const envelope = { ...other.envelope, signature: act.envelope.signature }
  await appendRaw(host, space, { ...other, envelope })
})

async function firstNote({ host, space }: Stage) {
  const entries = await host.now.ledger.entries(space, 1, 100)
  const found = entries.map((entry) => readLeaf(entry).act)[0]
  return found ?? forge(host, space)
}

export const replayed = puts('the same act twice', [7], async (scene) => {
  const { host, space } = scene
  const isThere = (await host.now.ledger.head(space))!.size > 1
  const act = await firstNote(scene)
  await appendRaw(host, space, act)
  if (!isThere) await appendRaw(host, space, act)
})

export const wrongSpace = puts('an act of another space', [7], async ({ host, space }) => {
  await appendRaw(host, space, await forge(host, space, { space: newId() }))
})

export const sameId = puts('two acts of one author with one id', [8], async ({ host, space }) => {
  const first = await forge(host, space)
  await appendRaw(host, space, first)
  const { id } = first.statement
  await appendRaw(host, space, signAct({ ...first.statement, id, office: 'other-desk' }, host.now.identity.keys.act))
})

/** A party that left goes on writing, and its host lets it. */
export const removedMemberWrites: Adversary = {
  name: 'a removed member writes on',
  rows: [18, 22],
  evidence: 'inadmissible-entry',
  async strike(scene: Scene) {
    const { house, host, members, space } = scene
    const gone = members.at(-1)!
    const draft = {
      space,
      type: 'space.member-left',
      id: newId(),
      office: 'cyber-desk',
      body: { party: gone.party },
      marking: { tlp: 'AMBER' as const },
    }
    void gone.now.federation.outbox.send(draft).catch(() => undefined)
    const left = async () =>
      (await host.now.ledger.members(space)).some(({ party, until }) => party === gone.party && until !== undefined)
    await house.run(60_000, left)
    if (!(await left())) throw new Error('the member could not leave')
    await appendRaw(host, space, await forge(host, space, { author: gone.party }, gone.now.identity.keys.act))
  },
}
