import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, faulty, readDated } from '../../../core/dated-data/index.ts'
import { sha256, toBase64url, utf8 } from '../../../protocol/index.ts'
import chancery from './reference/chancery-1.json' with { type: 'json' }
import euImpact from './reference/eu-impact.json' with { type: 'json' }
import eurepoc from './reference/eurepoc.json' with { type: 'json' }
import house from './reference/house.json' with { type: 'json' }
import nciss from './reference/nciss.json' with { type: 'json' }
import { type SeverityScheme, schemeSchema } from './scheme.ts'

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
const houseSchema = z
  .strictObject({ ...datedHead, schemes: z.array(id).min(1).max(12), shown: id })
  .refine(({ schemes, shown }) => schemes.includes(shown), { path: ['shown'], message: 'is none of the schemes' })
  .refine(({ schemes }) => new Set(schemes).size === schemes.length, { path: ['schemes'], message: 'one stands twice' })
type House = z.output<typeof houseSchema>

const shipped: Record<string, unknown> = { 'chancery-1': chancery, nciss, 'eu-impact': euImpact, eurepoc }
const houseFile: DatedFile<House> = { path: 'severity/house.json', schema: houseSchema, shipped: house }

/** A scheme of its own lies beside the shipped ones as `severity/<id>.json` and is named in `severity/house.json`. */
const schemeFile = (name: string): DatedFile<SeverityScheme> => ({
  path: `severity/${name}.json`,
  schema: schemeSchema,
  shipped: shipped[name],
})

export interface SeveritySchemes {
  /** In the order of the house. */
  schemes: readonly SeverityScheme[]
  /** The one shown in the head of an incident and in lists. */
  shown: SeverityScheme
  /** Of each scheme and of the choice among them, for the note on every page. */
  files: readonly DatedData<SeverityScheme | House>[]
  find(scheme: string): SeverityScheme | undefined
  fileOf(scheme: SeverityScheme): DatedData<SeverityScheme>
}

type Reading = { settings: { dataDir?: string } }

/** The schemes of the house as its files say today. @throws Refusal `dated-data.faulty` */
export function readSchemes(services: Reading): SeveritySchemes {
  const chosen = readDated(services, houseFile)
  const files = chosen.content.schemes.map((name) => {
    const file = readDated(services, schemeFile(name))
    if (file.content.id !== name) throw faulty(file.path, 'id', `has to be ${name}, as the file is called`)
    return file
  })
  const schemes = files.map(({ content }) => content)
  const find = (name: string) => schemes.find((one) => one.id === name)
  return {
    schemes,
    shown: find(chosen.content.shown) as SeverityScheme,
    files: [...files, chosen],
    find,
    fileOf: (scheme) => files.find(({ content }) => content === scheme) as DatedData<SeverityScheme>,
  }
}

/** Fingerprint of a scheme: whether an assessment was made under the rules that stand. */
export const printOf = (scheme: SeverityScheme): string => toBase64url(sha256(utf8(JSON.stringify(scheme))))
