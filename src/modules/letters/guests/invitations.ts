import { randomInt, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import { audit, newToken, tokenHash } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import { deliverMail } from '../../../core/notify/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import { sha256 } from '../../../protocol/index.ts'
import { createTranslator } from '../../../text/index.ts'
import '../tables.ts'

export type Invitation = Selectable<Tables['home.letters_invitation']>

/** How long a link lives, and how many wrong codes it bears. */
export const invitationLifeMs = 72 * 3_600_000
export const mostTries = 5

export function listInvitations(db: Reader, act: string): Promise<Invitation[]> {
  return db
    .selectFrom('home.letters_invitation')
    .selectAll()
    .where('act', '=', act)
    .orderBy('invited_at')
    .orderBy('id')
    .limit(100)
    .execute()
}

/** Eight digits, told by telephone. */
const newCode = (): string => String(randomInt(100_000_000)).padStart(8, '0')

const codeHash = (id: string, code: string): Buffer =>
  Buffer.from(sha256(new TextEncoder().encode(`guest\n${id}\n${code}`)))

/**
 * Invites a named official to one letter: the link goes by mail, the code comes back here and nowhere else.
 *
 * @returns the code, to be shown once; undefined when this invitation was made before
 */
export async function invite(
  services: Services,
  by: Viewer['person'],
  given: { id: string; act: string; official: string; address: string; language: string },
): Promise<{ code: string } | undefined> {
  const { db, clock } = services
  const now = clock.now()
  const { token, hash } = newToken()
  const code = newCode()
  const added = await db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('home.letters_invitation')
      .values({
        ...given,
        token_hash: Buffer.from(hash),
        code_hash: codeHash(given.id, code),
        tries: 0,
        expires_at: now + invitationLifeMs,
        mail_state: 'sending',
        ...{ mail_error: null, withdrawn_at: null, read_at: null, acknowledged_at: null },
        ...{ vouched_by: by.id, vouched_by_name: by.name, invited_at: now },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (row) await audit(tx, { at: now, person: by.id, what: 'guest-invited', about: given.act })
    return row
  })
  if (!added) return undefined
  await sendLink(services, given, token)
  return { code }
}

/** The mail says that something waits, from whom and where: nothing of what, and no code. */
async function sendLink(
  services: Services,
  { id, address, language }: { id: string; address: string; language: string },
  token: string,
): Promise<void> {
  const { db, settings, party, clock } = services
  const t = createTranslator(language)
  const name = services.signedNameOf(party, language)
  const link = new URL(`/guest/${language}/${token}`, settings.publicUrl).href
  const state = await deliverMail(services, `guest-${id}`, {
    from: settings.mailFrom ?? `Chancery <chancery@${party}>`,
    to: address,
    subject: t('letters.guest.mail.subject', { party: name }),
    text: [
      t('letters.guest.mail.text', { party: name }),
      '',
      link,
      '',
      t('letters.guest.mail.foot', { party: name }),
      '',
    ].join('\n'),
    messageId: `<guest-${id}@${party}>`,
    date: new Date(clock.now()),
    headers: { 'Content-Language': language },
  }).then(
    () => ({ mail_state: 'sent', mail_error: null }),
    (error: unknown) => ({ mail_state: 'failed', mail_error: String(error).slice(0, 300) }),
  )
  await db.updateTable('home.letters_invitation').set(state).where('id', '=', id).execute()
}

/** A new code for a link that is still good; the one before opens nothing any more. */
export async function renewCode({ db, clock }: Services, by: Viewer['person'], id: string): Promise<string> {
  const now = clock.now()
  const code = newCode()
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('home.letters_invitation')
      .set({ code_hash: codeHash(id, code), tries: 0 })
      .where('id', '=', id)
      .where('withdrawn_at', 'is', null)
      .where('acknowledged_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('act')
      .executeTakeFirst()
    if (!row) throw new Refusal('letters-invitation-over')
    await audit(tx, { at: now, person: by.id, what: 'guest-code-renewed', about: row.act })
  })
  return code
}

export async function withdraw({ db, clock }: Services, id: string): Promise<void> {
  await db
    .updateTable('home.letters_invitation')
    .set({ withdrawn_at: clock.now() })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .where('acknowledged_at', 'is', null)
    .execute()
}

/**
 * The invitation that a link and a code open now. A try is counted before it is judged, so that many at once are no
 * more than few; whoever gets nothing learns nothing, not even whether there is such a link.
 */
export async function openInvitation(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { token, code }: { token: string; code: string },
): Promise<Invitation | undefined> {
  const row = await db
    .updateTable('home.letters_invitation')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('token_hash', '=', Buffer.from(tokenHash(token)))
    .where('tries', '<', mostTries)
    .where('withdrawn_at', 'is', null)
    .where('acknowledged_at', 'is', null)
    .where('expires_at', '>', clock.now())
    .returningAll()
    .executeTakeFirst()
  const given = codeHash(row?.id ?? '', code)
  if (!row || !timingSafeEqual(given, row.code_hash)) return undefined
  await db
    .updateTable('home.letters_invitation')
    .set((eb) => ({ tries: eb('tries', '-', 1) }))
    .where('id', '=', row.id)
    .execute()
  return row
}

export async function noteRead({ db, clock }: Services, { id, act }: Invitation): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    const first = await tx
      .updateTable('home.letters_invitation')
      .set({ read_at: now })
      .where('id', '=', id)
      .where('read_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (first) await audit(tx, { at: now, what: 'guest-read', about: act })
  })
}

/** Records once that a guest acknowledged; the link opens nothing afterwards. False if it had happened already. */
export async function noteAcknowledged(
  { db, clock, notices }: Services,
  { id, act, vouched_by }: Invitation,
): Promise<boolean> {
  const now = clock.now()
  return db.transaction().execute(async (tx) => {
    const first = await tx
      .updateTable('home.letters_invitation')
      .set({ acknowledged_at: now })
      .where('id', '=', id)
      .where('acknowledged_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!first) return false
    await audit(tx, { at: now, what: 'guest-acknowledged', about: act })
    await notices.send(tx, {
      key: `letters.guest:${id}`,
      person: vouched_by,
      message: 'letters.notice.guest-acknowledged',
      link: `/letters/${act}`,
      urgency: 'normal',
    })
    return true
  })
}
