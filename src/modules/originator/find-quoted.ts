import { sql } from 'kysely'
import { Refusal } from '../../core/http/refusal.ts'
import { isControlled } from '../../core/markings/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Json, LoggedAct, Services, SpaceFacts } from '../../core/module/types.ts'
import { runsOf } from '../../core/search/index.ts'
import { consentFor, consentsNeeded, requestsAbout, requireConsents } from './consents.ts'
import { type Sight, wordsIn } from './load-origin.ts'

/** So many words in a row are no accident. */
export const quotedRun = 12
/** Newest acts under a caveat that are compared. */
const mostCompared = 500

/** Whether `text` holds {@link quotedRun} words of `source` in their order, whatever stands between and around them. */
export function quotes(text: readonly string[], source: readonly string[]): boolean {
  const said = new Set(text.flatMap(runsIn))
  return said.size > 0 && source.some((paragraph) => runsIn(paragraph).some((run) => said.has(run)))
}

const runsIn = (paragraph: string): string[] => runsOf(paragraph, quotedRun)

/**
 * Refuses a draft that quotes what its originator controls, unless it consented to that towards every reader. What the
 * writer cannot read they cannot quote, and what the parties of a space said there stays among those who read it.
 */
export async function requireNoQuote(
  services: Services,
  viewer: Sight,
  { space, text }: { space: SpaceFacts; text?: Json | undefined },
): Promise<void> {
  const written = wordsIn(text)
  if (written.every((one) => runsIn(one).length === 0)) return
  const quoted = await quotedActs(services, viewer, written, space.id)
  const to = space.members
    .filter((one) => one.until === undefined && one.party !== services.party)
    .map((one) => one.party)
  for (const act of quoted) {
    const standings = await consentsNeeded(services, act, { use: 'quote', to })
    const { author: originator } = act.statement
    if (standings.some(({ state }) => state !== 'consented'))
      throw new Refusal('originator-quoted', { field: 'text', originator, number: act.index, to: to.join(', ') })
    requireConsents(standings, { field: 'text', originator })
  }
}

/**
 * Refuses what is read out from home where it quotes what its originator controls, unless that originator consented to
 * a quotation of it.
 *
 * @throws Refusal `originator-quoted-at-home`
 */
export async function requireNoQuoteAtHome(
  services: Services,
  viewer: Sight,
  { field, words }: { field: string; words: readonly string[] },
): Promise<void> {
  if (words.every((one) => runsIn(one).length === 0)) return
  const today = new Date(services.clock.now()).toISOString().slice(0, 10)
  for (const act of await quotedActs(services, viewer, words)) {
    const { author: originator } = act.statement
    const requests = (await requestsAbout(services.db, [act.hash])).get(act.hash) ?? []
    const isConsented = requests
      .filter((one) => one.originator === originator && one.author === services.party)
      .some((one) => one.to_parties.some((to) => consentFor([one], { use: 'quote', to, today }).state === 'consented'))
    if (!isConsented) throw new Refusal('originator-quoted-at-home', { field, originator, number: act.index })
  }
}

/** Acts under a caveat of their author that `written` quotes, but for those of one space. */
async function quotedActs(
  services: Services,
  viewer: Sight,
  written: readonly string[],
  except = '',
): Promise<LoggedAct[]> {
  const acts = await controlledActs(services, except)
  if (acts.length === 0) return []
  const hashes = acts.map(({ hash }) => hash)
  const contents = await revealedContents<unknown, Json>(services, viewer, hashes)
  return acts.filter((act) => quotes(written, wordsIn(contents.get(act.hash)?.text)))
}

async function controlledActs({ db, ledger, party }: Services, except: string): Promise<LoggedAct[]> {
  const { rows } = await sql<{ act: string }>`
    select a.act from view.search_act a
    join view.search_marking m on m.space = a.space and m.key = a.marking
    where m.marking ? 'caveats' and a.space <> ${except} order by a.at desc limit ${mostCompared}`.execute(db)
  if (rows.length === 0) return []
  const acts = await ledger.findActs(rows.map((row) => row.act))
  return acts.filter(({ statement }) => statement.author !== party && isControlled(statement.marking))
}
