/** What a notification shows and opens: nothing of the matter, and no address but this node's. */
export interface Pushed {
  title: string
  body: string
  reference: string
  link: string
}

const mostLetters = 120

/**
 * Reads what was pushed. The browser wants a notification for each push, so what this node did not write, or a later
 * version wrote otherwise, becomes one that says nothing and opens the first page.
 */
export function readPushed(text: string | undefined, origin: string): Pushed {
  try {
    const { title, body, reference, link } = JSON.parse(text ?? '') as Record<string, unknown>
    const address = linkWithin(link, origin)
    if (address && isLine(title) && isLine(body) && isLine(reference)) return { title, body, reference, link: address }
  } catch {
    // No JSON, or no object: below.
  }
  return { title: 'Chancery', body: '', reference: 'unread', link: `${origin}/` }
}

/** The address where it is one of this node. */
export function linkWithin(link: unknown, origin: string): string | undefined {
  if (typeof link !== 'string' || !URL.canParse(link)) return undefined
  const url = new URL(link)
  return url.origin === origin && url.username === '' ? url.href : undefined
}

const isLine = (given: unknown): given is string =>
  typeof given === 'string' && given.length > 0 && given.length <= mostLetters && !/\p{C}/u.test(given)
