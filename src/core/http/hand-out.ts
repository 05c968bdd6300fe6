/** What is handed out as bytes to keep, piece by piece: never more than one of them lies in memory. */
export interface HandedOut {
  name: string
  /** By its own bytes; nothing a browser would run. */
  media: string
  size: number
  pieces: AsyncIterable<Uint8Array>
}

/** Bytes to be kept, never opened or shown by the browser, read only as fast as they are taken. */
export const handOut = ({ name, media, size, pieces }: HandedOut): Response =>
  new Response(streamOf(pieces), { headers: inertHeaders({ name, media, size }) })

/** Nothing is read ahead: the next piece is asked for when the last one went out. */
function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const reading = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        const { done, value } = await reading.next()
        if (done) out.close()
        else out.enqueue(value)
      },
      async cancel() {
        await reading.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** Headers under which a browser keeps what it gets and runs nothing of it. */
export function inertHeaders({ name, media, size }: Omit<HandedOut, 'pieces'>): Record<string, string> {
  const plain = name.replace(/[^\w.-]+/g, '_').slice(0, 100) || 'file'
  const whole = encodeURIComponent(name.slice(0, 200).toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return {
    'Content-Type': media,
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${whole}`,
    'Content-Length': String(size),
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  }
}
