declare module '../storage/tables.ts' {
  interface Tables {
    'view.clock': {
      space: string
      id: string
      regime: string
      source: string
      duty: string
      started_by: string
      about: string
      item: string
      starts_at: number
      due_at: number
      met_by: string | null
      met_at: number | null
      cancelled_by: string | null
      lapsed_by: string | null
    }
    /** Steps of the escalation ladder already taken at home. */
    'home.clock_step': { clock: string; step: string; at: number; settled_at: number | null }
  }
}
export {}
