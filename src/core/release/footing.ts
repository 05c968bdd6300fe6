import { Refusal } from '../http/refusal.ts'
import type { ActDefinition, LoggedAct, Services } from '../module/types.ts'
import type { Json } from '../../protocol/types.ts'

/** How firmly the act stands that an outward step rests on. */
export interface Footing {
  act: LoggedAct
  level: NonNullable<ActDefinition['restsOn']>['level']
  without: NonNullable<ActDefinition['restsOn']>['without']
  /** The act has come so far. */
  met: boolean
  /** Whose lines are still needed, by party or witness name; nobody where there is nobody to ask. */
  missing: string[]
  /** Body of the step with the checkpoint that proves it, where one checkpoint does. */
  body: Json
}

type FootingServices = Pick<Services, 'ledger' | 'finality' | 'modules'>
interface Outward {
  space: string
  type: string
  body: Json
}

/**
 * What an outward step rests on, and how far that has come; undefined for steps that rest on nothing. An act that is
 * not in the space is no footing either: whether the step has an effect is for its projection to say.
 *
 * @param waitMs - How long to wait for lines that are on their way.
 */
export async function footingOf(
  services: FootingServices,
  { space, type, body }: Outward,
  waitMs = 0,
): Promise<Footing | undefined> {
  const definition = services.modules.flatMap((module) => module.acts ?? []).find((one) => one.type === type)
  if (!definition?.restsOn) return undefined
  const { level, without, act: named } = definition.restsOn
  const act = await services.ledger.findAct(named(body))
  if (act?.space !== space) return undefined
  const said = await services.finality.demand({ space, index: act.index }, level, waitMs)
  if (!said.met) return { act, level, without, met: false, missing: said.missing, body }
  const proven = said.evidence ? { ...(body as object), witnessed: { ...said.evidence } } : body
  return { act, level, without, met: true, missing: [], body: proven as Json }
}

/** @throws Refusal `footing-not-witnessed` when an act has to be witnessed first and nobody may go on without. */
export function requireFooting(footing: Footing | undefined, isWaived = false): void {
  if (!footing || footing.met || (isWaived && footing.without === 'by-word')) return
  throw new Refusal('footing-not-witnessed', { number: footing.act.index, missing: footing.missing.join(', ') })
}
