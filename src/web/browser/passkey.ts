import { startAuthentication, startRegistration } from '@simplewebauthn/browser'

/** Forms marked `data-passkey` ask the device for a passkey; everything else on these pages works without. */
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void run(form)
  })
}

async function run(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector('button')
  const message = form.querySelector<HTMLElement>('[data-passkey-message]')
  if (button) button.disabled = true
  if (message) message.hidden = true
  try {
    const location = form.dataset.passkey === 'enrol' ? await enrol(form) : await signIn(form)
    window.location.assign(location)
  } catch (error) {
    if (message) {
      message.textContent = error instanceof Answered ? error.message : (form.dataset.failed ?? '')
      message.hidden = false
    }
    if (button) button.disabled = false
  }
}

async function signIn(form: HTMLFormElement): Promise<string> {
  const { challenge, options } = await post('/sign-in/passkey/options', {})
  const response = await startAuthentication({ optionsJSON: options })
  const to = new FormData(form).get('to')
  return (await post('/sign-in/passkey', { challenge, response, to: to ?? '/' })).location
}

async function enrol(form: HTMLFormElement): Promise<string> {
  const { challenge, options } = await post('/account/passkey/options', {})
  const response = await startRegistration({ optionsJSON: options })
  const label = String(new FormData(form).get('label') ?? '') || navigator.platform || 'passkey'
  return (await post('/account/passkey', { challenge, response, label })).location
}

/** A refusal the server put into words. */
class Answered extends Error {}

async function post(path: string, body: unknown): Promise<any> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Answered(answer.detail ?? answer.title ?? '')
  return answer
}
