import { atHome, mark, reveal, tlpRank } from '../../core/markings/index.ts'
import type { Services, Viewer, Visit } from '../../core/module/types.ts'
import type { Tlp } from '../../protocol/types.ts'
import { createTranslator } from '../../text/index.ts'
import { type GroundKind, incidentsNamed, type NamedIncident, readGrounds } from '../incidents/index.ts'
import { type Line, maySayBefore, reaches, readLines, standingIn } from '../lines/index.ts'
import { audienceOf, type TaskKind } from './kinds.ts'

export type ItemKind = GroundKind | 'line'

export interface ItemRef {
  incident: string
  kind: ItemKind
  id: string
}

/** Something a text may be drawn from, as it stands now. */
export interface Item extends ItemRef {
  stamp: string
  words: string
  marking: Tlp
  /** Why it may not be drawn now, whatever the marking of the task. */
  kept?: 'held-back' | 'not-for-them' | 'not-cleared'
}

/** How an item is named in a field of a form. */
export const itemKey = ({ incident, kind, id }: ItemRef): string => `${incident} ${kind} ${id}`

export interface Items {
  /** All of what this person may know of, narrower ones and kept ones included. */
  all: Item[]
  /** What became of an item; undefined where this person cannot find it. */
  find(ref: ItemRef): Item | undefined
}

/**
 * What incidents in sight hold that texts may be drawn from: facts, particulars, bottom line, assessment, and lines to
 * take. What lies in a compartment is none. A record has the marking of its incident, a line its own.
 */
export async function readItems(
  services: Services,
  viewer: Viewer,
  asked: { incidents: readonly string[]; kind: TaskKind },
): Promise<Items> {
  const named = await incidentsNamed(services, viewer, asked.incidents)
  const incidents = [...named.keys()]
  const [grounds, lines] = await Promise.all([
    readGrounds(services, viewer, incidents),
    Promise.all(incidents.map((incident) => readLines(services, viewer, { incident, exit: 'print' }))),
  ])
  const { language } = viewer.person
  const reading = { t: createTranslator(language), language, viewer, services }
  const recordOf = (incident: string, of: NamedIncident) => {
    const known = grounds.get(incident)
    const toItem = ({
      kind,
      id,
      stamp,
      words,
      isHeldBack,
    }: NonNullable<ReturnType<NonNullable<typeof known>['find']>>) =>
      ({
        ...{ incident, kind, id, stamp, words: words(reading), marking: of.marking },
        ...(isHeldBack && { kept: 'held-back' as const }),
      }) satisfies Item
    return {
      standing: (known?.standing ?? []).map(toItem),
      find: (kind: GroundKind, id: string) => {
        const found = known?.find({ kind, id })
        return found && found.state !== 'gone' ? toItem(found) : undefined
      },
    }
  }
  const records = new Map([...named].map(([incident, of]) => [incident, recordOf(incident, of)]))
  const said = lines.flat().map((line) => lineItem(services, line, asked.kind))
  return {
    all: [
      ...[...records.values()].flatMap(({ standing }) => standing),
      ...said.filter(({ kept }) => kept !== 'not-cleared'),
    ],
    find: ({ incident, kind, id }) =>
      kind === 'line'
        ? said.find((one) => one.id === id && one.incident === incident)
        : records.get(incident)?.find(kind, id),
  }
}

function lineItem({ clock }: Pick<Services, 'clock'>, line: Line, kind: TaskKind): Item {
  const { wording } = line
  const state = standingIn(line, line.language, { now: clock.now() })
  const before = audienceOf[kind]
  const isForThem = reaches(wording.audience, before) && maySayBefore(before, wording.marking)
  const kept = state !== 'may-be-said' ? 'not-cleared' : isForThem ? undefined : 'not-for-them'
  return {
    ...{ incident: line.incident, kind: 'line', id: line.id, words: wording.words, marking: wording.marking },
    stamp: state === 'may-be-said' ? wording.id : `${wording.id} ${state}`,
    ...(kept && { kept }),
  }
}

/** The gate: whether an item may be drawn into words so marked, by this person. */
export const mayDraw = (services: Services, viewer: Viewer, item: Item, marking: Tlp): boolean =>
  item.kept === undefined && !isNarrower(item, marking) && isShown(services, viewer, item)

export const isNarrower = (item: Pick<Item, 'marking'>, marking: Tlp): boolean =>
  tlpRank(item.marking) > tlpRank(marking)

const isShown = (services: Services, viewer: Viewer, { marking }: Item): boolean =>
  reveal(mark(true, { tlp: marking }), atHome(services, viewer), 'print').shown

/** What an item is, in a word, for people who choose or were refused. */
export const placeWords = ({ t }: Pick<Visit, 't'>, codeName: string, { kind }: Pick<Item, 'kind'>): string =>
  `${codeName} · ${t(`home-tasks.item.${kind}`)}`
