export interface ClearanceEmergencyTable {
  space: string
  /** Act that one person released; of `author` itself, or the row says nothing about it. */
  act: string
  author: string
  declared: string
  idx: number
  at: number
  due_at: number
  outcome: 'confirmed' | 'disowned' | null
  outcome_by: string | null
  outcome_at: number | null
}

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.clearance_emergency': ClearanceEmergencyTable
  }
}
