import { z } from 'zod'
import { type DatedData, type DatedFile, datedHead, names, readDated } from '../../../core/dated-data/index.ts'
import shipped from '../reference/probability.json' with { type: 'json' }

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
const percent = z.number().min(0).max(100)
const word = z
  .strictObject({ word: id, names: names.optional(), from: percent, to: percent })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'a band ends above where it begins' })
const scheme = z.strictObject({
  id,
  name: z.string().min(1).max(60),
  source: z.string().min(1).max(2_000),
  unconfirmed: z.boolean(),
  words: z.array(word).min(2).max(20),
})
const probabilitySchema = z.strictObject({
  ...datedHead,
  schemes: z.array(scheme).min(1).max(12),
  confidence: z.strictObject({ source: z.string().min(1).max(2_000), levels: z.array(id) }),
})
type ProbabilityFile = z.output<typeof probabilitySchema>
export type ProbabilityScheme = ProbabilityFile['schemes'][number]
export type ProbabilityWord = ProbabilityScheme['words'][number]

const probabilityFile: DatedFile<ProbabilityFile> = {
  path: 'weighing/probability.json',
  schema: probabilitySchema,
  shipped,
}

type Reading = { settings: { dataDir?: string } }

/** Schemes of probability words as the file of the house says today. @throws Refusal `dated-data.faulty` */
export const readProbability = (services: Reading): DatedData<ProbabilityFile> => readDated(services, probabilityFile)

/** A word with its scheme, as `<scheme>:<word>`; none where the file has none such. */
export function findWord(
  services: Reading,
  named: string,
): { scheme: ProbabilityScheme; word: ProbabilityWord } | undefined {
  const [schemeId = '', wordId = ''] = named.split(':')
  const found = readProbability(services).content.schemes.find((one) => one.id === schemeId)
  const said = found?.words.find((one) => one.word === wordId)
  return found && said && { scheme: found, word: said }
}

/** What of a band of one scheme lies in a band of another, in per cent; a shared edge is nothing shared. */
export function sharedBand(
  one: Pick<ProbabilityWord, 'from' | 'to'>,
  other: Pick<ProbabilityWord, 'from' | 'to'>,
): { from: number; to: number } | undefined {
  const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)]
  return from < to ? { from, to } : undefined
}
