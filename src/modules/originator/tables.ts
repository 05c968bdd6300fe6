export interface RequestTable {
  space: string
  /** Act hash of the request. */
  request: string
  idx: number
  author: string
  act: string
  originator: string
  use: string
  to_parties: string[]
  requested_at: number
  answer: 'consented' | 'refused' | null
  answered_by: string | null
  answered_at: number | null
  conditions: boolean
  until: string | null
  withdrawn_by: string | null
  withdrawn_at: number | null
}

export interface ForwardTable {
  space: string
  hash: string
  idx: number
  author: string
  origin: string
  at: number
}

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.originator_request': RequestTable
    'view.originator_forward': ForwardTable
  }
}
