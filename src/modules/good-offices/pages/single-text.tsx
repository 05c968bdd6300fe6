import { actHref } from '../../../core/module/act-href.ts'
import { direction, formatDateTime, formatList } from '../../../text/index.ts'
import { ButtonForm, ClockChip, Details, LinkButton, Paper, Quiet, Row, Section } from '../../../web/index.ts'
import { wordingOf } from '../../forums/index.ts'
import { answerTo, isAcceptedByAll, type TextRow } from '../offices.ts'
import type { OfficesProps } from './offices-props.ts'

type Text = OfficesProps['offices']['texts'][number]

/** The newest version with what each confidence here says of it, the next step, and the earlier versions. */
export function SingleText({ visit, offices }: OfficesProps) {
  const { t, viewer } = visit
  const { joint, texts, isMediator, ended } = offices
  const newest = texts.at(-1)
  const mayTable = isMediator && !ended && !newest?.agreed_by && viewer.may('good-offices.text-tabled:draft')
  return (
    <Section title={t('good-offices.text.section')}>
      {newest ? (
        <>
          <Version visit={visit} text={newest} />
          <Answers visit={visit} offices={offices} text={newest} />
          {newest.agreed_by ? (
            <AfterAgreement visit={visit} offices={offices} text={newest} />
          ) : (
            <NextStep visit={visit} offices={offices} text={newest} />
          )}
        </>
      ) : (
        <Quiet>{t('good-offices.text.none')}</Quiet>
      )}
      {mayTable && (
        <Row>
          <LinkButton
            plain={newest !== undefined}
            href={`/spaces/${joint.id}/write/good-offices.text-tabled`}
            label={t(newest ? 'good-offices.text.next' : 'good-offices.text.first')}
          />
        </Row>
      )}
      {texts.length > 1 && <Earlier visit={visit} joint={joint.id} texts={texts.slice(0, -1)} />}
    </Section>
  )
}

function Version({ visit: { t }, text }: Pick<OfficesProps, 'visit'> & { text: Text }) {
  const { words, written, agreed_by, version, open_brackets: open } = text
  return (
    <>
      <ClockChip
        state={agreed_by ? 'done' : 'due'}
        text={t(agreed_by ? 'good-offices.text.agreed' : 'good-offices.text.on-table', { version, open })}
      />
      <Paper>
        {words ? (
          <div lang={written} dir={written ? direction(written) : 'auto'}>
            <h3>{words.title}</h3>
            {wordingOf(words, new Map()).map((paragraph, index) => (
              <p key={index}>{paragraph}</p>
            ))}
          </div>
        ) : (
          <p>{t('channels.note.withheld-subject')}</p>
        )}
      </Paper>
    </>
  )
}

function Answers({ visit, offices, text }: OfficesProps & { text: TextRow }) {
  const { services, t, language } = visit
  return (
    <>
      <ul>
        {offices.confidences.map((one) => {
          const answer = answerTo(one, text)
          return (
            <li key={one.side}>
              <bdi>{services.nameOf(one.side, language)}</bdi>:{' '}
              {answer ? t(`good-offices.answer.said-${answer.answer}`) : t('good-offices.answer.none')}
              {answer?.remarks?.map((words, index) => (
                <p key={index} dir="auto" class="small">
                  {words}
                </p>
              ))}
            </li>
          )
        })}
      </ul>
      {!offices.isMediator && !text.agreed_by && <Quiet small>{t('good-offices.answer.others-unseen')}</Quiet>}
    </>
  )
}

/** The mediator may say that both accept; a side answers. */
function NextStep({ visit, offices, text }: OfficesProps & { text: TextRow }) {
  const { t, viewer } = visit
  const { joint, isMediator, confidences, ended } = offices
  if (isMediator) {
    const isReady = !ended && text.open_brackets === 0 && isAcceptedByAll(offices, text)
    if (!isReady || !viewer.may('good-offices.text-agreed:send')) return null
    return (
      <>
        <p>{t('good-offices.text.agree-means')}</p>
        <ButtonForm
          action={`/spaces/${joint.id}/good-offices/${text.hash}/agree`}
          label={t('good-offices.text.agree')}
        />
      </>
    )
  }
  const [own] = confidences
  if (!own || own.ended || ended || !viewer.may('good-offices.text-answered:draft')) return null
  return (
    <Row>
      <LinkButton
        href={`/spaces/${own.space.id}/write/good-offices.text-answered?text=${text.hash}`}
        label={t('good-offices.answer.write')}
      />
    </Row>
  )
}

/** From the mediator's word on the way goes over to agreements: a space of both sides, and the same words there. */
function AfterAgreement({ visit, offices, text }: OfficesProps & { text: Text }) {
  const { services, t, language, viewer } = visit
  const { isMediator, sides, common } = offices
  if (isMediator) return null
  const others = sides.filter((side) => side !== services.party)
  const names = formatList(
    others.map((side) => services.nameOf(side, language)),
    language,
  )
  const search = new URLSearchParams({ from: text.hash, ...(text.written && { languages: text.written }) })
  return (
    <>
      <p>{t('good-offices.text.then', { others: names })}</p>
      <Row>
        {viewer.may('agreements.text-proposed:draft') &&
          common.map((space) => (
            <LinkButton
              key={space.id}
              href={`/spaces/${space.id}/write/agreements.text-proposed?${search}`}
              label={t('good-offices.text.carry', {
                space: space.title[language] ?? Object.values(space.title)[0] ?? space.id,
              })}
            />
          ))}
        {viewer.may('spaces.open:manage') && (
          <LinkButton
            plain
            href={`/spaces/open?${new URLSearchParams([['kind', 'case'], ...others.map((side) => ['members', side])])}`}
            label={t('good-offices.text.open-between')}
          />
        )}
      </Row>
    </>
  )
}

function Earlier({ visit, joint, texts }: Pick<OfficesProps, 'visit'> & { joint: string; texts: readonly Text[] }) {
  const { t, language, viewer } = visit
  return (
    <Details summary={t('good-offices.text.earlier', { count: texts.length })}>
      <ul>
        {texts.map(({ hash, version, at }) => (
          <li key={hash}>
            <a href={actHref(joint, hash)}>
              {t('good-offices.text.version', { version, time: formatDateTime(at, viewer.person.zone, language) })}
            </a>
          </li>
        ))}
      </ul>
    </Details>
  )
}
