import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { alphabetical, formatList } from '../../../text/index.ts'
import { ClockChip, Entry, FormLine, PageHead, Paper, Quiet, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Forum, ForumDraft } from '../list-forums.ts'

/** Forums, their items, and where each draft stands. */
export function ForumsPage({ visit, forums }: { visit: Visit; forums: Forum[] }) {
  const { t, language } = visit
  const open = forums
    .flatMap((forum) => forum.items.flatMap((item) => item.drafts))
    .filter((one) => one.openBrackets > 0)
  const drill = forums.length > 0 && forums.every((forum) => forum.drill) ? forums[0]?.drill : undefined
  return (
    <Framed visit={visit} title={t('forums.title')} current="/forums" drill={drill}>
      <PageHead
        title={t('forums.title')}
        lead={forums.length === 0 ? t('forums.none') : t('forums.lead', { count: open.length })}
      />
      {forums.map((forum) => (
        <Section key={forum.space} title={<a href={`/spaces/${forum.space}`}>{titleIn(forum.title, language)}</a>}>
          {forum.items.length === 0 && <Quiet>{t('forums.no-items')}</Quiet>}
          {forum.items.map((item) => (
            <div key={item.item}>
              <FormLine>{t('forums.item.form')}</FormLine>
              <h3 dir="auto">
                <a href={actHref(forum.space, item.act)}>{item.title ?? t('forums.withheld')}</a>
              </h3>
              {item.drafts.map((draft) => (
                <DraftEntry key={draft.act} visit={visit} space={forum.space} draft={draft} />
              ))}
            </div>
          ))}
        </Section>
      ))}
    </Framed>
  )
}

function DraftEntry({ visit, space, draft }: { visit: Visit; space: string; draft: ForumDraft }) {
  const { t, language, services } = visit
  const names = draft.sponsors
    .map((party) => services.nameOf(party, language))
    .toSorted(alphabetical(language, (name) => name))
  return (
    <Entry
      margin={
        <>
          <ClockChip
            state={draft.openBrackets === 0 ? 'done' : 'due'}
            text={
              draft.openBrackets === 0
                ? t('forums.draft.clean')
                : t('forums.draft.open-brackets', { count: draft.openBrackets })
            }
          />
          <p>{t('forums.draft.sponsors', { parties: formatList(names, language) })}</p>
        </>
      }
    >
      <h3 dir="auto">
        <a href={actHref(space, draft.act)}>{draft.title ?? t('forums.withheld')}</a>
      </h3>
      {draft.paragraphs.length > 0 && (
        <Paper>
          {draft.paragraphs.map((paragraph, index) => (
            <p key={index} dir="auto">
              {paragraph}
            </p>
          ))}
        </Paper>
      )}
    </Entry>
  )
}

function titleIn(title: Record<string, string>, language: string): string {
  return title[language] ?? title.en ?? Object.values(title)[0] ?? ''
}
