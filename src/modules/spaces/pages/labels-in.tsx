import { parse } from 'node-html-parser'
import type { ComponentChildren } from 'preact'
import { render } from 'preact-render-to-string'

/** Labels of the fields a composer made, by name, however it made them: the summary of errors speaks their words. */
export function labelsIn(fields: ComponentChildren): Record<string, string> {
  const root = parse(render(<div>{fields}</div>))
  const nameOf = (id: string | undefined) =>
    id === undefined ? undefined : root.getElementById(id)?.getAttribute('name')
  const single = root
    .querySelectorAll('label')
    .map((label) => [nameOf(label.getAttribute('for')), label.firstChild?.text] as const)
  const groups = root
    .querySelectorAll('fieldset.choices')
    .map(
      (group) =>
        [group.querySelector('input')?.getAttribute('name'), group.querySelector('legend')?.firstChild?.text] as const,
    )
  // What a group asks for stands in its legend, not beside its first choice.
  return Object.fromEntries([...single, ...groups].filter((one): one is [string, string] => one.every((word) => word)))
}
