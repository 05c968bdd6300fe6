import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { createTranslator, direction } from '../../../text/index.ts'
import { LinkButton, PageHead, Paper, Quiet } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { letterWords } from '../letter-words.ts'
import type { Letter } from '../load-letter.ts'
import { LetterText } from './letter-text.tsx'

/** The letter as it goes on paper: in its letterhead, with its references, and nothing of our house around it. */
export function LetterPage({ visit, letter }: { visit: Visit; letter: Letter }) {
  const { t, services } = visit
  const { body, space, act, marking } = letter
  const words = letterWords(services, letter)
  const title = t('letters.title', { form: t(`channels.form.${body.form}`), number: body.number })
  return (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill} marking={marking}>
      <PageHead
        title={title}
        actions={
          <>
            <LinkButton href={`/spaces/${space.id}/notes/${act.hash}/letter.pdf`} label={t('letters.pdf')} download />
            <LinkButton plain href={actHref(space.id, act.hash)} label={t('letters.to-record')} />
          </>
        }
      />
      <div class="letter-sheet">
        <Paper language={body.language}>
          <div class="letterhead">
            {words.names.map(({ language, name }, index) => (
              <p key={language} lang={language} dir={direction(language)} class={index === 0 ? 'house' : undefined}>
                {name}
              </p>
            ))}
            {words.lines.map((line) => (
              <p key={line} class="reg" dir="auto">
                {line}
              </p>
            ))}
          </div>
          <LetterText letter={letter} words={words} />
          {letter.annexes.some(({ sha256 }) => sha256) && (
            <div class="check">
              <p>{createTranslator(body.language)('letters.annex-hashes')}</p>
              {letter.annexes.map(({ name, part, sha256 }) => (
                <p key={part}>
                  <bdi>{name}</bdi>{' '}
                  <span dir="ltr" class="hash break">
                    {sha256}
                  </span>
                </p>
              ))}
            </div>
          )}
          <div class="check">
            <p>{words.check}</p>
            <p dir="ltr" class="hash">
              {act.hash}
            </p>
          </div>
        </Paper>
      </div>
      <Quiet small>{t('letters.print-hint')}</Quiet>
    </Framed>
  )
}
