import type { Permission } from './routes.ts'

/** Places of work on an incident, in the order in which its page lists them. */
export const incidentPlaces = [
  'plan',
  'timeline',
  'facts',
  'objects',
  'evidence',
  'attribution',
  'options',
  'assistance',
  'recovery',
  'lines',
  'brief',
  'tasks',
  'clocks',
  'severity',
  'shared',
  'readers',
  'others',
] as const
export type IncidentPlace = (typeof incidentPlaces)[number]

/** A room of work on one incident, as the page of the incident lists it. */
export interface IncidentRoom {
  place: IncidentPlace
  href: string
  /** Message key. */
  label: string
  permission: Permission
  /** How it stands, in a few words: a message key with its facts. */
  state?: { key: string; facts?: Record<string, string | number> }
  /** How many things there wait for somebody of the house. */
  needs?: number
}
