import type { Visit } from '../../../../core/module/types.ts'
import { formatDateTime, formatDuration, formatTime, isolate } from '../../../../text/index.ts'
import { Pairs, Quiet, Section } from '../../../../web/index.ts'
import type { ReadSheet, SheetLine } from '../duty-sheet.ts'

interface Props {
  visit: Visit<any>
  read: ReadSheet
}

/** What goes over with a duty, on one sheet. */
export function DutySheetSections({ visit, read }: Props) {
  const { t, services, language, viewer } = visit
  const { sheet } = read
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  const silent = sheet.silent.map(({ party, since }) => {
    const name = services.nameOf(party, language)
    return since === undefined ? name : t('directory.rota.sheet.silent-since', { party: name, time: at(since) })
  })
  return (
    <>
      <Pairs
        items={[
          {
            term: t('directory.rota.sheet.as-of'),
            detail: `${at(sheet.at)} · ${formatTime(sheet.at, 'UTC', language, { zoneLabel: true })}`,
          },
          sheet.untilAt !== undefined && { term: t('directory.rota.until-label'), detail: at(sheet.untilAt) },
          {
            term: t('directory.rota.title'),
            detail: sheet.onDuty
              .map(({ name, rank }) => `${isolate(name)} (${t('directory.rota.rank', { rank })})`)
              .join(' · '),
          },
          {
            term: t('directory.rota.sheet.silent'),
            detail: silent.length > 0 ? silent.join(' · ') : t('today.all-reachable'),
          },
          sheet.waiting > 0 && {
            term: t('directory.rota.sheet.waiting'),
            detail: t('today.waiting', { count: sheet.waiting }),
          },
        ]}
      />
      <Lines title={t('today.mine')} lines={sheet.mine} more={sheet.more} visit={visit} read={read} />
      <Lines title={t('today.awaited')} lines={sheet.awaited} more={sheet.moreAwaited} visit={visit} read={read} />
      {sheet.running.length > 0 && <Lines title={t('today.running')} lines={sheet.running} visit={visit} read={read} />}
      <Lines title={t('directory.rota.sheet.due')} lines={sheet.due} visit={visit} read={read} />
    </>
  )
}

interface LinesProps extends Props {
  title: string
  lines: readonly SheetLine[]
  more?: number
}

function Lines({ title, lines, more = 0, visit, read }: LinesProps) {
  const { t } = visit
  return (
    <Section title={title}>
      {lines.length === 0 && <Quiet>{t('directory.rota.sheet.none')}</Quiet>}
      <ul>
        {lines.map((line, index) => (
          <li key={`${index} ${line.href}`}>
            <Line line={line} visit={visit} read={read} />
          </li>
        ))}
      </ul>
      {more > 0 && <Quiet>{t('today.more', { count: more })}</Quiet>}
    </Section>
  )
}

function Line({ line, visit, read }: Props & { line: SheetLine }) {
  const { t, services, language } = visit
  // A selector of ICU messages holds no hyphen.
  const form = t(line.form, { regime: (line.regime ?? '').replaceAll('-', '_') })
  const from = line.from === undefined ? undefined : services.nameOf(line.from, language)
  const subject = line.about === undefined ? undefined : read.subjects.get(line.about)
  return (
    <>
      <a href={line.href}>{from === undefined ? form : t('today.form-from', { form, party: from })}</a>
      {subject !== undefined && (
        <>
          {' · '}
          <bdi>{subject}</bdi>
        </>
      )}
      {line.dueAt !== undefined && <Due line={line} dueAt={line.dueAt} visit={visit} read={read} />}
    </>
  )
}

function Due({ line, dueAt, visit, read }: Props & { line: SheetLine; dueAt: number }) {
  const { t, services, language, viewer } = visit
  if (line.clock !== undefined && !read.open.has(line.clock))
    return <strong> · {t('directory.rota.sheet.over')}</strong>
  const now = (line.space && read.nows.get(line.space)) || services.clock.now()
  const due = formatDateTime(dueAt, viewer.person.zone, language, { short: true })
  const left = dueAt > now ? ` (${t('today.left', { time: formatDuration(dueAt - now, language) })})` : ''
  return (
    <>
      {' · '}
      {t('clocks.state.running', { due })}
      {left}
    </>
  )
}
