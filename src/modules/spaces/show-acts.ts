import { lapsedAct } from '../../core/clocks/index.ts'
import { atHome, reveal } from '../../core/markings/index.ts'
import type {
  ActDefinition,
  ActFace,
  Exit,
  LoggedAct,
  Services,
  ShownAct,
  SpaceFacts,
  Viewer,
} from '../../core/module/types.ts'

/** What the people of our own party may see at an exit of this node. */
export const readerOf = (services: Pick<Services, 'party'>, viewer: Viewer) => atHome(services, viewer)

/** Acts of one space with what the gate lets this viewer read of them, in the given order. One query for all. */
export async function showActs(
  services: Services,
  viewer: Viewer,
  space: SpaceFacts,
  acts: readonly LoggedAct[],
  exit: Exit = 'page',
): Promise<ShownAct[]> {
  const contents = await services.ledger.content(acts.map((act) => act.hash))
  const reader = readerOf(services, viewer)
  return acts.map((act) => {
    const marked = contents.get(act.hash)
    if (!marked) return { act, space }
    const revealed = reveal(marked, reader, exit)
    return revealed.shown ? { act, space, content: revealed.value } : { act, space, withheld: revealed.reason }
  })
}

/** Look of an act type, or undefined if no module of this version knows it. */
export function findFace(services: Pick<Services, 'modules'>, type: string): ActFace | undefined {
  for (const module of services.modules) {
    const face = module.faces?.find((one) => one.type === type)
    if (face) return face
  }
  return undefined
}

export function findDefinition(services: Pick<Services, 'modules'>, type: string): ActDefinition | undefined {
  if (type === lapsedAct.type) return lapsedAct
  for (const module of services.modules) {
    const definition = module.acts?.find((one) => one.type === type)
    if (definition) return definition
  }
  return undefined
}

/** What the faces need for all acts of a page: one `load` per type, act hash → facts. */
export async function loadFacts(
  services: Services,
  viewer: Viewer,
  shown: readonly ShownAct[],
): Promise<Map<string, unknown>> {
  const byType = Map.groupBy(shown, (one) => one.act.statement.type)
  const loads = [...byType].map(async ([type, acts]) => findFace(services, type)?.load?.(services, acts, viewer))
  const loaded = await Promise.all(loads)
  return new Map(loaded.flatMap((facts) => (facts ? [...facts] : [])))
}

/** Record-keeping that timelines fold: acts of the space itself and what its module calls technical. */
export function isTechnical(services: Pick<Services, 'modules'>, type: string): boolean {
  if (/^(space|drill|register)\./.test(type)) return true
  return findDefinition(services, type)?.technical === true
}
