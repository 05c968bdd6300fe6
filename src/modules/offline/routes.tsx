import type { z } from 'zod'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import {
  deviceCookie,
  deviceNamedIn,
  forgetHeader,
  listOfflineDevices,
  readOfflineRule,
  setOfflineRule,
  switchOff,
  switchOn,
} from '../../core/offline/index.ts'
import { newId } from '../../protocol/index.ts'
import { deviceInput, ruleInput } from './inputs.ts'
import { DevicePage } from './pages/device-page.tsx'
import { RulePage } from './pages/rule-page.tsx'
import { NotHerePage, UnsentPage } from './pages/unsent-page.tsx'
import { answerStanding } from './standing.ts'

type Errors = Record<string, string>

/** What lies on a device: knowingly switched on, told what to keep, told to forget. */
export function offlineRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/offline',
      permission: 'signed-in',
      summary: 'What this device keeps, for how long, and how it forgets',
      handle: (visit) => showDevice(services, visit),
    },
    {
      method: 'POST',
      path: '/offline/on',
      permission: 'signed-in',
      input: deviceInput,
      summary: 'Keep pages on this device',
      async handle({ input, viewer, wantsJson }: Visit<z.infer<typeof deviceInput>>) {
        await switchOn(services, viewer.person, input)
        const headers = { 'Set-Cookie': deviceCookie(services.settings, input.id) }
        if (wantsJson) return Response.json({ location: '/offline' }, { headers })
        return new Response(null, { status: 303, headers: { Location: '/offline', ...headers } })
      },
      onInvalid: (visit, errors) => showDevice(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/offline/off',
      permission: 'signed-in',
      summary: 'Keep nothing on this device any more',
      handle: (visit) => forgetHere(services, visit),
    },
    {
      method: 'POST',
      path: '/offline/devices/:device/off',
      permission: 'signed-in',
      summary: 'Another of my devices is to keep nothing any more',
      async handle({ params, viewer }) {
        await switchOff(services, viewer.person.id, params.device ?? '')
        return { redirect: '/offline', notice: 'offline.notice.off-elsewhere' }
      },
    },
    {
      method: 'GET',
      path: '/offline/standing',
      permission: 'public',
      summary: 'What a browser that keeps pages has to keep or to forget',
      handle: (visit) => answerStanding(services, visit),
    },
    {
      method: 'GET',
      path: '/offline/unsent',
      permission: 'signed-in',
      summary: 'Forms that met no line and wait on this device',
      handle: async (visit) => ({ page: <UnsentPage visit={visit} /> }),
      keep: () => true,
    },
    {
      method: 'GET',
      path: '/offline/not-here',
      permission: 'signed-in',
      summary: 'Says that a page is not on this device',
      handle: async (visit) => ({ page: <NotHerePage visit={visit} /> }),
      keep: () => true,
    },
    {
      method: 'GET',
      path: '/offline/rule',
      permission: 'offline:manage',
      summary: 'Whether this house lets pages lie on devices, and which',
      handle: (visit) => showRule(services, visit),
    },
    {
      method: 'POST',
      path: '/offline/rule',
      permission: 'offline:manage',
      input: ruleInput,
      summary: 'Set what may lie on devices',
      async handle({ input, viewer }: Visit<z.infer<typeof ruleInput>>) {
        const { allowed, ceiling, sealed } = input
        const rule = { allowed: allowed === 'yes', ceiling, sealed: sealed === 'yes' }
        await setOfflineRule(services, rule, viewer.person.id)
        return { redirect: '/offline/rule', notice: 'offline.notice.rule' }
      },
      onInvalid: (visit, errors) => showRule(services, visit, errors),
    },
  ]
}

async function showDevice(services: Services, visit: Visit<any>, errors?: Errors): Promise<Answer> {
  const here = deviceNamedIn(visit.request, services.settings)
  const [rule, devices] = await Promise.all([
    readOfflineRule(services.db),
    listOfflineDevices(services, visit.viewer.person.id),
  ])
  const shown = { visit, rule, devices, errors, here: devices.find(({ id }) => id === here), id: newId() }
  return { page: <DevicePage {...shown} />, status: errors ? 422 : 200 }
}

async function forgetHere(services: Services, { request, viewer, wantsJson }: Visit): Promise<Answer> {
  const here = deviceNamedIn(request, services.settings)
  if (here !== undefined) await switchOff(services, viewer.person.id, here)
  const headers = { 'Set-Cookie': deviceCookie(services.settings), ...(await forgetHeader(services, request)) }
  if (wantsJson) return Response.json({ location: '/offline' }, { headers })
  return new Response(null, { status: 303, headers: { Location: '/offline', ...headers } })
}

async function showRule(services: Services, visit: Visit<any>, errors?: Errors): Promise<Answer> {
  const rule = await readOfflineRule(services.db)
  return { page: <RulePage visit={visit} rule={rule} errors={errors} />, status: errors ? 422 : 200 }
}
