import { reveal } from '../../core/markings/index.ts'
import type { ActAction, ActFace, FaceProps, ShownAct, SpaceFacts, TenderedAct } from '../../core/module/types.ts'
import { findFace, readerOf } from './show-acts.ts'
import type { Reading } from './timeline.ts'

/** An act that members keep while its host is silent, as the page of its space sets it. */
export interface TenderedEntry {
  tendered: TenderedAct
  shown: ShownAct
  face?: ActFace
  props: FaceProps
  actions: ActAction[]
}

/** What is tendered in a space and not yet on the record, in the order it came. */
export async function loadTendered(reading: Reading, space: SpaceFacts): Promise<TenderedEntry[]> {
  const { services, viewer, t, language } = reading
  const acts = await services.tenders.list(space.id)
  if (acts.length === 0) return []
  const contents = await services.tenders.content(acts)
  return Promise.all(
    acts.map(async (tendered) => {
      const shown = show(tendered, space, contents.get(tendered.hash), reading)
      const face = findFace(services, tendered.statement.type)
      const props: FaceProps = { shown, services, viewer, t, language }
      const isReadable = shown.content?.body !== undefined && tendered.refused === undefined
      const actions = (isReadable && (await face?.tenderedActions?.(props, acts))) || []
      return { tendered, shown, face, props, actions }
    }),
  )
}

function show(
  { hash, statement, since }: TenderedAct,
  space: SpaceFacts,
  marked: Parameters<typeof reveal>[0] | undefined,
  { services, viewer }: Reading,
): ShownAct {
  const act = { space: space.id, index: space.size, hash, time: since, scenarioTime: since, statement }
  if (!marked) return { act, space }
  const revealed = reveal(marked, readerOf(services, viewer), 'page')
  return revealed.shown
    ? { act, space, content: revealed.value as ShownAct['content'] }
    : { act, space, withheld: revealed.reason }
}
