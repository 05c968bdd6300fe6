import { plainName } from '../../core/attachments/index.ts'
import { Refusal } from '../../core/http/index.ts'
import { atHome, reveal } from '../../core/markings/index.ts'
import type { ActContent, Marking, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { correspondentOf } from '../channels/index.ts'
import { mayLeaveBy } from './may-leave-by.ts'
import { findPartyOfSpace } from './parties/party.ts'

/** A file that goes with a letter. */
export interface Annex {
  name: string
  /** Commitment of the part. */
  part: string
  /** Bytes of its content. */
  size: number
  marking: Marking
  /** Hex SHA-256 of the content, where this house attached it: what whoever holds the file compares. */
  sha256?: string
}

/** Files of a letter as the sheet names them. */
export async function listAnnexes(
  { db }: Pick<Services, 'db'>,
  attachments: ActContent['attachments'],
  marking: Marking,
): Promise<Annex[]> {
  if (attachments.length === 0) return []
  const known = await db
    .selectFrom('home.attachment')
    .select(['commitment', 'hash'])
    .where(
      'commitment',
      'in',
      attachments.map(({ hash }) => hash),
    )
    .execute()
  return attachments.map(({ name, hash, size, marking: own }) => {
    const digest = known.find(({ commitment }) => commitment === hash)?.hash
    return {
      name,
      part: hash,
      size,
      marking: own ?? marking,
      ...(digest && { sha256: Buffer.from(digest, 'base64url').toString('hex') }),
    }
  })
}

/** Room for the sheet and the covering words beside the files. Bytes. */
const besideFiles = 1024 * 1024

/** Bytes of files that mail takes with one letter. */
const mostInMail = ({ settings }: Pick<Services, 'settings'>): number =>
  Math.max(0, (settings.maxMailBytes ?? defaultMailBytes) - besideFiles)
const defaultMailBytes = 20 * 1024 * 1024

/** @throws Refusal `letters-files-too-large` where they are more than mail takes */
export function requireMailTakes(services: Pick<Services, 'settings'>, files: readonly { size: number }[]): void {
  const size = files.reduce((sum, one) => sum + one.size, 0)
  const most = mostInMail(services)
  if (size > most)
    throw new Refusal('letters-files-too-large', {
      megabytes: rounded(size),
      limit: rounded(most),
      count: files.length,
    })
}

const rounded = (bytes: number): number => Math.round((bytes / 1024 / 1024) * 10) / 10

/**
 * Asked before a letter is handed on and before it is released: what will go by mail has to fit, and what may not go
 * by mail is said before it is signed.
 *
 * @throws Refusal `letters-files-too-large`
 */
export async function checkLetterDraft(
  services: Services,
  { space, type, id }: { space: SpaceFacts; type: string; id?: string },
): Promise<void> {
  if (id === undefined || type !== 'channels.note-sent' || correspondentOf(space) === undefined) return
  const party = await findPartyOfSpace(services, space.id)
  // Without an address it goes by hand, with files of any size.
  if (party?.email !== undefined) requireMailTakes(services, await services.attachments.list(id))
}

/** Files of a letter for a mail to this party, each by its own marking. @throws Refusal `letters-not-by-mail`, `not-found` */
export async function filesForMail(
  services: Services,
  carrier: Viewer,
  { act, annexes, party }: { act: string; annexes: readonly Annex[]; party: string },
): Promise<{ filename: string; content: Buffer; contentType: string }[]> {
  requireMailTakes(services, annexes)
  const files = []
  for (const { name, part, marking } of annexes) {
    const marked = await services.ledger.attachment(act, part)
    if (!marked) throw new Refusal('not-found')
    const revealed = reveal(marked, atHome(services, carrier), 'print', { consented: true })
    if (!revealed.shown || !mayLeaveBy(services, marking, party, 'mail'))
      throw new Refusal('letters-not-by-mail', { marking: marking.tlp })
    // Whoever receives it decides by its name what opens it.
    files.push({
      filename: plainName(name),
      content: Buffer.from(revealed.value),
      contentType: 'application/octet-stream',
    })
  }
  return files
}
