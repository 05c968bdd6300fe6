import { answerFetch } from './offline/answer-fetch.ts'
import { lookAfter } from './offline/look-after.ts'
import { worker } from './offline/worker.ts'

/**
 * The one worker of this node in a browser. It shows a page as a notification, with nothing of the matter, and opens
 * its address when it is tapped; and it keeps pages where their reader said so.
 */
interface Pushed {
  title: string
  body: string
  reference: string
  link: string
}

worker.addEventListener('push', (event) => {
  const { title, body, reference, link } = event.data.json() as Pushed
  const options = { body, tag: reference, requireInteraction: true, data: { link } }
  event.waitUntil(worker.registration.showNotification(title, options))
})

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const link = new URL(event.notification.data.link, worker.location.origin)
  if (link.origin === worker.location.origin) event.waitUntil(worker.clients.openWindow(link.href))
})

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', answerFetch)
worker.addEventListener('message', (event) => {
  const [answer] = event.ports
  event.waitUntil(lookAfter({ now: event.data.now === true }).then(() => answer?.postMessage('done')))
})
