import type { Services, Viewer } from '../../core/module/types.ts'
import { firstEventAt, type LoadedIncident, loadIncident } from '../incidents/index.ts'
import { type PublishedAttribution, publishedBehind } from '../published-incidents/index.ts'
import { type Between, readBetween } from './between/read-between.ts'
import { type Decision, readDecisions } from './decide/decisions.ts'
import { type Joint, readJoint } from './joint/read-joint.ts'
import { listBulletins } from './publish/bulletin.ts'
import { readStandings, type Standing } from './decide/looks.ts'
import { type Claim, readClaims } from './register/claims.ts'
import { readStatements, type Statement } from './release/statements.ts'

/** Everything the pages on the attribution of an incident show. */
export interface LoadedRegister {
  loaded: LoadedIncident
  claims: Claim[]
  /** Attributions that are kept but marked above this person. */
  withheld: number
  decisions: Decision[]
  standings: Standing[]
  statements: Statement[]
  /** When the incident began: its earliest dated event, else when it was opened here. */
  start: { at: number; isKnown: boolean }
  /** What a data set has published of the same incident; empty where it is linked to none. */
  published: PublishedAttribution[]
  /** What parties stated in the spaces of the incident, the newest first. */
  between: Between[]
  /** What several of them say together there. */
  joint: Joint[]
  nameOf(person: string): string
}

/** @throws Refusal `incidents.not-found` */
export async function loadRegister(services: Services, viewer: Viewer, id: string): Promise<LoadedRegister> {
  const loaded = await loadIncident(services, viewer, id)
  const bulletins = await listBulletins(services)
  const [{ claims, withheld }, decisions, statements, began, published, between, joint] = await Promise.all([
    readClaims(services, viewer, id),
    readDecisions(services.db, id),
    readStatements(services.db, id),
    firstEventAt(services, viewer, id),
    publishedBehind(services, viewer, id),
    readBetween(services, viewer, { incident: id, spaces: [...loaded.spaces.map((one) => one.id), ...bulletins] }),
    readJoint(
      services,
      viewer,
      loaded.spaces.map((one) => one.id),
    ),
  ])
  const standings = await readStandings(services, viewer, decisions)
  const people = [
    ...claims.flatMap(({ by, before, disputes }) => [
      by,
      ...before.map((one) => one.by),
      ...disputes.map((one) => one.writtenBy),
    ]),
    ...decisions.map(({ by }) => by),
    ...standings.flatMap(({ looks }) => looks.map(({ by }) => by)),
    ...statements.flatMap(({ proposedBy, releasedBy, ended }) => [
      proposedBy,
      releasedBy ?? proposedBy,
      ended?.by ?? proposedBy,
    ]),
  ]
  const names = new Map(
    await Promise.all([...new Set(people)].map(async (one) => [one, (await services.people.find(one))?.name] as const)),
  )
  return {
    loaded,
    claims,
    withheld,
    decisions,
    standings,
    statements,
    start: { at: began ?? loaded.incident.openedAt, isKnown: began !== undefined },
    published,
    between,
    joint,
    nameOf: (person) => names.get(person) ?? person,
  }
}
