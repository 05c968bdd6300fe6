import { markingText, tlpRank } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { type Block, fitsPages, makeSheet, type Sheet } from '../../core/sheets/index.ts'
import type { Tlp } from '../../protocol/types.ts'
import { formatDateTime } from '../../text/index.ts'
import { factStates } from '../incidents/index.ts'
import { standingIn, wordingIn } from '../lines/index.ts'
import { clockStateText } from '../spaces/index.ts'
import { type Brief, loadBrief } from './brief.ts'
import { fitLists } from './fit-lists.ts'

/** Bytes. One page with its typefaces lies well within one or two of them. */
export const briefSizeClass = 65_536
const scales = [1, 0.9, 0.8]

interface Item {
  words: string
  language?: string
}

/** A heading with what stands under it. */
interface Part {
  title: string
  items: readonly Item[]
  /** Stands there where there is no item; without it the part is left out. */
  none?: string
  after?: string
}

/**
 * The brief of an incident as one page at a marking: nothing on it, and nothing about the file, comes from what is
 * marked narrower or lies in a compartment. Below the marking of the incident it holds lines alone, and names nothing.
 *
 * @throws Refusal `incidents.not-found`
 */
export async function briefSheet(visit: Visit, id: string, asked?: Tlp): Promise<Uint8Array> {
  const { services, viewer } = visit
  const brief = await loadBrief(services, viewer, id, { exit: 'print', ...(asked && { marking: asked }) })
  const own = brief.loaded.incident.marking
  const marking = asked ?? own
  const isWhole = tlpRank(marking) >= tlpRank(own)
  const head = isWhole ? headOfWhole(visit, brief, marking) : headOfLines(visit, marking)
  const parts = [...lineParts(visit, brief, marking), ...(isWhole ? recordParts(visit, brief) : [])]
  return makeSheet(await onOnePage(visit, head, parts))
}

type Head = Pick<Sheet, 'title' | 'banner'> & { blocks: Block[] }

function headOfWhole(visit: Visit, brief: Brief, marking: Tlp): Head {
  const { t, viewer, language } = visit
  const { incident, bottomLine } = brief.loaded
  const title = t('brief.title', { name: incident.codeName })
  const isCleared = brief.clearedBy !== undefined && !brief.isChanged
  // Who cleared it cleared it as it stands at the marking of the incident.
  const isOwn = marking === incident.marking
  const cleared = brief.clearedBy && {
    name: brief.clearedBy.name,
    time: formatDateTime(brief.clearedBy.at, viewer.person.zone, language),
  }
  return {
    title,
    banner: [
      markingText({ tlp: marking }),
      ...(incident.drill ? [t('lines.say.drill')] : []),
      ...(isOwn && !isCleared ? [t('brief.sheet.not-cleared')] : []),
    ],
    blocks: [
      { kind: 'heading', level: 1, text: title },
      { kind: 'paragraph', text: leadOf(visit, incident.title), size: 9.5 },
      {
        kind: 'paragraph',
        size: 9.5,
        quiet: true,
        text: isOwn
          ? isCleared && cleared
            ? t('brief.cleared', cleared)
            : t(brief.isChanged ? 'brief.changed' : 'brief.not-cleared')
          : t('brief.sheet.each-cleared'),
      },
      { kind: 'heading', level: 2, text: t('incidents.bottom-line.title') },
      bottomLine
        ? { kind: 'paragraph', text: bottomLine.sentences.filter(Boolean).join(' '), auto: true }
        : { kind: 'paragraph', text: t('incidents.bottom-line.none'), quiet: true },
    ],
  }
}

const leadOf = ({ t, services, viewer, language }: Visit, title: string): string =>
  t('brief.lead', { title, time: formatDateTime(services.clock.now(), viewer.person.zone, language) })

function headOfLines(visit: Visit, marking: Tlp): Head {
  const { t } = visit
  const title = t('brief.sheet.lines-only')
  return {
    title,
    banner: [markingText({ tlp: marking })],
    blocks: [
      { kind: 'heading', level: 1, text: title },
      { kind: 'paragraph', size: 9.5, text: leadOf(visit, t('brief.sheet.each-cleared')) },
    ],
  }
}

