import { dropUnsent, listUnsent, type UnsentForm } from './unsent-forms.ts'

/** Fields worth reading again before sending, the rest goes along unseen as it did in the form. */
const told = /^(?:subject|title|opening|text|paragraphs|closing)/

/** Lists what was not sent where a page has a place for it. Nothing goes before its person presses. */
export function showUnsent(): void {
  const list = document.querySelector<HTMLElement>('[data-unsent-list]')
  if (list) void draw(list)
}

async function draw(list: HTMLElement): Promise<void> {
  const waiting = await listUnsent()
  list.replaceChildren(
    ...(waiting.length > 0 ? waiting.map((one) => entryOf(one, list)) : [element('p', list.dataset.none)]),
  )
}

function entryOf(form: UnsentForm, list: HTMLElement): HTMLElement {
  const { dataset } = list
  const entry = element('article')
  entry.className = 'entry'
  const body = element('div')
  body.className = 'column'
  const at = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
  const lines = form.fields.filter(([name, value]) => told.test(name) && value.trim() !== '')
  const row = element('div')
  row.className = 'row'
  row.append(
    button(dataset.send, () => send(form, list)),
    button(dataset.drop, () => dropUnsent(form.key).then(() => draw(list)), 'plain'),
  )
  body.append(
    element('h2', dataset[form.kind]),
    element('p', (dataset.typed ?? '').replace('\u0001', at.format(form.at))),
    ...lines.map(([, value]) => Object.assign(element('p', value), { dir: 'auto' })),
    ...(form.kind === 'acknowledgement' ? [linkTo(form.path)] : []),
    ...(form.files > 0 ? [element('p', dataset.files)] : []),
    row,
  )
  entry.append(body)
  return entry
}

/** Asks first whether there is a line and who is signed in; then the form goes as it would have gone. */
async function send(form: UnsentForm, list: HTMLElement): Promise<void> {
  const standing = await fetch('/offline/standing', { headers: { Accept: 'application/json' }, cache: 'no-store' })
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .catch(() => undefined)
  if (!standing) return say(list.dataset.noLine)
  if (standing.do !== 'keep' || standing.device !== form.device) return say(list.dataset.signedOut)
  const again = document.createElement('form')
  again.method = 'post'
  again.action = form.path
  again.hidden = true
  for (const [name, value] of form.fields) {
    const field = document.createElement('textarea')
    field.name = name
    field.value = value
    again.append(field)
  }
  document.body.append(again)
  again.submit()
}

function say(words: string | undefined): void {
  const line = document.querySelector<HTMLElement>('[data-unsent-trouble]')
  if (!line) return
  line.textContent = words ?? ''
  line.hidden = false
}

function linkTo(path: string): HTMLElement {
  const link = document.createElement('a')
  link.href = path
  link.textContent = path
  link.dir = 'ltr'
  return link
}

function element(name: string, text = ''): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

function button(label: string | undefined, press: () => Promise<unknown>, look = ''): HTMLElement {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: `btn ${look}` })
  made.textContent = label ?? ''
  made.addEventListener('click', () => void press())
  return made
}
