/** The plan a new house begins with; it changes it on the page of its register. Titles: `channels.register.plan.<code>`. */
export const filePlan: readonly { code: string; years: number | null; then_what: Disposal }[] = [
  { code: '10', years: 10, then_what: 'transfer' },
  { code: '11', years: 20, then_what: 'transfer' },
  { code: '12', years: 15, then_what: 'transfer' },
  { code: '13', years: null, then_what: 'transfer' },
  { code: '14', years: 10, then_what: 'transfer' },
  { code: '19', years: 3, then_what: 'destroy' },
]

/** What happens to a document once it need not be kept any longer; people do it, no program. */
export const disposals = ['transfer', 'destroy'] as const
export type Disposal = (typeof disposals)[number]
