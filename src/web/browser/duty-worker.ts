import { answerFetch } from './offline/answer-fetch.ts'
import { lookAfter } from './offline/look-after.ts'
import { worker } from './offline/worker.ts'
import { linkWithin, readPushed } from './paging/read-pushed.ts'

/**
 * The one worker of this node in a browser. It shows a page as a notification, with nothing of the matter, and opens
 * its address when it is tapped; and it keeps pages where their reader said so.
 */
worker.addEventListener('push', (event) => {
  const { title, body, reference, link } = readPushed(event.data?.text(), worker.location.origin)
  const options = { body, tag: reference, requireInteraction: true, data: { link } }
  event.waitUntil(worker.registration.showNotification(title, options))
})

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const link = linkWithin(event.notification.data?.link, worker.location.origin)
  if (link) event.waitUntil(worker.clients.openWindow(link))
})

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', answerFetch)
worker.addEventListener('message', (event) => {
  const [answer] = event.ports
  event.waitUntil(lookAfter({ now: event.data.now === true }).then(() => answer?.postMessage('done')))
})
