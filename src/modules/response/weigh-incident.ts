import type { Reader } from '../../core/storage/types.ts'
import { type GivenAnswer, readAnswers, valuesOf } from './answers.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'
import { inForce, type Override, readOverrides } from './overrides.ts'
import { readSheets, type Sheet } from './sheets.ts'
import { type Weighed, weighOptions } from './weigh-options.ts'

export interface WeighedIncident extends Weighed {
  catalogue: Catalogue
  answers: ReadonlyMap<string, GivenAnswer>
  overrides: readonly Override[]
  sheets: ReadonlyMap<string, Sheet>
}

/** The options of an incident as its answers, sheets and the words of legal advisers stand now. */
export async function weighIncident(
  { db, settings }: { db: Reader; settings: { dataDir?: string } },
  incident: string,
): Promise<WeighedIncident> {
  const catalogue = readCatalogue({ settings })
  const [answers, sheets] = await Promise.all([readAnswers(db, incident), readSheets(db, incident)])
  const values = valuesOf(answers)
  const overrides = await readOverrides(db, catalogue.rules, { incident, answers: values })
  const weighed = weighOptions(catalogue, {
    answers: values,
    overrides: inForce(overrides),
    sheets: Object.fromEntries(
      [...sheets].map(([measure, { content }]) => [
        measure,
        { proportionate: content.proportionate, rights: content.rights },
      ]),
    ),
  })
  return { ...weighed, catalogue, answers, overrides, sheets }
}
