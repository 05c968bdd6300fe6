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

/** Server-sent events: `change` with the topic as data, and a comment now and then so that proxies keep the line open. */
export function liveStream(live: Live, topics: string[], onOpen: (close: () => void) => () => void): Response {
  const encoder = new TextEncoder()
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const say = (text: string) => controller.enqueue(encoder.encode(text))
      const unsubscribe = live.subscribe(topics, (topic) => say(`event: change\ndata: ${topic}\n\n`))
      const heartbeat = setInterval(() => say(': still here\n\n'), heartbeatMs)
      const forget = onOpen(() => {
        end()
        controller.close()
      })
      end = () => {
        clearInterval(heartbeat)
        unsubscribe()
        forget()
      }
      say('retry: 3000\n: listening\n\n')
    },
    cancel: () => end(),
  })
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  })
}
