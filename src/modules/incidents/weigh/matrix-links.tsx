import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import { lenses, reliabilities } from './marks.ts'
import { kinds, type MatrixView, sorts, viewHref } from './matrix-view.ts'
import type { Hypothesis } from './weighing.ts'
import { hypothesisShort } from './weighing-labels.ts'

interface Props {
  visit: Visit
  incident: string
  view: MatrixView
  hypotheses: readonly Hypothesis[]
}

/** Order and choice of items as plain links. */
export function MatrixLinks({ visit, incident, view, hypotheses }: Props) {
  const { t } = visit
  const to = (change: Partial<MatrixView>) => viewHref(incident, { ...view, page: 1, ...change })
  const all = t('weighing.view.all')
  return (
    <nav aria-label={t('weighing.view.title')} class="small">
      <Choice
        label={t('weighing.view.order')}
        links={sorts.map((sort) => ({
          href: to({ sort }),
          words: t(`weighing.view.sort-${sort}`),
          on: view.sort === sort,
        }))}
      />
      <Choice
        label={t('weighing.view.only')}
        links={[
          { href: to({ only: undefined }), words: all, on: view.only === undefined },
          ...kinds.map((only) => ({
            href: to({ only }),
            words: t(`weighing.view.only-${only}`),
            on: view.only === only,
          })),
        ]}
      />
      <Choice
        label={t('weighing.view.grade')}
        links={[
          { href: to({ grade: undefined }), words: all, on: view.grade === undefined },
          ...reliabilities.map((grade) => ({ href: to({ grade }), words: grade, on: view.grade === grade })),
        ]}
      />
      <Choice
        label={t('weighing.lens.title')}
        links={[
          { href: to({ lens: undefined }), words: all, on: view.lens === undefined },
          ...lenses.map((lens) => ({
            href: to({ lens }),
            words: t(`weighing.lens.${lens}`),
            on: view.lens === lens,
          })),
        ]}
      />
      <Choice
        label={t('weighing.view.bears')}
        links={[
          { href: to({ bears: undefined }), words: all, on: view.bears === undefined },
          ...hypotheses.map((one) => ({
            href: to({ bears: one.number }),
            words: hypothesisShort(visit, one),
            on: view.bears === one.number,
          })),
        ]}
      />
    </nav>
  )
}

/** Pages of a long matrix. */
export function MatrixPages({ visit, incident, view, pages }: Omit<Props, 'hypotheses'> & { pages: number }) {
  if (pages < 2) return null
  const { t, language } = visit
  return (
    <nav aria-label={t('weighing.view.pages')} class="small">
      <Choice
        label={t('weighing.view.pages')}
        links={Array.from({ length: pages }, (_, at) => ({
          href: viewHref(incident, { ...view, page: at + 1 }),
          words: formatNumber(at + 1, language),
          on: view.page === at + 1,
        }))}
      />
    </nav>
  )
}

function Choice({ label, links }: { label: string; links: { href: string; words: string; on: boolean }[] }) {
  return (
    <p>
      {label}:{' '}
      {links.map(({ href, words, on }) => (
        <>
          <a href={href} aria-current={on ? 'true' : undefined}>
            {words}
          </a>{' '}
        </>
      ))}
    </p>
  )
}
