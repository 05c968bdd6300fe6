import type { SeenPage, Typed } from '../../../src/cli/demo/person.ts'
import type { BrowserPerson } from '../browser-person.ts'

/** What somebody did to get something done: every link followed, button pressed, field filled, page seen. */
export interface Steps {
  /** Links followed, names unfolded and buttons pressed: what a finger does. */
  taps: number
  pages: number
  fields: number
  /** The same person, every step counted. */
  of(person: BrowserPerson): Stepping
  /** Machine time only: nobody reads or types as fast. */
  figure(): string
}

export interface Stepping {
  /** Follows a link that leads there, on the page before them. */
  follow(href: string): Promise<SeenPage>
  /** Opens what somebody sent them: a notification, a link in a message. */
  openSent(address: string): Promise<SeenPage>
  /** Fills in a form on the page before them and presses its button. */
  send(form: string, typed?: Typed, button?: string): Promise<SeenPage>
}

export function countSteps(): Steps {
  let busyMs = 0
  const steps: Steps = {
    taps: 0,
    pages: 0,
    fields: 0,
    of(person) {
      const step = async (go: () => Promise<SeenPage>, fields = 0): Promise<SeenPage> => {
        const began = performance.now()
        const page = await go()
        busyMs += performance.now() - began
        steps.taps += 1
        steps.pages += 1
        steps.fields += fields
        return page
      }
      return {
        async follow(href) {
          if (await person.unfoldTo(href)) steps.taps += 1
          return step(() => person.follow(href))
        },
        openSent: (address) => step(() => person.open(new URL(address, 'http://here').pathname)),
        send: (form, typed, button) => step(() => person.send(form, typed, button), Object.keys(typed ?? {}).length),
      }
    },
    figure() {
      const { taps, pages, fields } = steps
      return `${taps} taps, ${pages} pages, ${fields} fields, ${(busyMs / 1_000).toFixed(1)} s`
    },
  }
  return steps
}
