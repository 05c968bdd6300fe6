import { clockState } from '../../../core/clocks/index.ts'
import { actHref } from '../../../core/module/act-href.ts'
import type { Json, Visit } from '../../../core/module/types.ts'
import type { AskedWords } from '../../../core/search/index.ts'
import { ClockChip, Entry, FormLine, Quiet, Reg, TlpLabel } from '../../../web/index.ts'
import { clockStateText, findFace, Moment, owedText, titleOf, withoutEffectText } from '../../spaces/index.ts'
import { excerptOf, marked, type Stretch } from '../excerpt.ts'
import type { Hit } from '../hits.ts'

/** What a face calls an act: its form and its one line. */
export function namesOf({ shown }: Hit, visit: Pick<Visit, 'services' | 'viewer' | 't' | 'language'>) {
  const { services, t } = visit
  const { statement } = shown.act
  const face = findFace(services, statement.type)
  const isReadable = shown.content?.body !== undefined && shown.act.withoutEffect !== 'malformed'
  const form = face?.form(t, isReadable ? shown.content?.body : undefined) ?? t('spaces.act.unknown-form')
  return { face, form, isReadable, headline: face && isReadable ? face.headline({ ...visit, shown }) : form }
}

/** Where, when, how far, under what marking: beside what was found. */
export function HitMargin({ hit: { shown, clocks, now }, visit }: { hit: Hit; visit: Visit }) {
  const { services, viewer, t, language } = visit
  const { act, space } = shown
  const zone = viewer.person.zone
  const reading = { services, t, language, zone, now }
  return (
    <>
      <Reg text={t('spaces.act.number', { number: act.index })} />
      <p>
        <Moment ms={act.time} zone={zone} language={language} />
      </p>
      {clocks.map((clock) => (
        <p key={clock.id}>
          {owedText(clock, reading)} <ClockChip state={clockState(clock, now)} text={clockStateText(clock, reading)} />
        </p>
      ))}
      {act.withoutEffect !== undefined && <Quiet small>{t('spaces.act.without-effect')}</Quiet>}
      <p>
        {space.drill && <strong class="drill-word">{t('frame.drill')} · </strong>}
        <a href={`/spaces/${space.id}`}>
          <bdi>{titleOf(space, language)}</bdi>
        </a>
      </p>
      <p>
        <TlpLabel marking={act.statement.marking} />
      </p>
    </>
  )
}

/** One act that was found: form, author, subject, two lines around the words. */
export function HitEntry({ hit, words, visit }: { hit: Hit; words?: AskedWords; visit: Visit }) {
  const { services, t, language } = visit
  const { act, content } = hit.shown
  const { form, headline } = namesOf(hit, visit)
  const excerpt = excerptOf(content?.text as Json | undefined, words)
  return (
    <Entry id={`act-${act.hash}`} margin={<HitMargin hit={hit} visit={visit} />}>
      <FormLine>
        {form} · <bdi>{services.nameOf(act.statement.author, language)}</bdi>
      </FormLine>
      <h3 dir="auto">
        <a href={actHref(act.space, act.hash)}>
          <Stretches of={marked(headline, words)} />
        </a>
      </h3>
      {excerpt.length > 0 && (
        <p dir="auto">
          <Stretches of={excerpt} />
        </p>
      )}
      {act.withoutEffect !== undefined && (
        <Quiet small>{withoutEffectText(act.statement.type, act.withoutEffect, t)}</Quiet>
      )}
    </Entry>
  )
}

function Stretches({ of }: { of: readonly Stretch[] }) {
  return <>{of.map(({ text, isHit }, at) => (isHit ? <mark key={at}>{text}</mark> : text))}</>
}
