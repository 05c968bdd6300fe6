/** A form of a page: where it goes and what can be filled in. */
export interface SeenForm {
  action: string
  method: 'get' | 'post'
  /** Field names with what stands in them; a name may have several values. */
  fields: Record<string, string[]>
  /** What can be chosen, by field name. */
  options: Record<string, { value: string; label: string }[]>
  /** Words on its buttons. */
  buttons: string[]
  /** What each button sends beside the fields when it is the one pressed; empty where it has no name. */
  sentBy: Record<string, string>[]
}

/** What a person has before them. */
export interface SeenPage {
  /** Path and query. */
  path: string
  status: number
  title: string
  text: string
  links: { href: string; text: string }[]
  forms: SeenForm[]
}

/** Field name → what the person types, a choice by the words beside it, several choices, or a file to upload. */
export type Typed = Record<
  string,
  string | string[] | { option: string } | { name: string; media: string; content: Uint8Array }
>

/**
 * Somebody at a desk, using the pages of one node as people do: they can only
 * fill in fields that a form has and press buttons that a page shows.
 */
export interface Person {
  readonly name: string
  open(path: string): Promise<SeenPage>
  /**
   * Fills in the form whose address ends with `form` on the page before them
   * and sends it; returns the page they land on.
   *
   * Where several forms go to one address, the one that has all the fields and
   * a button with these words is meant.
   *
   * @throws when the page has no such form, or the form no such field.
   */
  send(form: string, typed?: Typed, button?: string): Promise<SeenPage>
  /** Sends a form that answers with a file. */
  download(form: string, typed?: Typed): Promise<Uint8Array>
  /** What the node's own API answers this person. */
  read<T>(path: string): Promise<T>
}

/** Waits until `look` finds something; looks again after 20 ms at first, then ever more seldom. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 60_000,
): Promise<T> {
  const began = performance.now()
  for (;;) {
    const found = await look()
    if (found) return found
    const waited = performance.now() - began
    if (waited > withinMs) throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, Math.min(200, 20 + waited / 4)))
  }
}
