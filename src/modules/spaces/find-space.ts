import { Refusal } from '../../core/http/index.ts'
import type { LoggedAct, Services, SpaceFacts } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'

/** @throws Refusal `not-found` */
export async function getSpace(services: Services, id: string | undefined): Promise<SpaceFacts> {
  const space = id !== undefined && isId(id) ? await services.ledger.find(id) : undefined
  if (!space) throw new Refusal('not-found')
  return space
}

/** An act of that very space. @throws Refusal `not-found` */
export async function getAct(services: Services, space: SpaceFacts, hash: string | undefined): Promise<LoggedAct> {
  const act = hash !== undefined && /^[A-Za-z0-9_-]{43}$/.test(hash) ? await services.ledger.findAct(hash) : undefined
  if (!act || act.space !== space.id) throw new Refusal('not-found')
  return act
}

/** True while our own party is a member that may write. */
export function mayWriteIn(services: Pick<Services, 'party'>, space: SpaceFacts): boolean {
  return space.members.some(
    (member) => member.party === services.party && member.until === undefined && member.role !== 'observer',
  )
}
