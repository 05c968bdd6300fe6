import type { Live } from '../module/types.ts'

export interface LiveHub extends Live {
  /** Takes a hint that came from another process; it is not passed on again. */
  deliver(topic: string): void
}

/**
 * Hints inside this process. With `passOn` each published topic also goes to
 * the other processes on the same database (LISTEN/NOTIFY), which `deliver` it.
 */
export function createLive({ passOn }: { passOn?: (topic: string) => void } = {}): LiveHub {
  const listeners = new Map<string, Set<(topic: string) => void>>()
  const deliver = (topic: string) => {
    for (const listener of [...(listeners.get(topic) ?? [])]) listener(topic)
  }
  return {
    deliver,
    publish(topic) {
      deliver(topic)
      passOn?.(topic)
    },
    subscribe(topics, listener) {
      for (const topic of topics) {
        const set = listeners.get(topic) ?? new Set()
        listeners.set(topic, set.add(listener))
      }
      return () => {
        for (const topic of topics) {
          const set = listeners.get(topic)
          set?.delete(listener)
          if (set?.size === 0) listeners.delete(topic)
        }
      }
    },
  }
}

const heartbeatMs = 25_000

/** Server-sent events: `change` with the topic as data. */
export function liveStream(live: Live, topics: string[], onOpen: OnOpen): Response {
  return streamOf((say) => live.subscribe(topics, (topic) => say('change', topic)), onOpen)
}

type OnOpen = (close: () => void) => () => void
/** One event; `data` holds no line break. */
type Say = (event: string, data: string) => void

const lines = new WeakMap<Response, { close(): void; onEnd(then: () => void): void }>()

/** Server-sent events of a route. `begin` gets what says one and a way to end the stream, and gives what lets go of it. */
export function eventStream(begin: (say: Say, end: () => void) => () => void): Response {
  let close = () => {}
  let ended = () => {}
  const response = streamOf(
    (say) => begin(say, () => close()),
    (closing) => {
      close = closing
      return () => ended()
    },
  )
  lines.set(response, {
    close: () => close(),
    onEnd(then) {
      ended = then
    },
  })
  return response
}

/** Lets the server end a stream that a route answered with, which would keep it from closing. */
export function trackStream(response: Response, open: Set<() => void>): Response {
  const line = lines.get(response)
  if (line) {
    open.add(line.close)
    line.onEnd(() => void open.delete(line.close))
  }
  return response
}

/** A comment now and then keeps proxies from closing the line. */
function streamOf(begin: (say: Say) => () => void, onOpen: OnOpen): Response {
  const encoder = new TextEncoder()
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let isOpen = true
      const write = (text: string) => isOpen && controller.enqueue(encoder.encode(text))
      const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs)
      let letGo = () => {}
      const forget = onOpen(() => {
        if (!isOpen) return
        end()
        controller.close()
      })
      end = () => {
        isOpen = false
        clearInterval(heartbeat)
        letGo()
        forget()
      }
      write('retry: 3000\n: listening\n\n')
      letGo = begin((event, data) => write(`event: ${event}\ndata: ${data}\n\n`))
    },
    cancel: () => end(),
  })
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  })
}
