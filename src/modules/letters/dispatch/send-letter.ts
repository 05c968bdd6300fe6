import { audit } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import { deliverMail } from '../../../core/notify/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { sha256, toBase64url } from '../../../protocol/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { filesForMail } from '../annexes.ts'
import { fileName, letterPdf } from '../letter-sheet.ts'
import { type Letter, loadLetter } from '../load-letter.ts'
import { mayLeaveBy } from '../may-leave-by.ts'
import { findPartyOfSpace } from '../parties/party.ts'
import type { Dispatch } from './dispatches.ts'

/**
 * Gives one queued letter to the mail server.
 *
 * That it is being sent is committed before the server hears a word. A process that dies in between leaves that state
 * behind, and the job that is taken up again makes it "nobody knows" instead of sending a second time.
 */
export async function sendLetter(services: Services, id: string): Promise<void> {
  const row = await claim(services, id)
  if (!row) return
  try {
    const { mail, sheetHash } = await compose(services, row)
    await deliverMail(services, `letter-${id}`, mail)
    await settle(services, row, { state: 'sent', sheet_hash: sheetHash, last_error: null })
  } catch (error) {
    services.log.warn('letter-not-sent', { dispatch: id })
    await settle(services, row, { state: outcomeOf(error), last_error: reasonOf(error) })
  }
}

/** The dispatch for this process alone; undefined when it is not queued. */
async function claim({ db, clock }: Services, id: string): Promise<Dispatch | undefined> {
  const now = clock.now()
  const claimed = await db
    .updateTable('home.letters_dispatch')
    .set((eb) => ({ state: 'sending', attempts: eb('attempts', '+', 1), changed_at: now }))
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst()
  if (claimed) return claimed
  // Only a job that was interrupted finds its own work begun.
  await db
    .updateTable('home.letters_dispatch')
    .set({ state: 'unsure', changed_at: now })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .execute()
  return undefined
}

async function compose(services: Services, row: Dispatch) {
  const { address, act } = row
  const letter = await loadLetter(services, carrier, { act }, 'print')
  const party = await findPartyOfSpace(services, letter.space.id)
  if (address === null || !party || !mayLeaveBy(services, letter.marking, party.party, 'mail'))
    throw new Refusal('letters-not-by-mail', { marking: letter.marking.tlp })
  const pdf = await letterPdf(services, letter)
  const files = await filesForMail(services, carrier, { act, annexes: letter.annexes, party: party.party })
  return { mail: coverOf(services, letter, { row, address, pdf, files }), sheetHash: toBase64url(sha256(pdf)) }
}

/** The letter was cleared by two persons and its way chosen by a third: the node itself only carries it. */
const carrier: Viewer = {
  person: { id: '', name: '', language: 'en', zone: 'Etc/UTC' },
  office: { id: '', name: {} },
  offices: [],
  roles: [],
  ceiling: 'RED',
  sessionId: '',
  may: () => false,
}

/** The covering message names number and party; what the letter says stands in the sheet alone. */
function coverOf(
  { party, settings, signedNameOf }: Services,
  letter: Letter,
  {
    row,
    address,
    pdf,
    files,
  }: { row: Dispatch; address: string; pdf: Uint8Array; files: Awaited<ReturnType<typeof filesForMail>> },
) {
  const { body, space } = letter
  const t = createTranslator(body.language)
  const facts = {
    party: signedNameOf(party, body.language),
    number: body.number,
    form: t(`channels.form.${body.form}`),
  }
  const drill = space.drill ? [t('letters.drill', { name: space.drill.name }), ''] : []
  return {
    from: settings.mailFrom ?? `Chancery <chancery@${party}>`,
    to: address,
    subject: t(`letters.mail.subject${space.drill ? '-drill' : ''}`, facts),
    text: [...drill, t('letters.mail.text', facts), '', t('letters.mail.foot'), ''].join('\n'),
    // The same at every attempt, so that a server that took it before the connection broke can tell.
    messageId: `<letter-${row.id}@${party}>`,
    date: new Date(row.noted_at),
    headers: { 'Content-Language': body.language },
    attachments: [{ filename: fileName(letter), content: Buffer.from(pdf), contentType: 'application/pdf' }, ...files],
  }
}

// Where nothing was given to a server: no name, no connection, no agreement on how to talk.
const beforeTheLetter = new Set(['EDNS', 'ETLS', 'EAUTH', 'EENVELOPE', 'ECONNREFUSED'])

/** Refused by the server in so many words, or never in its hands: not sent. Anything else may have left. */
function outcomeOf(error: unknown): 'failed' | 'unsure' {
  if (error instanceof Refusal) return 'failed'
  const { responseCode, code, syscall } = (error ?? {}) as { responseCode?: number; code?: string; syscall?: string }
  const isRefused = responseCode !== undefined && responseCode >= 400
  const neverThere = syscall === 'connect' || syscall === 'getaddrinfo' || beforeTheLetter.has(code ?? '')
  return isRefused || neverThere ? 'failed' : 'unsure'
}

const reasonOf = (error: unknown): string =>
  (error instanceof Refusal ? error.code : error instanceof Error ? error.message : String(error)).slice(0, 300)

async function settle(
  { db, clock }: Services,
  row: Dispatch,
  to: { state: 'sent' | 'failed' | 'unsure'; last_error: string | null; sheet_hash?: string },
): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('home.letters_dispatch')
      .set({ ...to, changed_at: now })
      .where('id', '=', row.id)
      .where('state', '=', 'sending')
      .execute()
    await audit(tx, { at: now, what: `letter-mail-${to.state}`, about: row.act })
  })
}
