import { narrowestOf } from './picture-marking.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import { named } from '../../../core/dated-data/index.ts'
import {
  Button,
  ChartScroll,
  Details,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Table,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { isNarrowed } from '../read/list-query.ts'
import type { ListChoices } from '../read/list-choices.ts'
import { NarrowForm } from '../read/narrow-form.tsx'
import { readSchemes } from '../severity/read-schemes.ts'
import { addressOf, type AskedPicture, listAddress, ownFields } from './asked.ts'
import { targetKinds } from './count-targets.ts'
import { countedBy, units } from './count-times.ts'
import { type Cell, type Drawn, fewest, fewestOfQuartiles, type PictureTable, sayFor } from './drawn.ts'
import { type PictureName, pictureNames } from './pictures.ts'

interface Props {
  visit: Visit
  picture: PictureName
  asked: AskedPicture
  drawn: Drawn
  choices: ListChoices
}

/** One picture of the incidents that the address asks for, with a table under it that says the same. */
export function PicturePage(props: Props) {
  const { visit, picture, asked, drawn, choices } = props
  const { hits } = drawn
  const { t, language, query } = visit
  const title = t(`incidents-picture.${picture}.title`)
  const here = `/incidents/picture/${picture}`
  return (
    <Framed
      visit={visit}
      title={title}
      current="/incidents"
      marking={{ tlp: narrowestOf(hits.labels) }}
      drill={hits.n > 0 && hits.drills === hits.n ? title : undefined}
    >
      <PageHead
        form={t('incidents-picture.form')}
        title={title}
        actions={<LinkButton plain href={listAddress(query)} label={t('incidents-picture.to-list')} />}
      />
      <Others visit={visit} picture={picture} />
      <Details summary={t('incidents.list.narrow')} open={isNarrowed(asked.list)}>
        <NarrowForm
          visit={visit}
          asked={asked.list}
          choices={choices}
          action={here}
          kept={ownFields.flatMap((name) => {
            const value = query.get(name)
            return value ? [[name, value] as const] : []
          })}
        />
      </Details>
      <Ways {...props} here={here} />
      <Section
        title={
          asked.outside
            ? `${t('incidents-picture.incidents')}: ${sayFor(visit, true).words(hits.n)}`
            : t('incidents.list.found', { count: hits.n })
        }
        id="picture"
      >
        <Quiet>
          {drawn.method} {t('incidents-picture.sight')}
          {hits.drills > 0 &&
            !asked.outside &&
            ` ${t('incidents-picture.drills', { count: hits.drills, of: formatNumber(hits.n, language) })}`}
        </Quiet>
        <Quiet>
          {asked.outside
            ? t('incidents-picture.outside-told', { fewest, quartiles: fewestOfQuartiles })
            : t('incidents-picture.caution', { fewest })}
        </Quiet>
        {hits.n === 0 ? (
          <Quiet>{t(isNarrowed(asked.list) ? 'incidents.list.none' : 'incidents.none')}</Quiet>
        ) : (
          <Counted t={t} drawn={drawn} title={title} outside={asked.outside} />
        )}
        <Row>
          <LinkButton plain href={addressOf(query, `${here}/csv`)} label={t('incidents.list.csv')} />
          <LinkButton
            plain
            href={addressOf(query, here, { outside: asked.outside ? '' : 'yes' })}
            label={t(asked.outside ? 'incidents-picture.for-us' : 'incidents-picture.for-others')}
          />
        </Row>
      </Section>
    </Framed>
  )
}

interface CountedProps extends Pick<Visit, 't'> {
  drawn: Drawn
  title: string
  outside: string | undefined
}

function Counted({ t, drawn, title, outside }: CountedProps) {
  return (
    <>
      {drawn.chart && <ChartScroll title={title}>{drawn.chart}</ChartScroll>}
      {drawn.tables
        .flatMap((table) => sheetsOf(table, t))
        .map((table) => (
          <Table
            key={table.caption}
            caption={table.caption}
            head={table.head}
            numeric={table.head.flatMap((_, at) => (at === 0 || table.words?.includes(at) ? [] : [at]))}
            rows={table.rows.map((row) => row.map((cell) => <Told cell={cell} outside={outside} />))}
          />
        ))}
    </>
  )
}

const columnsOfSheet = 8

/** A table as wide as a sheet of paper; one with more columns follows in parts, each beginning with what a row is about. */
function sheetsOf(table: PictureTable, t: Visit['t']): PictureTable[] {
  const columns = table.head.length - 1
  if (columns <= columnsOfSheet) return [table]
  const parts = Math.ceil(columns / columnsOfSheet)
  return Array.from({ length: parts }, (_, part) => {
    const from = 1 + part * columnsOfSheet
    const cut = <T,>([first, ...others]: T[]): T[] => [
      ...(first === undefined ? [] : [first]),
      ...others.slice(from - 1, from - 1 + columnsOfSheet),
    ]
    return {
      caption: t('incidents-picture.part', { caption: table.caption, part: part + 1, parts }),
      head: cut(table.head),
      words: table.words?.map((at) => at - from + 1).filter((at) => at > 0 && at <= columnsOfSheet),
      rows: table.rows.map(cut),
    }
  })
}

/** Others follow no link of ours, and the list behind one would tell what was rounded. */
function Told({ cell, outside }: { cell: Cell; outside: string | undefined }) {
  const words = cell.isGiven ? <bdi>{cell.words}</bdi> : cell.words
  return cell.href && !outside ? <a href={cell.href}>{words}</a> : words
}

function Others({ visit, picture }: Pick<Props, 'visit' | 'picture'>) {
  const { t, query } = visit
  return (
    <nav aria-label={t('incidents-picture.others')}>
      <ul class="by-state">
        {pictureNames.map((name) => (
          <li key={name}>
            <a
              href={addressOf(query, `/incidents/picture/${name}`)}
              aria-current={name === picture ? 'page' : undefined}
            >
              {t(`incidents-picture.${name}.title`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What this picture can be drawn by. */
function Ways({ visit, picture, asked, here }: Props & { here: string }) {
  const { t, language, services, query } = visit
  const own = picture === 'targets' ? ['of'] : picture === 'times' ? ['per', 'by', 'scheme'] : []
  if (own.length === 0) return null
  const kept = [...query].filter(([name, value]) => value !== '' && !own.includes(name) && name !== 'page')
  return (
    <Form action={here} method="get" label={t('incidents-picture.ways')}>
      {kept.map(([name, value]) => (
        <Hidden key={name} name={name} value={value} />
      ))}
      {picture === 'targets' && (
        <Select
          name="of"
          label={t('incidents-picture.targets.of')}
          value={asked.of}
          options={targetKinds.map((value) => ({ value, label: t(`incidents-picture.kinds.${value}`) }))}
        />
      )}
      {picture === 'times' && (
        <>
          <Select
            name="per"
            label={t('incidents-picture.times.per')}
            value={asked.per}
            options={units.map((value) => ({ value, label: t(`incidents-picture.times.${value}`) }))}
          />
          <Select
            name="by"
            label={t('incidents-picture.times.by')}
            value={asked.by}
            options={countedBy.map((value) => ({ value, label: t(`incidents-picture.times.by-${value}`) }))}
          />
          <Select
            name="scheme"
            label={t('severity.scheme')}
            value={asked.scheme}
            options={readSchemes(services).schemes.map(({ id, names }) => ({
              value: id,
              label: named(names, language),
            }))}
          />
        </>
      )}
      <Row>
        <Button label={t('incidents.list.do')} />
      </Row>
    </Form>
  )
}
