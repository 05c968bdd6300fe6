import { Refusal } from '../../../core/http/index.ts'
import { markingText } from '../../../core/markings/index.ts'
import type { Marking, Services, Viewer } from '../../../core/module/types.ts'
import { canonicalBytes, sha256, toBase64url } from '../../../protocol/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { listDocuments, type RegisterEntry } from '../register/list-documents.ts'
import { factLines, wordsIn, writtenOf } from '../transfers/document-sheet.ts'
import { type ActStays, type Judged, judgeActs } from '../transfers/judge-acts.ts'
import { factsOf } from '../transfers/transfer.ts'
import type { CopyDecision, CopyTerms } from './copy-facts.ts'
import { type GroundsFile, readGrounds } from './grounds.ts'
import { type CopyLine, copyLines, type Passage } from './redacted-copy.ts'

/** A requester reads as the public does, and another party consents to that by these words. */
export const shownTo = { purpose: 'publication', audience: 'public' }

/** A form has no more fields; a longer document is copied by hand. */
export const mostPassages = 400

export interface PlannedCopy {
  entry: RegisterEntry
  /** What can go, piece by piece; empty where the gate shuts the document. */
  passages: Passage[]
  /** Why the gate shuts it. Nothing opens it here. */
  shut?: ActStays
  /** Files stay in the house. */
  files: number
  /** Marking of the copy: of the document where a word of it may go. */
  marking: Marking
  rules: GroundsFile
}

/** Of the register's own lines those that are the document's and not this house's. */
const ownFacts = ['form', 'our-ref', 'your-ref', 'incoming', 'sent', 'from', 'to']

/**
 * What of a document could go to a requester, as this person may read it.
 *
 * @throws Refusal `not-found`, `channels-access-no-words`, `channels-access-too-long`
 */
export async function planCopy(services: Services, viewer: Viewer, terms: CopyTerms): Promise<PlannedCopy> {
  const [entry] = await listDocuments(services, viewer, { id: terms.act, limit: 1 })
  if (entry?.space === undefined) throw new Refusal('not-found')
  const judged = (await judgeActs(services, terms, [terms.act], shownTo)).get(terms.act)
  if (!judged || (!judged.leaves && judged.reason === 'no-words')) throw new Refusal('channels-access-no-words')
  const rules = readGrounds(services).content
  if (!judged.leaves) return { entry, rules, passages: [], shut: judged.reason, files: 0, marking: { tlp: 'CLEAR' } }
  const passages = passagesOf(services, terms, entry, judged)
  if (passages.length > mostPassages) throw new Refusal('channels-access-too-long', { count: mostPassages })
  return { entry, rules, passages, files: judged.files.length + judged.filesOut, marking: judged.act.statement.marking }
}

function passagesOf(
  services: Services,
  { act, language }: CopyTerms,
  entry: RegisterEntry,
  judged: Judged & { leaves: true },
): Passage[] {
  const reading = { t: createTranslator(language), language }
  const written = writtenOf(services, reading, { act, facts: factsOf(entry), judged })
  const facts = factLines(written, reading).filter(({ id }) => ownFacts.includes(id))
  const words = wordsIn(judged.content.text).flatMap((one) => one.split(/\n{2,}/).filter((part) => part.trim() !== ''))
  return [
    ...facts.map(({ id, name, value }) => ({ id, name, text: value })),
    ...words.map((text, index) => ({ id: String(index + 1), text })),
  ]
}

/** The ground under which the gate keeps a whole document back. */
const groundOf = (shut: ActStays): string => (['tlp', 'class'].includes(shut) ? 'security' : 'third-party')

/** The lines of the copy by this decision. */
export function linesOf(
  { passages, shut, rules }: PlannedCopy,
  { language }: CopyTerms,
  { choice, otherWords }: Pick<CopyDecision, 'choice' | 'otherWords'>,
): CopyLine[] {
  const asked = { language, rules, ...(otherWords && { otherWords }) }
  if (shut) return copyLines([{ id: 'all', text: '' }], { all: groundOf(shut) }, asked)
  return copyLines(passages, choice, asked)
}

/** Grounds of a decision, each once, in the order of the file. */
export function groundsOf({ shut, rules }: PlannedCopy, { choice }: Pick<CopyDecision, 'choice'>): string[] {
  const used = shut ? [groundOf(shut)] : Object.values(choice)
  return rules.grounds.map(({ id }) => id).filter((id) => used.includes(id))
}

/** Of terms, of every passage with what becomes of it, and of the lines that would go: what is confirmed is what was read. */
export function fingerprintOf(plan: PlannedCopy, terms: CopyTerms, decision: CopyDecision): string {
  const { entry, passages, shut = '', files, marking, rules } = plan
  const { requester, reference, choice, otherWords = '' } = decision
  return toBase64url(
    sha256(
      canonicalBytes({
        ...{ requester, reference, otherWords, shut, files },
        ...{ act: terms.act, ceiling: terms.ceiling, language: terms.language },
        marking: markingText(marking),
        drill: entry.drill ?? '',
        appeal: { ...rules.appeal },
        passages: passages.map(({ id, text }) => [id, text, choice[id] ?? '']),
        lines: linesOf(plan, terms, decision).map(({ name = '', text }) => [name, text]),
      }),
    ),
  )
}

/** What was shown before anything was chosen. */
export const nothingChosen: CopyDecision = { requester: '', reference: '', choice: {} }
