import { type HTMLElement, parse } from 'node-html-parser'
import { Fragment, h } from 'preact'
import { render } from 'preact-render-to-string'
import type { Visit } from '../../core/module/types.ts'
import { ErrorSummary, PageLanguage } from '../../web/index.ts'

/**
 * A page on which a form came back, with a summary of what is wrong at its head in which every field is called what it
 * is called on that page: no form has to say it twice, and none can forget it.
 *
 * @param errors - Field → sentence, where the page itself has no summary; what stands beside fields is found anyway.
 */
export function nameWrongFields(
  html: string,
  { t, language }: Pick<Visit, 't' | 'language'>,
  errors: Record<string, string> = {},
): string {
  const root = parse(html)
  const named = (_all: string, id: string) => {
    const control = controlOf(root, id)
    const words = escaped(labelOf(root, control, id) ?? t('frame.this-form'))
    return `<a href="#${control?.getAttribute('id') ?? id}">${words}`
  }
  if (root.getElementById('errors')) return html.replaceAll(unnamed, named)
  const wrong = { ...besideFields(root), ...errors }
  if (Object.keys(wrong).length === 0) return html
  const summary = render(
    <PageLanguage.Provider value={language}>
      <ErrorSummary errors={wrong} />
    </PageLanguage.Provider>,
  ).replaceAll(unnamed, named)
  return html.replace(head, (before) => before + summary)
}

/** A line of a summary to which its form gave no name. */
const unnamed = /<a href="#([\w-]+)"><span data-unnamed[^>]*>[^<]*<\/span>/g
/** What stands before everything that is asked. */
const head = /<header class="page-head">[\s\S]*?<\/header>|<main[^>]*>(?![\s\S]*<header class="page-head">)/

const escaped = (text: string): string => render(h(Fragment, null, text))

function besideFields(root: HTMLElement): Record<string, string> {
  const found = root.querySelectorAll('p.error[id$="-error"]').map((one) => {
    const id = (one.getAttribute('id') ?? '').slice(0, -'-error'.length)
    const control = root.getElementById(id)
    // Its first child says "Correct this:".
    return [control?.getAttribute('name') ?? id.replace(/^field-/, ''), one.lastChild?.text ?? ''] as const
  })
  return Object.fromEntries(found)
}

/** Of two forms with fields of one name, only one came back wrong. */
function controlOf(root: HTMLElement, id: string): HTMLElement | null {
  const named = `[name="${id.replace(/^field-/, '')}"]`
  return root.querySelector(`${named}[aria-invalid="true"]`) ?? root.getElementById(id) ?? root.querySelector(named)
}

/** What a group asks for stands in its legend, not beside its first choice. */
function labelOf(root: HTMLElement, control: HTMLElement | null, id: string): string | undefined {
  const label =
    control?.closest('fieldset.choices')?.querySelector('legend') ??
    root.querySelector(`label[for="${control?.getAttribute('id') ?? id}"]`)
  return label?.firstChild?.text.trim() || undefined
}
