import { isSignedIn } from '../../core/http/index.ts'
import type { Services, Visit } from '../../core/module/types.ts'
import { deviceCookie, findDevice, forgetHeader, keepingViewer, readOfflineRule } from '../../core/offline/index.ts'
import { assetUrl } from '../../web/index.ts'
import { listDevicePages } from './list-pages.ts'

/** Acts whose form may wait on a device: words of correspondence. */
const forms = 'channels.'

const narrowestFirst = ['CLEAR', 'GREEN', 'AMBER'] as const

/**
 * What a browser that keeps pages has to do now. `keep`: fetch these, and let go of any other; `lock`: nobody is signed
 * in, so pages go, and what was not sent waits for its person; `forget`: everything goes.
 */
export async function answerStanding(services: Services, visit: Visit): Promise<Response> {
  const { request, viewer, language } = visit
  const [device, rule] = await Promise.all([findDevice(services, request), readOfflineRule(services.db)])
  if (!device || !rule.allowed) return forget(services, request)
  if (!isSignedIn(viewer)) return Response.json({ do: 'lock' })
  if (device.person !== viewer.person.id) return forget(services, request)
  const reader = await keepingViewer(services, request, viewer)
  if (!reader?.keeping) return Response.json({ do: 'lock' })
  return Response.json({
    do: 'keep',
    device: device.id,
    language,
    until: reader.keeping.until,
    ...(await listDevicePages(services, reader)),
    assets: ['chancery.css', 'offline.js', 'mark.svg'].map(assetUrl),
    forms,
    ceilings: narrowestFirst.slice(0, narrowestFirst.indexOf(rule.ceiling) + 1),
  })
}

async function forget(services: Services, request: Request): Promise<Response> {
  const headers = new Headers(await forgetHeader(services, request))
  headers.set('Set-Cookie', deviceCookie(services.settings))
  return Response.json({ do: 'forget' }, { headers })
}
