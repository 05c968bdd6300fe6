import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Json, Route, Services, Visit } from '../../../core/module/types.ts'
import type { Returned } from '../../frame/index.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { loadIncident, namesOf } from '../read/load-incident.ts'
import { listPlaced } from '../weigh/responsibility.ts'
import * as inputs from './diamond-inputs.ts'
import { DiamondPage } from './diamond-page.tsx'
import { DiamondsPage } from './diamonds-page.tsx'
import { offerObjects } from './list-items.ts'
import { listPivots } from './list-pivots.ts'
import { isEdge } from './places.ts'
import { placeItem, sayFeatures, stepPlacing } from './place-item.ts'
import { type Diamond, readDiamonds } from './read-diamonds.ts'
import { readFeatureLists } from './read-features.ts'

const path = '/incidents/:incident/weighing/diamond'

/** Diamonds of an incident: which there are, one of them, and the forms of people who place something in it. */
export function diamondRoutes(services: Services): Route[] {
  // A mistake in the lists of the house stops the start.
  readFeatureLists(services)
  const again: Again = diamondPage
  const to = (_: unknown, { params }: Visit) => `/weighing/diamond/${params.about}`
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Diamonds of an incident',
      async handle(visit) {
        const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
        const { diamonds } = await readDiamonds(visit, loaded)
        if (visit.wantsJson) return { data: diamonds as unknown as Json }
        return { page: <DiamondsPage {...{ visit, loaded, diamonds }} /> }
      },
    },
    {
      method: 'GET',
      path: `${path}/:about`,
      permission: 'incidents:read',
      summary: 'One diamond: its corners, its edges, and what other incidents share with it',
      handle: (visit) => diamondPage(visit),
    },
    formRoute(
      {
        path: 'weighing/diamond/:about/placings',
        name: 'placing',
        input: inputs.placingInput,
        to,
        summary: 'Place an item at a corner or an edge',
        again,
      },
      (visit, id) => {
        const { item, ...placing } = visit.input
        return placeItem(visit, id, visit.params.about ?? '', { ...placing, ...item })
      },
    ),
    formRoute(
      {
        path: 'weighing/diamond/:about/placings/:placing/steps',
        name: 'step',
        input: inputs.stepInput,
        to,
        summary: 'Move a placing, take it away, or contest it',
        again,
      },
      (visit, id) =>
        stepPlacing(visit, id, visit.params.about ?? '', { ...visit.input, placing: visit.params.placing ?? '' }),
    ),
    formRoute(
      {
        path: 'weighing/diamond/:about/features',
        name: 'features',
        input: inputs.featuresInput,
        to: (_, { params }) => `/weighing/diamond/${params.about}#features`,
        summary: 'Say phase, direction, result, method and means',
        again,
      },
      (visit, id) => sayFeatures(visit, id, visit.params.about ?? '', visit.input),
    ),
  ]
}

async function diamondPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer, params, query } = visit
  const loaded = await loadIncident(services, viewer, idOf(visit))
  const typed = [returned?.values.item ?? []].flat().flatMap((one) => (typeof one === 'string' ? one : []))
  const { diamonds, items } = await readDiamonds(
    visit,
    loaded,
    typed.flatMap((one) => (/^object:[a-z0-9-]+$/i.test(one) ? one.slice('object:'.length) : [])),
  )
  const diamond = diamonds.find(({ subject }) => subject.chain.includes(params.about ?? ''))
  if (!diamond) throw new Refusal('incidents.diamond-not-found')
  const found = String(returned?.values.find ?? query.get('find') ?? '').slice(0, 300)
  const [offered, pivots, placed, names] = await Promise.all([
    offerObjects(services, viewer, loaded.incident.id, found),
    listPivots(services, viewer, loaded.incident, pivotItems(diamond, items)),
    listPlaced(services, viewer, loaded.incident.id),
    namesOf(services, peopleIn(diamond)),
  ])
  if (visit.wantsJson) return { data: { ...diamond, pivots } as unknown as Json }
  const asked = params.placing ?? query.get('placing')
  const chosen = diamond.placings.find(({ id, isAway }) => id === asked && !isAway)
  const isSaying = (returned?.form ?? query.get('say')) === 'features'
  const form = chosen ? 'step' : isSaying ? 'features' : 'placing'
  return {
    page: (
      <DiamondPage
        {...{ visit, loaded, diamond, items, offered, found, pivots, placed, names, chosen, form, returned }}
      />
    ),
    ...(returned && { status: 422 }),
  }
}

/** What stands at a corner, and the objects that evidence there is about. */
function pivotItems({ placings }: Diamond, items: Awaited<ReturnType<typeof readDiamonds>>['items']) {
  const standing = placings.filter(({ isAway, place }) => !isAway && !isEdge(place)).map(({ item }) => item)
  const about = new Set(standing.flatMap(({ evidence }) => evidence?.stixId ?? []))
  return [...new Set([...standing, ...items.filter(({ kind, id }) => kind === 'object' && about.has(id))])]
}

function peopleIn({ placings, features }: Diamond): string[] {
  return [...placings, ...placings.flatMap(({ steps }) => steps), ...features].map(({ by }) => by)
}
