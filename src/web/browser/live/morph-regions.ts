import { Idiomorph } from 'idiomorph'

/**
 * Takes the live regions of `fresh` into `page`, by id. Focus, what was typed,
 * opened details and everything outside the regions stay. True when something changed.
 */
export function morphRegions(page: Document, fresh: Document): boolean {
  let isChanged = false
  for (const region of page.querySelectorAll<HTMLElement>('[data-live-topic][id]')) {
    const next = fresh.getElementById(region.id)
    // A region inside a region was morphed with it.
    if (!next || region.parentElement?.closest('[data-live-topic][id]') || sameWords(region, next)) continue
    morph(region, next)
    isChanged = true
  }
  return isChanged
}

function morph(region: HTMLElement, next: HTMLElement): void {
  Idiomorph.morph(region, next, {
    ignoreActiveValue: true,
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (old: Node) => !isBeingFilled(old),
      beforeNodeRemoved: (old: Node) => !holdsWhatIsTyped(old),
      beforeAttributeUpdated: (name: string, node: Element) => !(name === 'open' && node instanceof HTMLDetailsElement),
    },
  })
}

/** Even where the page no longer offers the form: whoever is typing reads why when they send it, and loses nothing. */
function holdsWhatIsTyped(node: Node): boolean {
  return isBeingFilled(node) || (node instanceof Element && [...node.querySelectorAll('form')].some(isBeingFilled))
}

/** A form somebody began to fill in stays as it is until it is sent. */
function isBeingFilled(node: Node): boolean {
  if (!(node instanceof HTMLFormElement)) return false
  return [...node.elements].some((control) => {
    if (control instanceof HTMLInputElement) {
      if (control.type === 'hidden') return false
      return (
        control.checked !== control.defaultChecked ||
        (control.type !== 'checkbox' && control.type !== 'radio' && control.value !== control.defaultValue)
      )
    }
    if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue
    return control instanceof HTMLSelectElement && [...control.options].some((o) => o.selected !== o.defaultSelected)
  })
}

/** Forms carry an id that is new each time a page is drawn; it alone is no change. */
function sameWords(a: HTMLElement, b: HTMLElement): boolean {
  const words = (of: HTMLElement) => of.innerHTML.replace(/<input type="hidden"[^>]*>/g, '').replace(/ open=""/g, '')
  return words(a) === words(b)
}
