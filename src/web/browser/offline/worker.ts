/** What the worker uses of its surroundings; the types of pages do not know them. */
interface Worker {
  addEventListener(type: string, listener: (event: any) => void): void
  skipWaiting(): Promise<void>
  registration: { showNotification(title: string, options: object): Promise<void> }
  clients: {
    claim(): Promise<void>
    matchAll(options: object): Promise<{ postMessage(message: unknown): void }[]>
    openWindow(url: string): Promise<unknown>
  }
  location: { origin: string }
}

export interface FetchEvent {
  request: Request
  respondWith(answer: Promise<Response> | Response): void
  waitUntil(work: Promise<unknown>): void
}

export const worker = globalThis as unknown as Worker
