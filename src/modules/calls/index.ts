import type { Module, ShownAct } from '../../core/module/types.ts'
import { callConfirmedFace, callContestedFace, callLoggedFace } from './faces/call-faces.tsx'
import { callTable } from './migrations/0001-calls.ts'
import { callNeeds } from './needs.ts'
import { callActs } from './projection.ts'
import { callRoutes } from './routes.tsx'

export { type CallRow, listCallsAbout } from './queries.ts'

/** The telephone beside a message: a code to compare by voice, and calls on the record. */
export const calls: Module = {
  name: 'calls',
  acts: callActs,
  faces: [callLoggedFace, callConfirmedFace, callContestedFace],
  migrations: [callTable],
  views: ['view.calls_call'],
  routes: callRoutes,
  needsOnDevices: true,
  needs: callNeeds,
  actActions: (shown, { viewer }) => (isMessage(shown) && viewer.may('calls:read') ? [callAction(shown.act)] : []),
}

/** Something said in words, and not itself about a call. */
const isMessage = ({ act, space }: ShownAct): boolean =>
  space.members.length > 1 &&
  !act.statement.type.startsWith('calls.') &&
  act.statement.parts.some(({ role }) => role === 'text')

const callAction = ({ space, hash }: ShownAct['act']) => ({
  label: 'calls.action.call',
  method: 'GET' as const,
  href: `/spaces/${space}/acts/${hash}/call`,
})
