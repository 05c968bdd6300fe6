import { audit } from '../auth/index.ts'
import { cookieHeader, readCookie } from '../http/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Services, Viewer } from '../module/types.ts'
import { readOfflineRule } from './rule.ts'
import './tables.ts'

export interface OfflineDevice {
  id: string
  person: string
  label: string
  onAt: number
  /** When it last spoke to this node, ms. */
  seenAt: number
}

type Needed = Pick<Services, 'db' | 'clock'>

const purpose = 'device'
/** A browser that is not used for so long is no longer known. */
const knownSeconds = 90 * 24 * 60 * 60

/** The name of this browser, where one was given: known by its cookie, which says nothing of the person. */
export function deviceNamedIn(request: Request, settings: Pick<Services['settings'], 'publicUrl'>): string | undefined {
  const id = readCookie(request, settings, purpose)
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined
}

/** `Set-Cookie` that names a browser, or takes its name away. */
export const deviceCookie = (settings: Pick<Services['settings'], 'publicUrl'>, id?: string): string =>
  cookieHeader(settings, purpose, id ?? '', { maxAgeSeconds: id === undefined ? 0 : knownSeconds, sameSite: 'Strict' })

/**
 * From now on pages of this person may lie on that browser. The same id again changes nothing.
 *
 * @throws Refusal `offline-off` where the house keeps no pages on devices
 */
export async function switchOn(services: Needed, by: Viewer['person'], device: { id: string; label: string }) {
  const { db, clock } = services
  if (!(await readOfflineRule(db)).allowed) throw new Refusal('offline-off')
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('home.offline_device')
      .values({ ...device, person: by.id, on_at: now, seen_at: now, off_at: null })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added) await audit(tx, { at: now, person: by.id, what: 'device-keeps', facts: { device: device.label } })
  })
}

/** A device of this person keeps nothing any more; it forgets what it has with its next word to this node. */
export async function switchOff({ db, clock }: Needed, person: string, id: string): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    const off = await tx
      .updateTable('home.offline_device')
      .set({ off_at: now })
      .where('id', '=', id)
      .where('person', '=', person)
      .where('off_at', 'is', null)
      .returning('label')
      .executeTakeFirst()
    if (off) await audit(tx, { at: now, person, what: 'device-forgets', facts: { device: off.label } })
  })
}

export async function listOfflineDevices({ db }: Pick<Services, 'db'>, person: string): Promise<OfflineDevice[]> {
  const rows = await db
    .selectFrom('home.offline_device')
    .selectAll()
    .where('person', '=', person)
    .where('off_at', 'is', null)
    .orderBy('on_at')
    .limit(100)
    .execute()
  return rows.map(({ id, label, on_at: onAt, seen_at: seenAt }) => ({ id, person, label, onAt, seenAt }))
}

/** The device that asks, while it is switched on and its person is still here; notes that it spoke. */
export async function findDevice(services: Needed & Pick<Services, 'settings' | 'people'>, request: Request) {
  const id = deviceNamedIn(request, services.settings)
  if (id === undefined) return undefined
  const row = await services.db
    .updateTable('home.offline_device')
    .set({ seen_at: services.clock.now() })
    .where('id', '=', id)
    .where('off_at', 'is', null)
    .returning(['id', 'person', 'label'])
    .executeTakeFirst()
  return row && (await services.people.find(row.person)) ? row : undefined
}
