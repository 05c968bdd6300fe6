/** The written conversation beside a call: sending a remark must not leave the page, and with it the room. */
export function sayInPlace(page: Document, words: Record<string, string>, say: (text: string) => void): void {
  const form = page.querySelector<HTMLFormElement>('form[action$="/say"]')
  form?.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(form, words, say)
  })
}

async function send(form: HTMLFormElement, words: Record<string, string>, say: (text: string) => void): Promise<void> {
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
    say(words.said ?? '')
  } catch (error) {
    // What was typed stays where it is.
    say((error as Error).message)
  } finally {
    if (button) button.disabled = false
  }
}
