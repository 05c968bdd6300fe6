/** The written conversation beside a call: sending a remark must not leave the page, and with it the room. */
export function sayInPlace(page: Document, words: Record<string, string>): void {
  const form = page.querySelector<HTMLFormElement>('form[action$="/say"]')
  form?.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(form, words)
  })
}

async function send(form: HTMLFormElement, words: Record<string, string>): Promise<void> {
  const line = document.querySelector<HTMLElement>('[data-room-said]')
  const button = form.querySelector('button')
  if (button) button.disabled = true
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(answer.detail ?? answer.title)
    form.reset()
    form.querySelector<HTMLInputElement>('[name="id"]')!.value = crypto.randomUUID().replaceAll('-', '')
    if (line) line.textContent = words.said ?? ''
  } catch (error) {
    // What was typed stays where it is.
    if (line) line.textContent = (error as Error).message
  } finally {
    if (button) button.disabled = false
  }
}
