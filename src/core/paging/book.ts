import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Services } from '../module/types.ts'
import type { Tables } from '../storage/tables.ts'
import type { Reader } from '../storage/types.ts'
import type { PagingDevice, PagingRule } from './types.ts'
import { newVapidKey } from './web-push.ts'
import './tables.ts'

type Needed = Pick<Services, 'db' | 'clock'>

/** How this house pages; undefined while nobody has said. */
export async function readPagingRule(db: Reader): Promise<PagingRule | undefined> {
  const row = await db.selectFrom('home.paging_rule').selectAll().executeTakeFirst()
  if (!row) return undefined
  const { vapid_private: privateKey, vapid_public: publicKey } = row
  return {
    ...(row.hook_url !== null && { hookUrl: row.hook_url }),
    ...(row.hook_secret !== null && { hookSecret: row.hook_secret }),
    push: row.push,
    ...(privateKey !== null && publicKey !== null && { vapid: { privateKey, publicKey } }),
    smsAfterMs: row.sms_after_ms,
    voiceAfterMs: row.voice_after_ms,
  }
}

/** Sets the rule. Secret and key are made where they are missing; `newSecret` makes another one. */
export async function setPagingRule(
  { db }: Needed,
  rule: Pick<PagingRule, 'hookUrl' | 'push' | 'smsAfterMs' | 'voiceAfterMs'> & { newSecret?: boolean },
): Promise<void> {
  const before = await readPagingRule(db)
  const secret = rule.newSecret ? undefined : before?.hookSecret
  const vapid = before?.vapid ?? (rule.push ? newVapidKey() : undefined)
  const row = {
    one: true,
    hook_url: rule.hookUrl ?? null,
    hook_secret: rule.hookUrl ? (secret ?? `whsec_${randomBytes(32).toString('base64')}`) : null,
    push: rule.push,
    vapid_private: vapid?.privateKey ?? null,
    vapid_public: vapid?.publicKey ?? null,
    sms_after_ms: rule.smsAfterMs,
    voice_after_ms: rule.voiceAfterMs,
  }
  await db
    .insertInto('home.paging_rule')
    .values(row)
    .onConflict((conflict) => conflict.column('one').doUpdateSet(row))
    .execute()
}

export async function numberOf(db: Reader, person: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('home.paging_number')
    .select('telephone')
    .where('person', '=', person)
    .executeTakeFirst()
  return row?.telephone
}

/** Empty: this person is not to be reached by telephone. */
export async function setNumber({ db, clock }: Needed, person: string, telephone?: string): Promise<void> {
  if (telephone === undefined) {
    await db.deleteFrom('home.paging_number').where('person', '=', person).execute()
    return
  }
  const row = { person, telephone, set_at: clock.now() }
  await db
    .insertInto('home.paging_number')
    .values(row)
    .onConflict((conflict) => conflict.column('person').doUpdateSet(row))
    .execute()
}

export async function devicesOf(db: Reader, person: string): Promise<PagingDevice[]> {
  const rows = await db
    .selectFrom('home.paging_device')
    .selectAll()
    .where('person', '=', person)
    .where('gone_at', 'is', null)
    .orderBy('added_at')
    .execute()
  return rows.map(toDevice)
}

export function toDevice(row: Selectable<Tables['home.paging_device']>): PagingDevice {
  const { id, person, label, endpoint, p256dh, auth, added_at: addedAt } = row
  return { id, person, label, endpoint, p256dh, auth, addedAt }
}

/** A browser belongs to whoever enrolled it last. */
export async function enrolDevice({ db, clock }: Needed, device: Omit<PagingDevice, 'addedAt'>): Promise<void> {
  const row = { ...device, added_at: clock.now(), gone_at: null }
  await db
    .insertInto('home.paging_device')
    .values(row)
    .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(row))
    .execute()
}

export async function removeDevice({ db, clock }: Needed, { id, person }: { id: string; person: string }) {
  await db
    .updateTable('home.paging_device')
    .set({ gone_at: clock.now() })
    .where('id', '=', id)
    .where('person', '=', person)
    .where('gone_at', 'is', null)
    .execute()
}
