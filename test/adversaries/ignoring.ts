import { sql } from 'kysely'
import { ignoredGraceMs } from '../../src/protocol/ignored-act.ts'
import type { Adversary, Stage, StagedAdversary, StageNode } from './scene.ts'

/** What one member hands in is never taken; its acts arrive by the hands of the others. */
export const deafToOne: StagedAdversary = {
  name: 'deaf to one member',
  rows: [2],
  evidence: 'nothing',
  async strike(scene) {
    const victim = scene.members[0]!
    ignore(scene, ({ from }) => from === victim.name)
    scene.send(victim, 'does nobody hear?')
  },
  async endured({ host, members, space }) {
    const said = await saidBy(members[0]!, space)
    for (const { hash, state } of said) {
      if (!(await host.now.ledger.findAct(hash)))
        return `the act ${hash} is not on the record, and others could bring it`
      if (state !== 'on-record') return `its author does not know that the act ${hash} is on the record`
    }
    return undefined
  },
}

/** What one member says is never taken, whoever brings it, and all others are served. */
export const ignoredMember: Adversary = {
  name: 'a member ignored by whatever way',
  rows: [2],
  evidence: 'ignored-tender',
  waitMs: ignoredGraceMs,
  async strike(scene) {
    const victim = scene.members[0]!
    ignore(scene, ({ authors }) => authors.includes(victim.party))
    scene.send(victim, 'does nobody hear?')
    const [other] = scene.members.slice(1)
    const isKept = async () => (await other!.now.federation.tenders.list(scene.space)).length > 0
    await scene.house.run(60_000, isKept)
  },
}

/** Answers as a host that is just about to, for ever. */
function ignore(
  { house, host, space }: Stage,
  isIgnored: (handedIn: { from: string; authors: string[] }) => boolean,
): void {
  house.wire.door(host.name, async (from, request, inside) => {
    if (new URL(request.url).pathname !== `/fed/v1/spaces/${space}/acts`) return inside(request)
    const { acts } = (await request.clone().json()) as { acts: { payload: string }[] }
    const authors = acts.map(({ payload }) => {
      const { author } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { author: string }
      return author
    })
    if (!isIgnored({ from, authors })) return inside(request)
    return Response.json({ answers: acts.map(() => ({ state: 'unavailable', hash: '', reason: 'closing' })) })
  })
}

async function saidBy({ now }: StageNode, space: string): Promise<{ hash: string; state: string }[]> {
  const { rows } = await sql<{ hash: string; state: string }>`
    select hash, state from home.outbox where space = ${space} and replaced_by is null`.execute(now.database.db)
  return rows
}
