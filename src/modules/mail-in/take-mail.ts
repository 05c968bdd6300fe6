import { createHash } from 'node:crypto'
import type { Services } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { mailLimits, readMail } from './read-mail.ts'
import './tables.ts'

/** What the mail server is told, as an exit code of sysexits: delivered, never acceptable, try again later. */
export type Delivery = 'taken' | 'known' | 'not-a-message' | 'too-large' | 'later'
export const exitCodes: Record<Delivery, number> = {
  taken: 0,
  known: 0,
  'not-a-message': 65,
  'too-large': 65,
  later: 75,
}

/** Reports that nobody has looked at may lie here up to so many bytes; then the mail server keeps them. */
const waitingBytes = 2 ** 30

/**
 * Takes a message delivered to the house, whole with its row and files or not at all; the same message again is
 * counted. Nothing is ever sent back from here.
 */
export async function takeMail(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  raw: Uint8Array,
  { server }: { server?: string } = {},
): Promise<Delivery> {
  if (raw.byteLength > mailLimits.bytes) return 'too-large'
  if (new TextDecoder('latin1').decode(raw.subarray(0, 4_096)).trim() === '') return 'not-a-message'
  const { files, ...mail } = await readMail(raw, server)
  const digest = digestOf(raw, mail.messageId)
  return db.transaction().execute(async (tx): Promise<Delivery> => {
    const before = await tx
      .updateTable('home.mail_in_report')
      .set((eb) => ({ copies: eb('copies', '+', 1) }))
      .where('digest', '=', digest)
      .executeTakeFirst()
    if (before.numUpdatedRows > 0n) return 'known'
    const { waiting } = await tx
      .selectFrom('home.mail_in_report')
      .select((eb) => eb.fn.coalesce(eb.fn.sum<string>('size'), eb.lit(0)).as('waiting'))
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow()
    if (Number(waiting) + raw.byteLength > waitingBytes) return 'later'
    const id = newId()
    const done = await tx
      .insertInto('home.mail_in_report')
      .values({
        id,
        digest,
        sha256: createHash('sha256').update(raw).digest('hex'),
        size: raw.byteLength,
        raw: Buffer.from(raw),
        received_at: clock.now(),
        copies: 1,
        message_id: mail.messageId,
        from_says: mail.from,
        to_says: mail.to,
        date_says: mail.date,
        subject: mail.subject,
        words: mail.words,
        words_cut: mail.wordsCut,
        from_html: mail.fromHtml,
        automatic: mail.automatic,
        server_says: mail.serverSays,
        trouble: mail.trouble ?? null,
        state: 'waiting',
        incident: null,
        settled_by: null,
        settled_at: null,
        why: null,
      })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return 'known'
    for (const [place, { name, media, bytes }] of files.entries())
      await tx
        .insertInto('home.mail_in_file')
        .values({ report: id, place, name, media, bytes: Buffer.from(bytes) })
        .execute()
    return 'taken'
  })
}

/**
 * What makes two deliveries one message: its Message-ID and what stands below the head. Servers add to the head on the
 * way, and a forged Message-ID over other words is another message.
 */
function digestOf(raw: Uint8Array, messageId: string): string {
  const bytes = Buffer.from(raw)
  const ends = ['\r\n\r\n', '\n\n'].map((end) => bytes.indexOf(end)).filter((at) => at >= 0)
  // Without a Message-ID the head tells messages of few words apart.
  const body = messageId === '' || ends.length === 0 ? bytes : bytes.subarray(Math.min(...ends))
  return createHash('sha256').update(`${messageId}\n`).update(body).digest('hex')
}
