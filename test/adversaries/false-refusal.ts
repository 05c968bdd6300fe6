import { signRefusal } from '../../src/protocol/index.ts'
import type { StagedAdversary } from './scene.ts'

/** The host puts an act on record and tells its author, signed, that it never can be. */
export const falseRefusal: StagedAdversary = {
  name: 'refused, and on record',
  rows: [2],
  evidence: 'refused-on-record',
  async strike({ house, host, members, space, send }) {
    const author = members[0]!
    house.wire.door(host.name, async (from, request, inside) => {
      const answer = await inside(request)
      const isHandedIn = new URL(request.url).pathname === `/fed/v1/spaces/${space}/acts` && from === author.name
      if (!isHandedIn || !answer.ok) return answer
      const { answers } = (await answer.json()) as { answers: { state: string; hash: string }[] }
      const lie = answers.map((one) => {
        if (one.state !== 'on-record') return one
        const said = { rule: 'id-taken', detail: 'another act has this id' }
        const refusal = signRefusal(
          { v: 1, space, act: one.hash, ...said, at: house.time.now() },
          host.now.identity.keys.host,
        )
        return { state: 'refused', hash: one.hash, ...said, refusal }
      })
      return Response.json({ answers: lie })
    })
    send(author, 'refused?')
  },
}
