import type { Person, SeenPage, Typed } from '../person.ts'
import type { Stage } from '../stage.ts'

const holding = {
  en: 'Banks in Aurelia were hit by ransomware on 15 November. Payments run again. We work with all who can help to clear it up, and name nobody.',
  fr: 'Des banques de l’Aurélie ont été touchées par un rançongiciel le 15 novembre. Les paiements ont repris. Nous travaillons avec tous ceux qui peuvent aider à faire la lumière, et ne désignons personne.',
  ar: 'تعرضت مصارف في أوريليا لبرمجيات فدية في 15 تشرين الثاني/نوفمبر. وقد عادت المدفوعات إلى العمل. ونحن نعمل مع كل من يستطيع المساعدة على جلاء الأمر، ولا نسمّي أحداً.',
}

const others: readonly Typed[] = [
  {
    kind: 'if-asked',
    words: 'Where traffic came from says nothing of who sent it. Borovia’s own firms report that they were attacked.',
  },
  {
    kind: 'answer',
    question: 'Will Aurelia name a state?',
    words: 'We say what we can show. Whether and when we attribute is decided on evidence, not on headlines.',
  },
]

/** What may be said of it: written by one person, in three languages, each cleared by another; then the sheet. */
export async function takeLines({ people, tell }: Stage, incident: string): Promise<void> {
  const { analyst, releaser } = people
  const at = `/incidents/${incident}/lines`
  const write = async (typed: Typed) => {
    await analyst.open(at)
    const rests = { restsOn: groundsOf(await analyst.open(at)) }
    return analyst.send('/lines', { language: 'en', audience: 'public', marking: 'CLEAR', ...rests, ...typed })
  }
  const first = addressOf(await write({ kind: 'holding', words: holding.en }))
  for (const language of ['fr', 'ar'] as const)
    await analyst.send(`${first}/translate`, { language, words: holding[language] })
  await clearAll(releaser, first)
  for (const typed of others) await clearAll(releaser, addressOf(await write(typed)))
  tell({
    step: 'home',
    line: 'Lines to take stand in three languages, on the facts they rest on; a second person cleared each wording.',
  })
  await releaser.open(`/incidents/${incident}/brief`)
  await releaser.send('/brief/clear')
  tell({ step: 'home', line: 'The brief is one page, made of the record and cleared as it stands.' })
}

const addressOf = ({ path }: SeenPage): string => path.split(/[?#]/)[0] ?? path

/** The facts that are known: a line rests on these. */
const groundsOf = ({ forms }: SeenPage): string[] =>
  forms
    .flatMap(({ options }) => options.restsOn ?? [])
    .flatMap(({ value, label }) => (/Servers of three banks/.test(label) ? [value] : []))

/** Presses every button there is to clear this line, one wording after the other. */
async function clearAll(releaser: Person, line: string): Promise<void> {
  let page = await releaser.open(line)
  while (page.forms.some(({ action }) => action.endsWith('/clear'))) page = await releaser.send(`${line}/clear`)
}
