import { tlpRank } from '../../../core/markings/index.ts'
import type { KeptGround, Services, Viewer } from '../../../core/module/types.ts'
import { incidentsNamed, type GroundKind, groundKinds, readGrounds, spacesOf } from '../../incidents/index.ts'
import { isShown, type LineGround, type LineGroundRef, type LineGrounds } from './line-ground.ts'
import { readActGrounds } from './read-act-grounds.ts'

const isOfIncident = (kind: string): kind is GroundKind => (groundKinds as readonly string[]).includes(kind)

/**
 * What lines of these incidents can rest on, and what became of it. With `only`, nothing else is looked for: whoever reads
 * lines asks for what they rest on, whoever writes one for all that stands.
 */
export async function readLineGrounds(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
  only?: readonly LineGroundRef[],
): Promise<Map<string, LineGrounds>> {
  const hashes = only?.flatMap(({ kind, id }) => (kind === 'act' ? [id] : []))
  const wantsKept = only?.some(({ kind }) => kind === 'attribution' || kind === 'statement') ?? true
  const [own, named, spaces, kept] = await Promise.all([
    readGrounds(services, viewer, incidents),
    incidentsNamed(services, viewer, incidents),
    hashes?.length === 0 ? new Map<string, string[]>() : spacesOf(services, viewer, incidents),
    wantsKept ? keptGrounds(services, viewer, incidents) : [],
  ])
  const acts = await readActGrounds(services, viewer, {
    spaces: [...new Set([...spaces.values()].flat())],
    ...(hashes && { hashes }),
  })
  return new Map(
    incidents.map((incident) => {
      const here = spaces.get(incident) ?? []
      const beside = [
        ...kept.filter((one) => one.incident === incident).map((one) => toGround(services, viewer, one)),
        ...[...acts.values()].filter(({ space }) => here.includes(space)),
      ]
      const mine = own.get(incident)
      const widest = named.get(incident)?.marking
      // Marked narrower than the incident, it would tell of itself to whoever reads the line.
      const isOffered = ({ state, marking, isWithheld }: LineGround) =>
        (state === 'stands' || state === 'contested') &&
        !isWithheld &&
        widest !== undefined &&
        (marking === undefined || tlpRank(marking.tlp) <= tlpRank(widest))
      return [
        incident,
        {
          standing: [...(mine?.standing ?? []), ...beside.filter(isOffered)],
          find: ({ kind, id }) =>
            isOfIncident(kind) ? mine?.find({ kind, id }) : beside.find((one) => one.kind === kind && one.id === id),
        } satisfies LineGrounds,
      ]
    }),
  )
}

const keptGrounds = async (services: Services, viewer: Viewer, incidents: readonly string[]): Promise<KeptGround[]> =>
  (await Promise.all(services.modules.map((one) => one.keptGrounds?.(services, viewer, incidents) ?? []))).flat()

function toGround(services: Services, viewer: Viewer, { incident: _, ...kept }: KeptGround): LineGround {
  return isShown(services, viewer, kept.marking) ? kept : { ...kept, isWithheld: true, words: () => '' }
}
