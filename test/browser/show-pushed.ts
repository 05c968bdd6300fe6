import assert from 'node:assert/strict'
import type { Browser, Page, Worker } from 'playwright-core'
import { until } from '../../src/cli/demo/person.ts'
import type { NodeProcess } from './node-process.ts'

/** What the worker asked its browser for. */
interface Asked {
  shown: { title: string; body: string; data: { link: string } }[]
  opened: string[]
}

/**
 * The browser hands pushes to the node's own worker, as its maker's service would. A headless shell shows no
 * notifications, whatever it is allowed: what the worker asks it to show and to open is written down in its place.
 */
export async function showPushed({ browser, borovia }: { browser: Browser; borovia: NodeProcess }): Promise<void> {
  const context = await browser.newContext({ baseURL: borovia.publicUrl })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  await page.goto('/sign-in')
  const [worker] = await Promise.all([context.waitForEvent('serviceworker'), page.evaluate(register)])
  await worker.evaluate(writeDown)
  const push = await pusher(page, borovia.publicUrl)
  const link = `${borovia.publicUrl}/paged/${'a'.repeat(32)}`
  const ours = { title: 'A page waits', body: 'P-AAAAAA', reference: 'P-AAAAAA', urgency: 'page', link }
  const broken = ['', '{', '"Update your browser"', '[]', JSON.stringify({ ...ours, title: 7 })]
  const foreign = ['https://evil.example/paged/1', 'javascript:alert(1)', `${borovia.publicUrl}.evil.example/`]
  const others = [...broken, ...foreign.map((one) => JSON.stringify({ ...ours, title: 'Sign in again', link: one }))]
  for (const text of others) await push(text)
  await push(JSON.stringify({ ...ours, subject: 'Hosts in both countries' }))

  await until('every push to be shown', async () => (await asked(worker)).shown.length === others.length + 1)
  const { shown } = await asked(worker)
  for (const one of shown.slice(0, -1))
    assert.deepEqual(
      [one.title, one.body, one.data],
      ['Chancery', '', { link: `${borovia.publicUrl}/` }],
      'what is foreign or broken says nothing',
    )
  const { title, body, data } = shown.at(-1)!
  assert.deepEqual({ title, body, data }, { title: 'A page waits', body: 'P-AAAAAA', data: { link } })
  assert.doesNotMatch(JSON.stringify(shown), /Hosts in both countries|evil|Sign in again/)

  await worker.evaluate(tap, link)
  await worker.evaluate(tap, 'https://evil.example/')
  assert.deepEqual((await asked(worker)).opened, [link])
  await context.close()
}

async function register(): Promise<void> {
  await navigator.serviceWorker.register('/assets/duty-worker.js', { scope: '/' })
  await navigator.serviceWorker.ready
}

/** Runs in the worker. */
function writeDown(): void {
  const scope = globalThis as unknown as {
    asked: Asked
    registration: { showNotification: unknown }
    clients: { openWindow: unknown }
  }
  const kept: Asked = { shown: [], opened: [] }
  scope.asked = kept
  scope.registration.showNotification = async (title: string, given: Omit<Asked['shown'][number], 'title'>) => {
    kept.shown.push({ ...given, title })
  }
  scope.clients.openWindow = async (url: string) => {
    kept.opened.push(url)
  }
}

const asked = (worker: Worker) => worker.evaluate(() => (globalThis as unknown as { asked: Asked }).asked)

/** Runs in the worker. */
function tap(link: string): void {
  const Happening = (globalThis as unknown as { ExtendableEvent: typeof Event }).ExtendableEvent
  const notification = { close: () => undefined, data: { link } }
  globalThis.dispatchEvent(Object.assign(new Happening('notificationclick'), { notification }))
}

/** Hands text to the worker as a push that was decrypted. */
async function pusher(page: Page, origin: string): Promise<(data: string) => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  const registered = new Promise<string>((done) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) done(registrations[0].registrationId)
    }),
  )
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  return async (data) => {
    await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
  }
}
