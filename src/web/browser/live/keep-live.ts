import { morphRegions } from './morph-regions.ts'

/** Many hints arrive together when one act has several effects. */
const settleMs = 250
/** A burst that does not end must not hold back what came first. */
const longestWaitMs = 1500

/**
 * Keeps the live regions of a page current: one event stream for all their
 * topics, and after a hint the same page again, of which only the regions are taken.
 * Without regions it does nothing; hidden tabs let go of the stream.
 */
export function keepLive(page: Document): void {
  if (topicsOf(page).length === 0) return
  const status = createStatus(page)
  let stream: EventSource | undefined
  let missed = false

  const refresh = debounce(() => {
    if (page.visibilityState === 'hidden') {
      missed = true
      return
    }
    fetchPage(page).then(
      (fresh) => status.say(fresh && morphRegions(page, fresh) ? 'changed' : undefined),
      () => status.say('lost'),
    )
  })

  const open = () => {
    const query = new URLSearchParams(topicsOf(page).map((topic) => ['topic', topic]))
    let wasLost = false
    stream = new EventSource(`/live?${query}`)
    stream.addEventListener('change', refresh)
    stream.addEventListener('open', () => {
      if (wasLost) refresh()
      wasLost = false
    })
    stream.addEventListener('error', () => {
      wasLost = true
      status.say(stream?.readyState === EventSource.CLOSED ? 'off' : 'lost')
    })
  }

  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'hidden') {
      stream?.close()
      stream = undefined
      missed = true
    } else if (!stream) {
      open()
      if (missed) refresh()
      missed = false
    }
  })
  addEventListener('pagehide', () => stream?.close())
  if (page.visibilityState !== 'hidden') open()
}

function topicsOf(page: Document): string[] {
  const regions = [...page.querySelectorAll<HTMLElement>('[data-live-topic]')]
  return [...new Set(regions.flatMap((region) => (region.dataset.liveTopic ?? '').split(' ').filter(Boolean)))]
}

async function fetchPage(page: Document): Promise<Document | undefined> {
  const response = await fetch(page.location.href.split('#')[0]!, {
    headers: { Accept: 'text/html' },
    cache: 'no-store',
  })
  // Signed out meanwhile: the answer is another page, whose regions are not ours.
  if (!response.ok || new URL(response.url).pathname !== page.location.pathname) return undefined
  return new DOMParser().parseFromString(await response.text(), 'text/html')
}

function debounce(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let firstAt = 0
  return () => {
    const now = performance.now()
    if (timer === undefined) firstAt = now
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        timer = undefined
        act()
      },
      Math.max(0, Math.min(settleMs, firstAt + longestWaitMs - now)),
    )
  }
}

type Said = 'changed' | 'lost' | 'off'

/** The polite line at the foot of the page; "updated" goes away by itself, trouble stays until it is over. */
function createStatus(page: Document): { say(what: Said | undefined): void } {
  const line = page.getElementById('live-status')
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    say(what) {
      if (!line) return
      clearTimeout(timer)
      line.textContent = what ? (line.dataset[what] ?? '') : ''
      if (what === 'changed') timer = setTimeout(() => (line.textContent = ''), 4000)
    },
  }
}