/** What may be said. On the sheet that a second person clears also what waits for them; elsewhere only what is cleared. */
function lineParts(visit: Visit, { loaded, lines, leftOut }: Brief, marking: Tlp): Part[] {
  const { t, language, services, viewer } = visit
  const now = services.clock.now()
  const isOwn = marking === loaded.incident.marking
  const said = lines.filter(({ state }) => isOwn || state === 'may-be-said')
  const left = leftOut + lines.length - said.length
  const itemsOf = (kind: string): Item[] =>
    said
      .filter(({ line }) => line.kind === kind)
      .map(({ line, notBefore }) => {
        const isTranslated = standingIn(line, language, { now }) === 'may-be-said'
        const one = (isTranslated && wordingIn(line, language)) || line.wording
        const time = notBefore !== undefined && formatDateTime(notBefore, viewer.person.zone, language)
        const words = time ? `${t('brief.not-before', { time })}: ${one.words}` : one.words
        return { words, ...(one.language !== 'und' && { language: one.language }) }
      })
  return [
    {
      title: t('brief.lines'),
      items: itemsOf('holding'),
      none: t('brief.sheet.none'),
      ...(left > 0 && { after: t('brief.sheet.kept', { count: left }) }),
    },
    { title: t('lines.kind.if-asked'), items: itemsOf('if-asked') },
  ]
}

/** What is known, not known and contested, and which clocks run. */
function recordParts(visit: Visit, { loaded }: Brief): Part[] {
  const { t, services, viewer, language } = visit
  const { zone } = viewer.person
  const facts = factStates.map((state): Part => {
    const items = loaded.facts.filter((one) => one.state === state).map(({ words }) => ({ words }))
    return { title: t(`incidents.facts.${state}`), items, none: t(`incidents.facts.no-${state}`) }
  })
  const clocks = loaded.clocks.map(({ clock, now }) => {
    const duty = `${services.nameOf(clock.duty, language)}: ${t('clocks.duty', { regime: clock.regime })}`
    const state = clockStateText(clock, { services, t, language, zone, now })
    return { words: `${duty} · ${formatDateTime(clock.dueAt, zone, language)} · ${state}`, language }
  })
  return [...facts, { title: t('brief.clocks'), items: clocks, none: t('incidents.home.no-clock') }]
}

/** Set smaller until it fits one page; what does not fit even then is said to be there. */
async function onOnePage(visit: Visit, head: Head, parts: readonly Part[]): Promise<Sheet> {
  const lengths = parts.map(({ items }) => items.length)
  for (const scale of scales) {
    const sheet = sheetOf(visit, head, { parts, shown: lengths, scale })
    if (await fitsPages(sheet, 1)) return sheet
  }
  const scale = scales.at(-1) as number
  const shown = await fitLists(lengths, (some) => fitsPages(sheetOf(visit, head, { parts, shown: some, scale }), 1))
  return sheetOf(visit, head, { parts, shown, scale })
}

function sheetOf(
  { t, services, language }: Visit,
  head: Head,
  { parts, shown, scale }: { parts: readonly Part[]; shown: readonly number[]; scale: number },
): Sheet {
  const party = services.nameOf(services.party, language)
  return {
    title: head.title,
    language,
    issuer: party,
    at: services.clock.now(),
    banner: head.banner,
    foot: t('brief.foot', { party }),
    pageWords: (page, of) => t('letters.page', { page, of }),
    scale,
    sizeClass: briefSizeClass,
    blocks: [
      ...head.blocks,
      ...parts.flatMap(({ title, items, none, after }, at): Block[] => {
        if (items.length === 0 && none === undefined) return []
        const left = items.length - (shown[at] ?? 0)
        const quiet = (text: string): Block => ({ kind: 'paragraph', text, quiet: true, size: 9.5 })
        return [
          { kind: 'heading', level: 2, text: title },
          ...items.slice(0, shown[at]).map(
            ({ words, language: own }): Block => ({
              kind: 'paragraph',
              text: `• ${words}`,
              auto: true,
              ...(own !== undefined && { language: own }),
            }),
          ),
          ...(items.length === 0 && none !== undefined ? [quiet(none)] : []),
          ...(left > 0 ? [quiet(t('brief.sheet.more', { count: left }))] : []),
          ...(after === undefined ? [] : [quiet(after)]),
        ]
      }),
    ],
  }
}
