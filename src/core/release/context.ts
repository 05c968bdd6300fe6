import type { Services } from '../module/types.ts'

/** What drafts need of a node; the other rooms are looked up when called, so they may be composed later. */
export type DraftServices = Pick<
  Services,
  | 'party'
  | 'db'
  | 'clock'
  | 'log'
  | 'settings'
  | 'ledger'
  | 'finality'
  | 'outbox'
  | 'jobs'
  | 'live'
  | 'notices'
  | 'people'
  | 'modules'
>
