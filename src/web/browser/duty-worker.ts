/** Shows a page as a notification, with nothing of the matter, and opens its address when it is tapped. */
interface Pushed {
  title: string
  body: string
  reference: string
  link: string
}

interface Worker {
  addEventListener(type: string, listener: (event: any) => void): void
  registration: { showNotification(title: string, options: object): Promise<void> }
  clients: { openWindow(url: string): Promise<unknown> }
  location: { origin: string }
}
const worker = globalThis as unknown as Worker

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
