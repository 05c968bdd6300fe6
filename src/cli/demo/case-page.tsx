import { createTranslator, direction, formatDateTime, isolate, languages, type Translate } from '../../text/index.ts'
import { Details, Layout, PageHead, Quiet, Section } from '../../web/index.ts'
import { nameOfType } from '../act-names.ts'
import { parties, type PartyKey } from './parties.ts'
import { type Beat, steps } from './stage.ts'

/** What one party sees of the case, as its own node told. */
export interface Column {
  key: PartyKey
  url: string
  /** Whose eyes these are. */
  askedAs: string
  spaces: {
    id: string
    title: Record<string, string>
    kind: string
    size: number
    acts: { index: number; author: string; type: string; when: string }[]
  }[]
  incidents: number
  commitments: number
  trouble?: string
}

interface Props {
  beats: readonly Beat[]
  columns: readonly Column[]
  done: boolean
  language: string
}

interface Words {
  t: Translate
  language: string
}

/** The beats of the case as they happen, then what each party sees. */
export function CasePage({ beats, columns, done, language }: Props) {
  const t = createTranslator(language)
  return (
    <Layout
      title={t('demo.title')}
      language={language}
      direction={direction(language)}
      path="/demo"
      languages={languages()}
      house={{ name: 'Chancery', party: t('demo.house'), drill: 'MERIDIAN DAWN', live: false }}
      nav={[]}
    >
      <PageHead title={t('demo.title')} lead={t(done ? 'demo.played' : 'demo.playing')} />
      {language !== 'en' && <Quiet>{t('demo.told')}</Quiet>}
      {steps
        .filter((step) => beats.some((beat) => beat.step === step))
        .map((step) => (
          <Section key={step} title={t(`demo.step.${step}`)}>
            <ol lang="en" dir="ltr">
              {beats
                .filter((beat) => beat.step === step)
                .map((beat) => (
                  <li key={beat.line}>{beat.line}</li>
                ))}
            </ol>
          </Section>
        ))}
      {columns.length > 0 && (
        <Section title={t('demo.sees')}>
          <div class="columns">
            {columns.map((column) => (
              <ColumnView key={column.key} column={column} t={t} language={language} />
            ))}
          </div>
        </Section>
      )}
    </Layout>
  )
}

function ColumnView({ column, t, language }: Words & { column: Column }) {
  const { incidents, commitments } = column
  return (
    <div class="column">
      <h3>{nameOf(column.key, language)}</h3>
      <p class="small">
        <a href={column.url} dir="ltr">
          {column.url}
        </a>
      </p>
      {column.trouble && (
        <p lang="en" dir="ltr">
          {column.trouble}
        </p>
      )}
      <Quiet small>{t('demo.asked-as', { name: column.askedAs, incidents, commitments })}</Quiet>
      {column.spaces.map((space) => (
        <SpaceView key={space.id} space={space} t={t} language={language} />
      ))}
      {column.spaces.length === 0 && <Quiet small>{t('demo.nothing')}</Quiet>}
    </div>
  )
}

function SpaceView({ space, t, language }: Words & { space: Column['spaces'][number] }) {
  const title = space.title[language] ?? space.title.en ?? Object.values(space.title)[0] ?? ''
  const kind = t(`spaces.kind.${space.kind}`)
  return (
    <Details summary={t('demo.space', { title, kind, entries: space.size })} open>
      <ol class="small">
        {space.acts.map((act) => (
          <li key={act.index} value={act.index}>
            {nameOfType(act.type, language) ?? act.type}
            <br />
            <span class="quiet">
              {isolate(authorOf(act.author, language))} · {isolate(timeOf(act.when, language))}
            </span>
          </li>
        ))}
      </ol>
    </Details>
  )
}

const nameOf = (key: PartyKey, language: string) => parties[key].names[language] ?? parties[key].names.en ?? key

const timeOf = (when: string, language: string) =>
  formatDateTime(Date.parse(when), 'Etc/UTC', language, { short: true })

function authorOf(party: string, language: string): string {
  const key = (Object.keys(parties) as PartyKey[]).find((one) => parties[one].party === party)
  return key ? nameOf(key, language) : party
}
