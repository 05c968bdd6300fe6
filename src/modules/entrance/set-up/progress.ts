import type { Reader, Tx } from '../../../core/storage/types.ts'

/** What each step of set-up found out or decided. A step that is absent was not reached. */
export interface Progress {
  address?: {
    party: string
    testedAt: number
    publicUrl: Reach
    peerUrl: Reach
    accepted: boolean
  }
  names?: Record<string, string>
  keys?: { fingerprint: string; holders?: [string, string] }
  /** Decided in the step of keys: whether they lie under a passphrase. */
  protection?: { by: 'passphrase' | 'none' }
  administrators?: { people: string[] }
  'duty-desk'?: { offices: string[] }
  mail?: { notice: string; person: string; at: number }
  backup?: { file: string; sizeBytes: number; tables: number; rows: number; at: number }
  peer?: { party?: string; none?: true }
  closed?: { at: number }
}

/** How an address answered: over TLS or not, only on this machine or from outside. */
export interface Reach {
  url: string
  ok: boolean
  https: boolean
  loopback: boolean
  /** What went wrong: `unreachable`, `certificate`, `another-node`. */
  trouble?: string
}

export async function readProgress(db: Reader): Promise<Progress> {
  const rows = await db.selectFrom('home.set_up').selectAll().where('key', 'like', 'step:%').execute()
  return Object.fromEntries(rows.map((row) => [row.key.slice('step:'.length), row.value])) as Progress
}

export async function keepProgress<K extends keyof Progress>(
  db: Tx | Reader,
  step: K,
  value: NonNullable<Progress[K]>,
): Promise<void> {
  await db
    .insertInto('home.set_up')
    .values({ key: `step:${step}`, value: JSON.stringify(value) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: JSON.stringify(value) }))
    .execute()
}
