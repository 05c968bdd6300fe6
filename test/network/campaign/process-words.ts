/** What the test asks of a process that runs several parties. */
export type Asked =
  | { do: 'make'; databases: [name: string, url: string][]; firstPort: number }
  | { do: 'meet'; party: string; url: string; fingerprint: string }
  | { do: 'nominate'; space: string }
  | { do: 'advance'; ms: number }
  | { do: 'answer' }
  | { do: 'read' }
  | { do: 'end' }

export interface Told {
  number: number
  answer?: unknown
  error?: string
}
