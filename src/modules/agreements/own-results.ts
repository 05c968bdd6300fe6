import type { OwnResult, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'

/** In forms; a report names no more than a handful. */
const mostOffered = 40

/**
 * What this house did and can name in a report said in `space`, newest first: only what every member there holds too,
 * so that nobody is shown the mark of a space they are not in, and everybody can look for themselves.
 */
export async function listOwnResults(services: Services, viewer: Viewer, space: SpaceFacts): Promise<OwnResult[]> {
  const lists = await Promise.all(services.modules.map((module) => module.ownResults?.(services, viewer, space) ?? []))
  const results = lists.flat().toSorted((a, b) => b.at - a.at)
  const among = [...new Set(results.map((one) => one.space))]
  const spaces = among.length === 0 ? [] : await services.ledger.list({ among })
  const open = new Set(spaces.filter((one) => isHeldByAll(one, space)).map(({ id }) => id))
  return results.filter((one) => open.has(one.space)).slice(0, mostOffered)
}

const membersOf = ({ members }: SpaceFacts) => members.filter(({ until }) => until === undefined)

function isHeldByAll(source: SpaceFacts, space: SpaceFacts): boolean {
  const there = new Set(membersOf(source).map(({ party }) => party))
  return source.drill?.name === space.drill?.name && membersOf(space).every(({ party }) => there.has(party))
}

/** As a form names it. */
export const choiceOf = ({ of, space, act }: Pick<OwnResult, 'of' | 'space' | 'act'>): string => `${of}:${space}:${act}`
