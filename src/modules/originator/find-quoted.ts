import { sql } from 'kysely'
import { Refusal } from '../../core/http/refusal.ts'
import { isControlled } from '../../core/markings/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Json, LoggedAct, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { consentsNeeded, requireConsents } from './consents.ts'
import { wordsIn } from './load-origin.ts'

/** So many words in a row are no accident. */
export const quotedRun = 12
/** Newest acts under a caveat that are compared. */
const mostCompared = 500

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []

function runsIn(words: readonly string[]): string[] {
  return words.flatMap((_, at) => (at + quotedRun <= words.length ? [words.slice(at, at + quotedRun).join(' ')] : []))
}

/** Whether `text` holds {@link quotedRun} words of `source` in their order, whatever stands between and around them. */
export function quotes(text: readonly string[], source: readonly string[]): boolean {
  const said = new Set(text.flatMap((paragraph) => runsIn(wordsOf(paragraph))))
  return said.size > 0 && source.some((paragraph) => runsIn(wordsOf(paragraph)).some((run) => said.has(run)))
}

/**
 * Refuses a draft that quotes what its originator controls, unless it consented to that towards every reader. What the
 * writer cannot read they cannot quote, and what the parties of a space said there stays among those who read it.
 */
export async function requireNoQuote(
  services: Services,
  viewer: Viewer,
  { space, text }: { space: SpaceFacts; text?: Json | undefined },
): Promise<void> {
  const written = wordsIn(text)
  if (written.every((one) => wordsOf(one).length < quotedRun)) return
  const acts = await controlledActs(services, space)
  if (acts.length === 0) return
  const contents = await revealedContents<unknown, Json>(
    services,
    viewer,
    acts.map(({ hash }) => hash),
  )
  const to = space.members
    .filter((one) => one.until === undefined && one.party !== services.party)
    .map((one) => one.party)
  for (const act of acts) {
    const source = wordsIn(contents.get(act.hash)?.text)
    if (!quotes(written, source)) continue
    const standings = await consentsNeeded(services, act, { use: 'quote', to })
    const { author: originator } = act.statement
    if (standings.some(({ state }) => state !== 'consented'))
      throw new Refusal('originator-quoted', { field: 'text', originator, number: act.index, to: to.join(', ') })
    requireConsents(standings, { field: 'text', originator })
  }
}

async function controlledActs({ db, ledger, party }: Services, space: SpaceFacts): Promise<LoggedAct[]> {
  const { rows } = await sql<{ act: string }>`
    select a.act from view.search_act a
    join view.search_marking m on m.space = a.space and m.key = a.marking
    where m.marking ? 'caveats' and a.space <> ${space.id} order by a.at desc limit ${mostCompared}`.execute(db)
  if (rows.length === 0) return []
  const acts = await ledger.findActs(rows.map((row) => row.act))
  return acts.filter(({ statement }) => statement.author !== party && isControlled(statement.marking))
}
