import { mayLeave, reveal } from '../../../core/markings/index.ts'
import type { MarkingReader } from '../../../core/markings/types.ts'
import type { ActContent, LoggedAct, Services, SpaceFacts } from '../../../core/module/types.ts'
import { publicationOf } from '../../../core/module/publication.ts'
import { isGovernance } from '../../../protocol/index.ts'
import { allActs, consentFor, hasProse, listDisclosures } from '../../spaces/index.ts'
import type { TransferTerms } from './transfer-facts.ts'

/** Why a document stays in the house: the gate's word, the state of its author's consent, or what it is. */
export type ActStays =
  | 'no-words'
  | 'embargo'
  | 'tlp'
  | 'class'
  | 'caveat'
  | 'audience'
  | 'exit'
  | 'not-asked'
  | 'asked'
  | 'refused'

export type Judged =
  | { leaves: false; reason: ActStays }
  | { leaves: true; act: LoggedAct; content: ActContent; files: ActContent['attachments']; filesOut: number }

/** To whom consent has to be given: the same words as on the page that asks for it. */
export interface ShownTo {
  purpose: string
  audience: string
}
export const archive: ShownTo = { purpose: 'archive', audience: 'archive' }

/** An archive reads as a stranger does: no narrower than AMBER, no class that still binds, no audience. */
export const archiveReader = (
  { clock }: Pick<Services, 'clock'>,
  { ceiling }: Pick<TransferTerms, 'ceiling'>,
): MarkingReader => ({ ceiling, today: new Date(clock.now()).toISOString().slice(0, 10) })

/** Which of these acts may leave for such a stranger, with what may be said of each. What is not here is not in the answer. */
export async function judgeActs(
  services: Services,
  terms: Pick<TransferTerms, 'ceiling'>,
  hashes: readonly string[],
  shownTo = archive,
): Promise<Map<string, Judged>> {
  const acts = await services.ledger.findActs(hashes)
  const among = [...new Set(acts.map(({ space }) => space))]
  const [contents, disclosures, { held }] = await Promise.all([
    services.ledger.content([...hashes]),
    listDisclosures(services.db, among),
    publicationOf(services, acts),
  ])
  const reader = archiveReader(services, terms)
  const consentOf = (act: LoggedAct) =>
    act.statement.author === services.party
      ? ('consented' as const)
      : consentFor(disclosures, { hash: act.hash, author: act.statement.author }, shownTo)
  return new Map(
    acts.map((act) => [
      act.hash,
      held.has(act.hash) ? stays('embargo') : judge(reader, act, contents.get(act.hash), consentOf(act)),
    ]),
  )
}

const stays = (reason: ActStays): Judged => ({ leaves: false, reason })

function judge(
  reader: MarkingReader,
  act: LoggedAct,
  marked: Parameters<typeof reveal<ActContent>>[0] | undefined,
  consent: ReturnType<typeof consentFor>,
): Judged {
  const { marking } = act.statement
  const gate = { exit: 'dossier', reader, consented: consent === 'consented' } as const
  if (!marked) return stays('no-words')
  const revealed = reveal(marked, reader, 'dossier', gate)
  if (!revealed.shown) return stays(revealed.reason)
  if (consent !== 'consented' && hasProse(act)) return stays(consent)
  const content = revealed.value
  const isWorded = act.statement.parts.some(({ role }) => role === 'text')
  if (content.dark || (isWorded && content.text === undefined)) return stays('no-words')
  const files = content.attachments.filter((one) => one.present && mayLeave(one.marking ?? marking, gate).allowed)
  return { leaves: true, act, content, files, filesOut: content.attachments.length - files.length }
}

/** Whether the frame of a space (its title, members and rules, which every proof of it shows) may be seen there. */
export async function mayProve(
  services: Services,
  terms: Pick<TransferTerms, 'ceiling'>,
  space: SpaceFacts,
): Promise<boolean> {
  const reader = archiveReader(services, terms)
  const acts = await allActs(services, space)
  return acts
    .filter(({ statement }) => isGovernance(statement.type))
    .every(({ statement }) => mayLeave(statement.marking, { exit: 'dossier', reader }).allowed)
}
