import { type DatedData, type Names, named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { PageHead, Quiet, Section, Table } from '../../../web/index.ts'
import { DatedNote, Framed } from '../../frame/index.ts'
import { counterpart, type SeverityMap, type SeverityMapping } from '../severity/read-mapping.ts'
import { bandName, SilentMaps } from '../severity/other-scales.tsx'
import { levelName } from '../severity/severity-words.ts'
import type { Categories } from './read-categories.ts'

interface Props {
  visit: Visit
  categories: DatedData<Categories>
  mapping: SeverityMapping
}

/** What our words have to do with those of others, read from both sides. */
export function VocabulariesPage({ visit, categories, mapping }: Props) {
  const { t, language } = visit
  const { content } = categories
  return (
    <Framed visit={visit} title={t('severity.vocabularies.title')} current="/incidents">
      <PageHead title={t('severity.vocabularies.title')} lead={t('severity.vocabularies.lead')} />
      <p>
        <a href="/incidents">{t('incidents.title')}</a>
      </p>
      <Section title={t('severity.vocabularies.categories')} id="categories">
        <Ours visit={visit} content={content} />
        {content.vocabularies.map((vocabulary) => (
          <Theirs key={vocabulary.id} visit={visit} content={content} vocabulary={vocabulary} />
        ))}
      </Section>
      <Section title={t('severity.vocabularies.severity')} id="severity">
        <Quiet>{t('severity.mapping-explained')}</Quiet>
        <SilentMaps visit={visit} mapping={mapping} />
        {mapping.maps.flatMap((map) => [
          <MapTable key={`${map.between}`} {...{ visit, mapping, map }} from={map.between[0]} to={map.between[1]} />,
          <MapTable
            key={`${map.between} back`}
            {...{ visit, mapping, map }}
            from={map.between[1]}
            to={map.between[0]}
          />,
        ])}
        {mapping.parties.length > 0 && (
          <Table
            caption={t('severity.vocabularies.parties')}
            head={[t('severity.vocabularies.party'), t('severity.scale'), t('severity.mapping')]}
            rows={mapping.parties.map(({ party, scale, unconfirmed, source }) => [
              visit.services.nameOf(party, language),
              named(mapping.find(scale)?.names as Names, language),
              <>
                <bdi>{source}</bdi> {unconfirmed && t('severity.unconfirmed')}
              </>,
            ])}
          />
        )}
      </Section>
      <DatedNote visit={visit} files={[categories, mapping.file]} />
    </Framed>
  )
}

function Ours({ visit: { t, language }, content }: { visit: Visit; content: Categories }) {
  const codeNames = (vocabulary: Categories['vocabularies'][number], codes: readonly string[] = []) =>
    formatList(
      codes.map((code) => named(vocabulary.codes.find(({ id }) => id === code)?.names as Names, language)),
      language,
    ) || '–'
  return (
    <Table
      caption={t('severity.vocabularies.ours')}
      head={[t('severity.vocabularies.category'), ...content.vocabularies.map(({ names }) => named(names, language))]}
      rows={content.categories.map((category) => [
        <span id={`category-${category.id}`}>{named(category.names, language)}</span>,
        ...content.vocabularies.map((one) => codeNames(one, category.beside[one.id])),
      ])}
    />
  )
}

function Theirs({
  visit: { t, language },
  content,
  vocabulary,
}: {
  visit: Visit
  content: Categories
  vocabulary: Categories['vocabularies'][number]
}) {
  return (
    <Table
      caption={t('severity.vocabularies.theirs', { vocabulary: named(vocabulary.names, language) })}
      head={[named(vocabulary.names, language), t('severity.vocabularies.category')]}
      rows={vocabulary.codes.map(({ id, names }) => {
        const ours = content.categories.filter(({ beside }) => beside[vocabulary.id]?.includes(id))
        return [
          <>
            {named(names, language)} <code>{id}</code>
          </>,
          formatList(
            ours.map((one) => named(one.names, language)),
            language,
          ) || t('severity.no-counterpart'),
        ]
      })}
    />
  )
}

interface MapProps {
  visit: Visit
  mapping: SeverityMapping
  map: SeverityMap
  from: string
  to: string
}

function MapTable({ visit, mapping, map, from, to }: MapProps) {
  const { t, language } = visit
  const [ours, theirs] = [mapping.find(from), mapping.find(to)]
  if (!ours || !theirs) return null
  const [left, right] = [ours, theirs].map(({ names }) => named(names, language))
  return (
    <>
      <Table
        caption={t('severity.vocabularies.from-to', { from: left ?? '', to: right ?? '' })}
        head={[left ?? '', right ?? '']}
        rows={ours.levels.map(({ id }) => [
          levelName(ours, id, language),
          counterpart(mapping, { scale: from, level: id }, to)
            ? bandName(visit, mapping, { scale: from, level: id }, to)
            : '–',
        ])}
      />
      <Quiet small>
        <bdi>{map.source}</bdi> {map.unconfirmed && t('severity.unconfirmed')}
      </Quiet>
    </>
  )
}
