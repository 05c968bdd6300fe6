import type { VNode } from 'preact'
import type { Viewer } from '../auth/types.ts'
import type { Route, Services, Visit } from '../module/types.ts'

/** What goes wrong, in the reader's words, for the page that says so. */
export interface TroubleShown {
  status: number
  title: string
  what: string
  /** What to do about it, one sentence each. */
  remedies: string[]
  /** A link out, when there is one better than going back. */
  link?: { href: string; label: string }
  /** Wrong fields of a form that has no page of its own: name → sentence. */
  errors?: Record<string, string>
}

export interface HttpOptions {
  services: Services
  routes: readonly Route[]
  /** Who is asking; undefined when nobody is signed in. */
  viewerOf(request: Request): Promise<Viewer | undefined>
  /** Draws refusals and failures. Core knows no pages, so the app hands one in. */
  troublePage(visit: Visit, trouble: TroubleShown): VNode<any>
  /** A page on which a form came back, with every wrong field named at its head in the words of that page. */
  nameWrongFields?(html: string, visit: Visit, errors?: Record<string, string>): string
  /** Whether this person may hear of changes under a topic such as `space:<id>`. */
  mayListen(viewer: Viewer, topic: string): boolean | Promise<boolean>
  /** Whether set-up routes are open to this request; closed when not given. */
  maySetUp?(request: Request): boolean | Promise<boolean>
  /** Where people who are not signed in are sent: `/sign-in` unless given. The path they wanted is added as `to`. */
  entrance?(): string | Promise<string>
  /** Answers other nodes under `/fed/` and `/.well-known/chancery`, reading and limiting bodies itself. */
  federation?(request: Request): Promise<Response>
  /**
   * The viewer as far as pages may lie on the device that asks; undefined where that person, this device or this house
   * keeps none. No page is given out to be kept when not given.
   */
  keeping?(request: Request, viewer: Viewer): Promise<Viewer | undefined>
  /** The services as the page of one GET asks them; the same as given unless said. */
  reading?(services: Services): Services
  /** Built css, scripts and fonts. */
  assetsFolder?: string
  /** How long an answer may take before the asker is told to try again, ms; 60 s unless given. */
  answerWithinMs?: number
}

export interface RunningHttp {
  /** Port that was really opened (the settings may say 0). */
  port: number
  /** Ends live streams and waits for answers under way. */
  close(): Promise<void>
}

export interface Http {
  /** Answers one request in memory; tests need no port. */
  fetch(request: Request): Promise<Response>
  listen(at?: { port?: number; host?: string }): Promise<RunningHttp>
  /** Ends live streams, which would otherwise keep a server from closing. */
  closeStreams(): void
  /** The OpenAPI 3.1 document of all routes. */
  openapi(): Record<string, unknown>
}

/** A file of a form, or of JSON with base64 content. */
export interface FileInput {
  name: string
  media: string
  content: Uint8Array
}
