import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type House, openHouse } from '../../app/open-house.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import {
  type Batch,
  beginBatch,
  getBatch,
  keepBatch,
  listBatches,
  listProblems,
  previewOf,
  readBatch,
  removeBatch,
} from '../../modules/published-incidents/index.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { type Call, type Command, Misuse, settingsOf } from '../command.ts'
import { personNamed } from '../person-named.ts'
import { askedSecret } from '../question.ts'

/** Data sets of published incidents, for the person at the machine: the same steps as on the page. */
export const published: Command = {
  name: 'published',
  summary: 'Import a data set of published incidents (EuRepoC format), show, keep or remove imports.',
  usage:
    'list | import --incidents <csv> [--attributions <csv>] [--receivers <csv>] --set <name> --edition <text> ' +
    '--source <text> --licence <text> --by <name> [--keep] | report <import> | keep|remove <import> --by <name>',
  takesSettings: true,
  options: {
    incidents: { type: 'string', help: 'the file of incidents' },
    attributions: { type: 'string', help: 'the file of attributions' },
    receivers: { type: 'string', help: 'the file of receivers' },
    set: { type: 'string', help: 'name of the data set; an import replaces what stands under it' },
    edition: { type: 'string', help: 'its edition, as the publisher numbers it' },
    source: { type: 'string', help: 'publisher and where it was published' },
    licence: { type: 'string', help: 'terms of the publisher, in one line' },
    by: { type: 'string', help: 'name of the person of this house who does it' },
    keep: { type: 'boolean', help: 'let it stand at once, without a look at what it changes' },
  },
  async run(call) {
    const [verb = 'list', id] = call.words
    const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (!act) throw new Misuse(`chancery published ${published.usage}`)
    const house = await openHouse(await settingsOf(call, { listens: false }), askedSecret)
    try {
      return await act(call, house, id)
    } finally {
      await house.close()
    }
  },
}

const verbs: Record<string, (call: Call, house: House, id?: string) => Promise<number>> = {
  async list({ say, tell }, { node: { services } }) {
    const batches = await listBatches(services)
    for (const one of batches) say(`${one.id}  ${one.state.padEnd(9)}  ${one.name} ${one.edition}, ${countsOf(one)}`)
    tell(batches.map(({ choices: _, ...batch }) => batch))
    return 0
  },
  import: importFiles,
  async report(call, { node: { services } }, id = '') {
    await tellReport(call, services, await getBatch(services, id))
    return 0
  },
  keep: (call, house, id) => decide(call, house, { id, done: keepBatch, words: 'stands' }),
  remove: (call, house, id) => decide(call, house, { id, done: removeBatch, words: 'is removed with every row of it' }),
}

async function decide(
  { options, say, tell }: Call,
  house: House,
  { id = '', done, words }: { id?: string; done: typeof keepBatch; words: string },
): Promise<number> {
  const viewer = await whoMay(house, options.by)
  await done(house.node.services, viewer, id)
  const batch = await getBatch(house.node.services, id)
  say(`${batch.name} ${batch.edition} ${words}.`)
  tell({ id, state: batch.state })
  return 0
}

async function importFiles(call: Call, house: House): Promise<number> {
  const { options } = call
  const [set, edition, source, licence] = ['set', 'edition', 'source', 'licence'].map((name) => textOf(options, name))
  if (!set || !edition || !source || !licence) throw new Misuse(`chancery published ${published.usage}`)
  const viewer = await whoMay(house, options.by)
  const { services } = house.node
  const files = []
  for (const kind of ['incidents', 'attributions', 'receivers'] as const) {
    const path = textOf(options, kind)
    if (path) files.push({ kind, name: basename(path), text: await utf8Of(path) })
  }
  const id = await beginBatch(services, viewer, { id: newId(), name: set, edition, source, licence, files })
  // A node that runs beside may have taken the reading up; both write each row once.
  await readBatch(services, id)
  const batch = await getBatch(services, id)
  if (batch.state === 'read' && options.keep === true) await keepBatch(services, viewer, id)
  await tellReport(call, services, await getBatch(services, id))
  return batch.state === 'failed' ? 1 : 0
}

async function tellReport({ say, tell }: Call, services: Services, batch: Batch): Promise<void> {
  const t = createTranslator('en')
  const preview = batch.state === 'read' ? await previewOf(services, batch.id) : undefined
  const problems = await listProblems(services, batch.id, { limit: 10_000 })
  say(`${batch.id}: ${batch.name} ${batch.edition}, ${batch.state}; ${countsOf(batch)}`)
  if (preview)
    say(
      `${preview.fresh} new, ${preview.changed} changed, ${preview.same} the same, ${preview.gone} gone; keep or remove`,
    )
  for (const one of problems) {
    const value = one.value.replaceAll('\n', ' ').slice(0, 80)
    const reason = t(`published-incidents.reason.${one.reason}`)
    const expected = t(`published-incidents.expected.${one.expected}`)
    say(
      `${one.file} ${one.line}, ${one.column}: ${JSON.stringify(value)} ${reason} Expected: ${expected}${one.unread ? ' (unread)' : ''}`,
    )
  }
  const { choices: _, ...said } = batch
  tell({ ...said, ...(preview && { preview }), problems })
}

const countsOf = ({ files, remarks }: Batch): string => {
  const rows = files.map(({ kind, rows: all, read }) => `${read} of ${all} ${kind}`)
  return `${rows.join(', ')}; ${remarks} remarks`
}

function textOf(options: Call['options'], name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

async function whoMay(house: House, by: unknown): Promise<Viewer> {
  const viewer = await personNamed(house, by)
  if (!viewer.may('incidents.published:manage'))
    throw new Misuse(`${viewer.person.name} may not import or remove data sets.`)
  return viewer
}

async function utf8Of(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (error) {
    if (error instanceof TypeError) throw new Misuse(`${path} is no text in UTF-8.`)
    throw error
  }
}
