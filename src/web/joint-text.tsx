import type { ComponentChildren } from 'preact'

/** A text of several sides as one copy of it shows them: named above, each with its word below, in the same order. */
export function JointText({
  between,
  sides,
  note,
  children,
}: {
  /** "Between Aurelia and Borovia", in the language of the text. */
  between: string
  sides: readonly { name: string; word: string }[]
  /** In the language of the reader. */
  note?: ComponentChildren
  children: ComponentChildren
}) {
  return (
    <>
      <p class="between">{between}</p>
      {children}
      <dl class="sides">
        {sides.map(({ name, word }) => (
          <div key={name}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>{word}</dd>
          </div>
        ))}
      </dl>
      {note && <p class="small quiet">{note}</p>}
    </>
  )
}
