import { narrowest } from '../../../core/markings/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Entry, FormLine, LinkButton, PageHead, Paper, Quiet } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { loadFacts } from '../../spaces/index.ts'
import type { Choices } from '../choices.ts'
import type { Hit } from '../hits.ts'
import { addressOf, type SearchInput } from '../input.ts'
import { criteriaText } from './criteria-text.ts'
import { HitMargin, namesOf } from './hit-entry.tsx'

/** What was found as whole documents, the question and its moment at the head, marking on every sheet. */
export async function PrintedHits({
  visit,
  choices,
  hits,
  isCut,
}: {
  visit: Visit<SearchInput>
  choices: Choices
  hits: readonly Hit[]
  isCut: boolean
}) {
  const { services, viewer, t, language, input } = visit
  const shown = hits.map((hit) => hit.shown)
  const facts = await loadFacts(services, viewer, shown)
  const what = criteriaText(visit, choices)
  const made = t('search.print.made', {
    time: formatDateTime(services.clock.now(), viewer.person.zone, language),
    name: viewer.person.name,
    count: hits.length,
  })
  return (
    <Framed
      visit={visit}
      title={t('search.title-of', { what })}
      current="/search"
      marking={hits.length > 0 ? narrowest(shown.map(({ act }) => act.statement.marking)) : undefined}
    >
      <PageHead
        title={what || t('search.title')}
        lead={made}
        actions={<LinkButton href={`/search?${addressOf(input)}`} label={t('search.print.back')} plain />}
      />
      <Quiet small>{t('search.print.left-out')}</Quiet>
      {isCut && <Quiet>{t('search.print.cut', { count: hits.length })}</Quiet>}
      {hits.map((hit) => {
        const { act, content } = hit.shown
        const { face, form, isReadable, headline } = namesOf(hit, visit)
        const written = (content?.body as { language?: unknown } | undefined)?.language
        return (
          <Entry key={act.hash} margin={<HitMargin hit={hit} visit={visit} />}>
            <FormLine>
              {form} · <bdi>{services.nameOf(act.statement.author, language)}</bdi>
            </FormLine>
            <h2 dir="auto">{headline}</h2>
            {face && isReadable && content?.text !== undefined && (
              <Paper language={typeof written === 'string' ? written : undefined}>
                <face.Document {...visit} shown={hit.shown} facts={facts.get(act.hash)} />
              </Paper>
            )}
          </Entry>
        )
      })}
    </Framed>
  )
}
