import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { atHome, mark, reveal } from '../../../core/markings/index.ts'
import { paragraphsOf } from '../../../core/module/fields.ts'
import type { Exit, LoggedAct, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import { requireNoQuoteAtHome } from '../../originator/index.ts'
import { listGivenReadOuts, ownReadOuts } from '../../talks/index.ts'
import { type Pair, pairParagraphs } from './compare-texts.ts'
import { type Embargo, readEmbargoes } from '../releases/releases.ts'
import { type LegalWanted, legalWanted } from './legal-wanted.ts'
import type { Finding, ReadOutStage } from './tables.ts'
import './tables.ts'

/** What a read-out can be of. */
export const occasions: readonly string[] = ['talks.meeting-proposed', 'calls.call-logged', 'channels.note-sent']

export interface Occasion {
  space: SpaceFacts
  act: LoggedAct
}

type Found = Selectable<Tables['home.lines_finding']>

export interface OwnReadOut {
  id: string
  words: string
  by: string
  at: number
  cleared?: { by: string; at: number }
  /** What a legal adviser said of exactly these words. */
  legal?: { by: string; at: number }
}

/** Cleared by everybody who has to. */
export const isCleared = (own: OwnReadOut, wanted: LegalWanted | undefined): boolean =>
  own.cleared !== undefined && (wanted === undefined || own.legal !== undefined)

/** What another party says of the same, given to us by act or published. */
export interface Account {
  party: string
  given?: { hash: string }
  published?: { source: string; on: string; by: string }
  at: number
  paragraphs: string[]
  /** Beside ours, where there is one; else theirs alone. */
  pairs: (Pair & { key: string; found?: Found })[]
}

export interface ReadOuts {
  own: OwnReadOut[]
  accounts: Account[]
  /** Given by these, but not for this reader. */
  withheld: string[]
  /** Why a legal adviser clears ours too, where anybody asks for that. */
  wanted?: LegalWanted
  /** What parties agreed, or are asked to agree, about when ours is published. */
  embargo?: Embargo
  /** What was minuted beside words that are others by now. */
  earlier: Found[]
}

/** Our account of an occasion beside those of the others, as far as this person may read the occasion itself. */
export async function loadReadOuts(
  services: Services,
  viewer: Viewer,
  { space, act }: Occasion,
  exit: Exit = 'page',
): Promise<ReadOuts> {
  const { db } = services
  const [own, cleared, given, published, found, embargoes, legal] = await Promise.all([
    ownReadOuts(services, act.hash),
    db.selectFrom('home.lines_read_out_clearance').selectAll().where('act', '=', act.hash).execute(),
    listGivenReadOuts(services, viewer, space.id, act.hash),
    db.selectFrom('home.lines_published').selectAll().where('act', '=', act.hash).orderBy('ordinal').execute(),
    db.selectFrom('home.lines_finding').selectAll().where('act', '=', act.hash).orderBy('ordinal').execute(),
    readEmbargoes(services, [act.hash]),
    legalWanted(services, [act.hash]),
  ])
  const kept = reveal(mark({ own, published, found }, act.statement.marking), atHome(services, viewer), exit)
  if (!kept.shown) throw new Refusal('not-found')
  const ours = kept.value.own.map((row): OwnReadOut => {
    const saidBy = (stage: ReadOutStage) => {
      const said = cleared.find((one) => one.read_out === row.id && one.stage === stage)
      return said && { by: said.by_person, at: said.at }
    }
    const [second, adviser] = [saidBy('second'), saidBy('legal')]
    return {
      id: row.id,
      words: row.words,
      by: row.person,
      at: row.at,
      ...(second && { cleared: second }),
      ...(adviser && { legal: adviser }),
    }
  })
  const accounts = [
    ...given.flatMap(({ party, hash, at, paragraphs }) =>
      paragraphs ? [{ party, at, paragraphs, given: { hash } }] : [],
    ),
    ...kept.value.published.map(({ party, at, words, source, published_on: on, by_person: by }) => ({
      party,
      at,
      paragraphs: paragraphsOf(words),
      published: { source, on, by },
    })),
  ].map((account) => ({ ...account, pairs: pairsOf(ours[0], account, kept.value.found) }))
  const shown = new Set(accounts.flatMap(({ pairs }) => pairs.flatMap((pair) => pair.found?.id ?? [])))
  const keys = new Set(accounts.flatMap(({ party, pairs }) => pairs.map(({ key }) => `${party} ${key}`)))
  const embargo = embargoes.get(act.hash)
  const wanted = legal.get(act.hash)
  return {
    ...(embargo && { embargo }),
    ...(wanted && { wanted }),
    own: ours,
    accounts,
    withheld: given.flatMap(({ party, paragraphs }) => (paragraphs ? [] : [party])),
    earlier: kept.value.found.filter((one) => !shown.has(one.id) && !keys.has(`${one.party} ${one.pair}`)).toReversed(),
  }
}

function pairsOf(
  own: OwnReadOut | undefined,
  { party, paragraphs }: Pick<Account, 'party' | 'paragraphs'>,
  all: Found[],
) {
  return pairParagraphs(own ? paragraphsOf(own.words) : [], paragraphs).map((pair) => {
    const key = keyOf(pair)
    const found = all.findLast((one) => one.party === party && one.pair === key)
    return { ...pair, key, ...(found && { found }) }
  })
}

const keyOf = ({ ours, theirs }: Pair): string =>
  createHash('sha256')
    .update(JSON.stringify([ours ?? null, theirs ?? null]))
    .digest('base64url')

/** Keeps what another member published, with where and when. */
export async function keepPublished(
  services: Services,
  viewer: Viewer,
  { space, act }: Occasion,
  { id, party, source, on, account }: { id: string; party: string; source: string; on: string; account: string },
): Promise<void> {
  if (party === services.party || !space.members.some((one) => one.party === party))
    throw InvalidInput.at('party', 'read-outs.invalid.party')
  const today = Temporal.Instant.fromEpochMilliseconds(await services.ledger.scenarioNow(space))
    .toZonedDateTimeISO(viewer.person.zone)
    .toPlainDate()
  if (Temporal.PlainDate.compare(Temporal.PlainDate.from(on), today) > 0)
    throw InvalidInput.at('on', 'read-outs.invalid.future')
  await services.db
    .insertInto('home.lines_published')
    .values({
      id,
      act: act.hash,
      party,
      source,
      published_on: on,
      words: account,
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((there) => there.column('id').doNothing())
    .execute()
}

/**
 * Minutes what a person finds of one paragraph beside the other, as both stood before them.
 *
 * @throws Refusal `lines.changed-meanwhile`, `lines.finding-of-one` where there are not two to be compared
 */
export async function minuteFinding(
  services: Services,
  viewer: Viewer,
  occasion: Occasion,
  { id, party, pair: key, finding, note }: { id: string; party: string; pair: string; finding: Finding; note: string },
): Promise<void> {
  const { accounts } = await loadReadOuts(services, viewer, occasion)
  const pair = accounts
    .filter((one) => one.party === party)
    .flatMap(({ pairs }) => pairs)
    .find((one) => one.key === key)
  if (!pair) throw new Refusal('lines.changed-meanwhile')
  const needsBoth = finding === 'same'
  if (needsBoth && (pair.ours === undefined || pair.theirs === undefined)) throw new Refusal('lines.finding-of-one')
  await services.db
    .insertInto('home.lines_finding')
    .values({
      id,
      act: occasion.act.hash,
      party,
      pair: key,
      ours: pair.ours ?? '',
      theirs: pair.theirs ?? '',
      finding,
      words: note,
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((there) => there.column('id').doNothing())
    .execute()
}

/**
 * A second person, or a legal adviser, clears our read-out for publication, as it stood before them: neither wrote it, and
 * nobody is both.
 *
 * @throws Refusal `lines.changed-meanwhile`, `lines.own-words`, `lines.cleared-by-you`, `lines.not-asked`,
 *   `originator-quoted-at-home`
 */
export async function clearReadOut(
  services: Services,
  viewer: Viewer,
  occasion: Occasion,
  { seen, stage }: { seen: string; stage: ReadOutStage },
): Promise<void> {
  const { own: all, wanted } = await loadReadOuts(services, viewer, occasion)
  const [own] = all
  const me = viewer.person.id
  if (own?.id !== seen) throw new Refusal('lines.changed-meanwhile')
  if (own.by === me) throw new Refusal('lines.own-words')
  if (stage === 'legal' && !wanted) throw new Refusal('lines.not-asked')
  if ((stage === 'legal' ? own.cleared : own.legal)?.by === me) throw new Refusal('lines.cleared-by-you')
  await requireNoQuoteAtHome(services, viewer, { field: 'account', words: [own.words] })
  await services.db
    .insertInto('home.lines_read_out_clearance')
    .values({ read_out: own.id, act: occasion.act.hash, stage, by_person: me, at: services.clock.now() })
    .onConflict((there) => there.columns(['read_out', 'stage']).doNothing())
    .execute()
}

/**
 * The words that go out: cleared as they stand by everybody who has to, and at their time.
 *
 * @throws Refusal `lines.read-out-not-cleared`, `lines.embargoed`
 */
export async function publishedWords(services: Services, viewer: Viewer, occasion: Occasion): Promise<string> {
  const { own, embargo, wanted } = await loadReadOuts(services, viewer, occasion)
  const [newest] = own
  if (!newest || !isCleared(newest, wanted)) throw new Refusal('lines.read-out-not-cleared')
  if (embargo && !embargo.isOver) throw new Refusal('lines.embargoed')
  // Others cleared exactly these words for everybody: the marking of what they tell of binds them no more.
  const open = reveal(mark(newest.words, { tlp: 'CLEAR' }), atHome(services, viewer), 'print')
  if (!open.shown) throw new Refusal('not-found')
  return open.value
}
