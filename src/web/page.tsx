import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { direction as directionOf } from '../text/index.ts'
import { isolated } from './margin.tsx'
import { useWords } from './words.ts'

/** Head of a page: what kind of thing it is, its name, one sentence of state, what can be done. */
export function PageHead({
  form,
  title,
  lead,
  actions,
}: {
  form?: ComponentChildren
  title: ComponentChildren
  lead?: ComponentChildren
  actions?: ComponentChildren
}) {
  return (
    <header class="page-head">
      {form && <p class="form">{form}</p>}
      <h1>{title}</h1>
      {lead && <p class="lead">{lead}</p>}
      {actions && <div class="row">{actions}</div>}
    </header>
  )
}

/** A part of a page under its own heading. */
export function Section({
  title,
  children,
  id,
}: {
  title: ComponentChildren
  children?: ComponentChildren
  id?: string
}) {
  const own = useId()
  const heading = `${id ?? own}-title`
  return (
    <section id={id} aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      {children}
    </section>
  )
}

/** Something said in the column; what makes it reliable in the margin. */
export function Entry({
  margin,
  children,
  id,
  unread,
}: {
  margin?: ComponentChildren
  children?: ComponentChildren
  id?: string
  unread?: boolean
}) {
  return (
    <article class={unread ? 'entry unread' : 'entry'} id={id}>
      <div class="column">{children}</div>
      {margin !== undefined && margin !== null && <div class="margin">{margin}</div>}
    </article>
  )
}

/** The kind of a document and who it is from: small capitals over a heading. */
export function FormLine({ children }: { children?: ComponentChildren }) {
  return <p class="form">{children}</p>
}

/** Set as a document, in the serif, in its own language. */
export function Paper({
  children,
  language,
  direction,
}: {
  children?: ComponentChildren
  language?: string
  direction?: 'ltr' | 'rtl'
}) {
  return (
    <div class="paper" lang={language} dir={direction ?? (language ? directionOf(language) : undefined)}>
      {children}
    </div>
  )
}

export function Quiet({ children, small }: { children?: ComponentChildren; small?: boolean }) {
  return <p class={small ? 'quiet small' : 'quiet'}>{children}</p>
}

export function Lead({ children }: { children?: ComponentChildren }) {
  return (
    <p class="lead" dir="auto">
      {children}
    </p>
  )
}

export function Row({ children }: { children?: ComponentChildren }) {
  return <div class="row">{children}</div>
}

/** Folded until asked for; works without JavaScript. */
export function Details({
  summary,
  children,
  open,
  id,
}: {
  summary: ComponentChildren
  children?: ComponentChildren
  open?: boolean
  id?: string
}) {
  return (
    <details id={id} open={open}>
      <summary>{summary}</summary>
      <div class="folded">{children}</div>
    </details>
  )
}

/** What happened and what to do about it. */
export function Trouble({
  what,
  do: remedy,
  title,
}: {
  what: ComponentChildren
  do?: ComponentChildren
  title?: ComponentChildren
}) {
  const t = useWords()
  return (
    <div class="trouble">
      {title && <h2>{title}</h2>}
      <p class="trouble-what">{what}</p>
      {remedy && (
        <div class="trouble-do">
          <p class="form">{t('frame.what-to-do')}</p>
          <div>{remedy}</div>
        </div>
      )}
    </div>
  )
}

/** Stages of a task; `current` is the zero-based place of the reader. */
export function Steps({ steps, current }: { steps: (string | { label: string; href?: string })[]; current: number }) {
  const t = useWords()
  return (
    <nav class="steps" aria-label={t('frame.steps')}>
      <ol>
        {steps.map((step, i) => {
          const { label, href } = typeof step === 'string' ? { label: step, href: undefined } : step
          const state = i < current ? 'done' : i === current ? 'current' : 'to-come'
          return (
            <li key={label} class={state} aria-current={state === 'current' ? 'step' : undefined}>
              {href && state === 'done' ? <a href={href}>{label}</a> : <span>{label}</span>}
              {state === 'done' && <span class="aside">, {t('frame.step-done')}</span>}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** The two boxes of a review: exactly what leaves the house, and what belongs to the matter and does not. */
export function LeavesStays({
  leaves,
  stays,
  leavesTitle,
  staysTitle,
}: {
  leaves: ComponentChildren[]
  stays: ComponentChildren[]
  leavesTitle?: ComponentChildren
  staysTitle?: ComponentChildren
}) {
  const t = useWords()
  return (
    <div class="leaves-stays">
      <Box kind="leaves" title={leavesTitle ?? t('frame.leaves')} items={leaves} nothing={t('frame.leaves-nothing')} />
      <Box kind="stays" title={staysTitle ?? t('frame.stays')} items={stays} nothing={t('frame.stays-nothing')} />
    </div>
  )
}

function Box({
  kind,
  title,
  items,
  nothing,
}: {
  kind: string
  title: ComponentChildren
  items: ComponentChildren[]
  nothing: string
}) {
  const id = useId()
  return (
    <section class={`box ${kind}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {items.length === 0 ? (
        <p class="quiet">{nothing}</p>
      ) : (
        <ul>
          {items.map((item, i) => (
            <li key={i}>{item}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

/**
 * Refreshed in place when something happens under one of its topics. The page
 * must render the same `id` again; everything outside stays as the reader left it.
 */
export function LiveRegion({
  topic,
  id,
  children,
}: {
  topic: string | string[]
  id: string
  children?: ComponentChildren
}) {
  const t = useWords()
  return (
    <div id={id} class="live-region" data-live-topic={Array.isArray(topic) ? topic.join(' ') : topic}>
      {children}
      <noscript>
        <p class="small quiet">
          {/* biome-ignore lint/a11y/useValidAnchor: the empty reference is this very page, query included. */}
          <a href="">{t('frame.refresh')}</a>
        </p>
      </noscript>
    </div>
  )
}

/** Rows of cells under headings; scrolls by itself where the page is narrower. */
export function Table({
  caption,
  head,
  rows,
  quietCaption,
  numeric = [],
  cards,
}: {
  caption: string
  head: ComponentChildren[]
  rows: ComponentChildren[][]
  quietCaption?: boolean
  numeric?: number[]
  /** On a telephone each row is a card, its cells under the words of their column. */
  cards?: boolean
}) {
  const t = useWords()
  const labelOf = (i: number) => (cards && typeof head[i] === 'string' ? head[i] : undefined)
  const isNumeric = (i: number) => (numeric.includes(i) ? 'num' : undefined)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section class="table-scroll" aria-label={t('frame.scrolls', { caption })} tabIndex={0}>
      <table class={cards ? 'cards' : undefined}>
        <caption class={quietCaption ? 'aside' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {head.map((cell, i) => (
              <th key={i} scope="col" class={isNumeric(i)}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row" class={isNumeric(i)}>
                    {isolated(cell)}
                  </th>
                ) : (
                  <td key={i} class={isNumeric(i)} data-label={labelOf(i)}>
                    {isolated(cell)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
