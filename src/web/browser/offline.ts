import { showKept } from './offline/show-kept.ts'
import { showUnsent } from './offline/show-unsent.ts'
import { listUnsent } from './offline/unsent-forms.ts'

/** Where somebody comes in, goes, or looks at what lies here. */
const atOnce = /^\/(?:offline|sign-in)\b/

const status = document.getElementById('device-status')
if (status && 'serviceWorker' in navigator) void begin(status)

/** Lets the worker look after what this browser keeps, and says what became of forms. */
async function begin(line: HTMLElement): Promise<void> {
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    const hasForm = [...document.forms].some(({ action }) => new URL(action).pathname === data.notSent)
    if (hasForm) line.textContent = line.dataset.notSent ?? ''
  })
  askBeforeLeaving(line.dataset.unsent ?? '')
  showUnsent()
  showKept()
  await navigator.serviceWorker.register(line.dataset.worker ?? '', { scope: '/' })
  const { active } = await navigator.serviceWorker.ready
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    showKept()
    document.documentElement.dataset.lookedAfter = 'yes'
  }
  active?.postMessage({ now: atOnce.test(location.pathname) }, [port2])
}

/** Signing out drops what was not sent: nobody does so unknowingly. */
function askBeforeLeaving(words: string): void {
  const form = document.querySelector<HTMLFormElement>('form[action="/sign-out"]')
  let isAsked = false
  form?.addEventListener('submit', (event) => {
    if (isAsked) return
    event.preventDefault()
    void listUnsent().then((waiting) => {
      if (waiting.length > 0 && !confirm(words)) return
      isAsked = true
      form.submit()
    })
  })
}
