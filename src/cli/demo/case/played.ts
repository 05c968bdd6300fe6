import type { Telephones } from '../telephones.ts'

/** What the case left behind, for whoever looks at it afterwards. */
export interface PlayedCase {
  incident: string
  caseSpace: string
  forumSpace: string
  hotlineSpace: string
  dossier: Uint8Array
  /** The note that waits for an answer. */
  openNote: string
}

export interface CaseOptions {
  bundle: URL | string
  /** Telephones that Borovia's pages ring; without them its deputy finds the page in the house. */
  telephones?: Telephones
  /** Also plays a campaign of communication checks. */
  withCampaign?: boolean
  /** Also plays what Aurelia's desk does about the incident at home, and the request for assistance that comes of it. */
  withDesk?: boolean
}

export interface IncidentPlayed {
  id: string
  space: string
  /** Aurelia's first note. */
  note: string
}
