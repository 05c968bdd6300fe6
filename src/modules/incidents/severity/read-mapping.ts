import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, faulty, names, readDated } from '../../../core/dated-data/index.ts'
import shipped from './reference/mapping.json' with { type: 'json' }
import { readSchemes } from './read-schemes.ts'

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
const sourced = { source: z.string().min(1).max(2_000), unconfirmed: z.boolean() }
const scale = z.strictObject({ id, names, ...sourced, levels: z.array(z.strictObject({ id, names })).min(2) })

const mappingSchema = z.strictObject({
  ...datedHead,
  /** Scales of others that nothing is computed by here: levels from the least to the gravest. */
  scales: z.array(scale).max(60),
  maps: z
    .array(
      z.strictObject({
        between: z.tuple([id, id]),
        ...sourced,
        /** For each level of the first, those of the second that can mean the same, side by side; none: no counterpart. */
        rows: z.array(z.strictObject({ level: id, band: z.array(id) })),
      }),
    )
    .max(200),
  /** Which party speaks in which scale. */
  parties: z.array(z.strictObject({ party: z.string().min(1).max(253), scale: id, ...sourced })).max(300),
})
type MappingFile = z.output<typeof mappingSchema>
export type SeverityMap = MappingFile['maps'][number]
export type SeverityScale = Pick<MappingFile['scales'][number], 'id' | 'names' | 'levels'>

const mappingFile: DatedFile<MappingFile> = { path: 'severity/mapping.json', schema: mappingSchema, shipped }

export interface SeverityMapping {
  /** Schemes of the house, then the scales of others. */
  scales: readonly SeverityScale[]
  maps: readonly SeverityMap[]
  parties: MappingFile['parties']
  file: DatedData<MappingFile>
  /** Shipped maps that say nothing here, since the house has other levels, and what in them does not fit. */
  silent: readonly { between: readonly [string, string]; place: string; what: string }[]
  find(scale: string): SeverityScale | undefined
}

/** What the levels of scales have to do with one another, as the house knows it today. @throws Refusal `dated-data.faulty` */
export function readMapping(services: { settings: { dataDir?: string } }): SeverityMapping {
  const file = readDated(services, mappingFile)
  const { scales: others, maps, parties } = file.content
  const scales = [...readSchemes(services).schemes, ...others]
  const find = (name: string) => scales.find((one) => one.id === name)
  const silent: SeverityMapping['silent'][number][] = []
  const known = maps.filter((map, at) => {
    // A house that gave up a scheme keeps what was mapped to it in the file; it is passed over.
    if (!map.between.every(find)) return false
    const fault = faultIn(map, find)
    if (!fault) return true
    // The shipped mapping speaks of the shipped levels: where the house has others, it says nothing about them.
    if (!file.own) {
      silent.push({ between: map.between, place: `maps[${at}].${fault.place}`, what: fault.what })
      return false
    }
    throw faulty(mappingFile.path, `maps[${at}].${fault.place}`, fault.what)
  })
  return { scales, maps: known, parties: parties.filter((one) => find(one.scale)), file, silent, find }
}

function faultIn(
  { between: [left, right], rows }: SeverityMap,
  find: (name: string) => SeverityScale | undefined,
): { place: string; what: string } | undefined {
  const [from, to] = [left, right].map((name) => find(name)?.levels.map(({ id: level }) => level) ?? [])
  for (const level of from ?? [])
    if (rows.filter((row) => row.level === level).length !== 1)
      return { place: 'rows', what: `${level} of ${left} has to stand here once` }
  for (const [at, { level, band }] of rows.entries()) {
    if (!from?.includes(level)) return { place: `rows[${at}].level`, what: `${left} has no ${level}` }
    const places = band.map((one) => to?.indexOf(one) ?? -1)
    if (places.includes(-1)) return { place: `rows[${at}].band`, what: `${right} has no such level` }
    if (places.some((one, n) => n > 0 && one !== (places[n - 1] ?? 0) + 1))
      return { place: `rows[${at}].band`, what: 'levels of a band lie side by side, from the least to the gravest' }
  }
  return undefined
}

export interface Counterpart {
  /** Levels that can mean the same, from the least; none where the mapping knows no counterpart. */
  band: string[]
  map?: SeverityMap
}

/**
 * What a level of one scale can be called in another; undefined where nobody has mapped the two. Never through a third
 * scale: two judgements one after the other would look like one.
 */
export function counterpart(
  mapping: SeverityMapping,
  told: { scale: string; level: string },
  to: string,
): Counterpart | undefined {
  if (told.scale === to) return { band: [told.level] }
  const map = mapping.maps.find(({ between }) => between.includes(told.scale) && between.includes(to))
  if (!map) return undefined
  if (map.between[0] === told.scale)
    return { band: map.rows.find(({ level }) => level === told.level)?.band ?? [], map }
  return { band: map.rows.filter(({ band }) => band.includes(told.level)).map(({ level }) => level), map }
}
