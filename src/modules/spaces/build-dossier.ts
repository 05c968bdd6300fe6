import { Refusal } from '../../core/http/index.ts'
import { reveal } from '../../core/markings/index.ts'
import type { LoggedAct, Services, SpaceFacts } from '../../core/module/types.ts'
import { peekCheckpoint } from '../../protocol/index.ts'
import { type DossierInput, type DossierSpace, writeDossier } from '../../protocol/dossier/index.ts'
import { audienceReader, type DossierTerms, type PlannedSpace, shutBy } from './plan-dossier.ts'

const entriesPerRead = 512
/** Files larger than this together do not fit one archive in memory. */
const mostBytes = 256 * 1024 * 1024

/** All acts of a space as listed on the page of the dossier. */
export async function allActs(services: Services, space: SpaceFacts): Promise<LoggedAct[]> {
  const acts: LoggedAct[] = []
  while (acts.length < space.size) {
    const more = await services.ledger.acts(space.id, { from: acts.length, limit: entriesPerRead })
    if (more.length === 0) break
    acts.push(...more)
  }
  return acts
}

/**
 * The dossier as a file. Registers of all members come along whole: without them names would hang on nothing.
 *
 * @param files - `beside`: attachments are handed over in files of their own, and only their commitments stand in it.
 * @throws Refusal `spaces.dossier-too-large`, `spaces.dossier-incomplete` when entries are not here.
 */
export async function buildDossier(
  services: Services,
  terms: DossierTerms,
  planned: readonly PlannedSpace[],
  files: 'inside' | 'beside' = 'inside',
): Promise<Uint8Array> {
  const registers = await registersOf(
    services,
    planned.map(({ space }) => space),
  )
  const spaces: DossierSpace[] = []
  for (const { space } of [...planned, ...registers]) spaces.push(await readLog(services, space))
  return writeDossier({
    purpose: terms.purpose,
    audience: terms.audience,
    maker: services.party,
    made: services.clock.now(),
    spaces,
    parts: await readParts(services, terms, [...planned, ...registers], files),
    withheld: new Map(
      planned.flatMap(({ acts }) => acts.flatMap((one) => (one.stub ? [[one.act.hash, one.stub] as const] : []))),
    ),
  })
}

async function registersOf(services: Services, spaces: readonly SpaceFacts[]): Promise<PlannedSpace[]> {
  const parties = new Set(spaces.flatMap((space) => [space.host, ...space.members.map((member) => member.party)]))
  const registers = (await services.ledger.list({ kind: 'register' })).filter((one) => parties.has(one.host))
  return Promise.all(
    registers.map(async (space) => ({
      space,
      acts: (await allActs(services, space)).map((act) => ({ act })),
    })),
  )
}

/** Entries exactly up to the newest checkpoint: what came in meanwhile waits for the next dossier. */
async function readLog(services: Services, space: SpaceFacts): Promise<DossierSpace> {
  const { note: checkpoint, apart } = await services.ledger.cosigned(space.id)
  const { size } = peekCheckpoint(checkpoint)
  const entries: Uint8Array[] = []
  while (entries.length < size) {
    const more =
      (await services.ledger.entries?.(space.id, entries.length, Math.min(entriesPerRead, size - entries.length))) ?? []
    if (more.length === 0) throw new Refusal('spaces.dossier-incomplete')
    entries.push(...more)
  }
  return { entries, checkpoint, cosignatures: apart }
}

/** Blobs of what goes in, and nothing else; an attachment marked narrower than its act stays out by itself. */
async function readParts(
  services: Services,
  terms: DossierTerms,
  spaces: readonly PlannedSpace[],
  files: 'inside' | 'beside',
): Promise<DossierInput['parts']> {
  const parts = new Map<string, Uint8Array>()
  let bytes = 0
  for (const { acts } of spaces) {
    const whole = acts.filter((one) => one.stub === undefined).map((one) => one.act)
    const narrower = await narrowAttachments(services, terms, whole)
    for (const act of whole) {
      const wanted = act.statement.parts.filter(
        (part) => !narrower.has(part.hash) && (files === 'inside' || part.role !== 'attachment'),
      )
      bytes += wanted.reduce((sum, part) => sum + part.size, 0)
      if (bytes > mostBytes) throw new Refusal('spaces.dossier-too-large')
      const blobs = await readBlobs(services, act, files)
      for (const { hash } of wanted) {
        const blob = blobs.get(hash)
        if (blob) parts.set(hash, blob)
      }
    }
  }
  return parts
}

/** Salt and content of what an act says; with files beside, those are never read into memory. */
async function readBlobs({ ledger }: Services, { hash, statement }: LoggedAct, files: 'inside' | 'beside') {
  if (files === 'inside') return ledger.payload(hash)
  const roles = new Set(statement.parts.map(({ role }) => role).filter((role) => role !== 'attachment'))
  const read = await Promise.all([...roles].map((role) => ledger.payload(hash, role)))
  return new Map(read.flatMap((one) => [...one]))
}

/** Parts that stay out: files marked narrower, and with any of them the list in which their names stand. */
async function narrowAttachments(
  services: Services,
  terms: DossierTerms,
  acts: readonly LoggedAct[],
): Promise<Set<string>> {
  const withFiles = acts.filter((act) => act.statement.parts.some((part) => part.role === 'attachment'))
  const contents = await services.ledger.content(withFiles.map((act) => act.hash))
  return new Set(
    [...contents].flatMap(([hash, marked]) => {
      const revealed = reveal(marked, audienceReader(terms), 'dossier', { consented: true })
      // What cannot be read cannot be judged: then no file of it goes in.
      if (!revealed.shown) return withFiles.flatMap((act) => act.statement.parts.map((part) => part.hash))
      const narrow = revealed.value.attachments.filter((one) => one.marking && shutBy(one.marking, terms, true))
      return narrow.length === 0 ? [] : [...narrow.map((one) => one.hash), ...listsIn(withFiles, hash)]
    }),
  )
}

const listsIn = (acts: readonly LoggedAct[], hash: string): string[] =>
  acts
    .filter((act) => act.hash === hash)
    .flatMap(({ statement }) => statement.parts.filter(({ role }) => role === 'attachments'))
    .map((part) => part.hash)
