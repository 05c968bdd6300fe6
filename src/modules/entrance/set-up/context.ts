import type { Services } from '../../../core/module/types.ts'

/** A backup that can be made and proved by restoring it beside the running node. */
export interface BackupDoor {
  backup(): Promise<{ file: string; sizeBytes: number }>
  /** Restores the file into an empty place, compares, and removes that place again. */
  testRestore(file: string): Promise<{ tables: number; rows: number }>
}

/** What set-up has of the node: before the party is founded only the first line, after it everything. */
export type SetUpServices = Pick<Services, 'db' | 'settings' | 'clock' | 'log'> &
  Partial<Pick<Services, 'party' | 'notices' | 'jobs' | 'people' | 'peers' | 'live'>>

export interface SetUpContext {
  services: SetUpServices
  /** Called once keys exist and their recovery sheets were read back: the app starts the whole node. */
  onFounded?(): Promise<void>
  backups?: BackupDoor
  /** Fetches through the network; tests hand in their own. */
  fetch?: typeof fetch
}
