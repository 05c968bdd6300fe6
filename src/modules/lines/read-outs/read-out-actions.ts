import type { ActAction, ShownAct, Viewer } from '../../../core/module/types.ts'
import { occasions } from './read-outs.ts'

/** From a call or a note to what each side says of it; talks have a page of their own, which leads there. */
export function readOutActions({ act, space }: ShownAct, { viewer }: { viewer: Viewer }): ActAction[] {
  const { type } = act.statement
  if (type === 'talks.meeting-proposed' || !occasions.includes(type) || space.members.length < 2) return []
  if (!viewer.may('talks.read-out-given:send')) return []
  return [{ label: 'read-outs.action', method: 'GET', href: `/spaces/${space.id}/acts/${act.hash}/read-outs` }]
}
