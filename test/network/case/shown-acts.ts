/** Remembers every act that any page or answer ever showed to anybody. */
export interface ShownActs {
  watch(fetch: (request: Request) => Promise<Response>): (request: Request) => Promise<Response>
  hashes: ReadonlySet<string>
}

const readable = /^(text\/html|application\/json)/
const act = /id="act-([A-Za-z0-9_-]{43})"|"hash":\s*"([A-Za-z0-9_-]{43})",\s*"time"/g

export function createShownActs(): ShownActs {
  const hashes = new Set<string>()
  return {
    hashes,
    watch: (fetch) => async (request) => {
      const response = await fetch(request)
      const isSpace = /\/spaces\/[0-9a-f]{32}(\/acts)?$/.test(new URL(request.url).pathname)
      if (!isSpace || response.status !== 200 || !readable.test(response.headers.get('content-type') ?? ''))
        return response
      for (const [, onPage, inData] of (await response.clone().text()).matchAll(act)) hashes.add(onPage ?? inData ?? '')
      return response
    },
  }
}
