/** Enrols this browser for pages: asks the person, then its maker, then tells the house. Hidden where it cannot. */
const form = document.querySelector<HTMLFormElement>('form[data-duty-device]')
if (form && 'serviceWorker' in navigator && 'PushManager' in window) {
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void enrol(form)
  })
}

async function enrol(form: HTMLFormElement): Promise<void> {
  const message = form.querySelector<HTMLElement>('[data-message]')
  try {
    if ((await Notification.requestPermission()) !== 'granted') throw new Error()
    await navigator.serviceWorker.register(form.dataset.worker ?? '', { scope: '/' })
    const worker = await navigator.serviceWorker.ready
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: form.dataset.dutyDevice,
    })
    const { endpoint, keys } = subscription.toJSON()
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ ...Object.fromEntries(new FormData(form)), endpoint, ...keys }),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(answer.detail ?? answer.title)
    window.location.assign(answer.location)
  } catch (error) {
    if (!message) return
    message.textContent = (error as Error).message || (form.dataset.failed ?? '')
    message.hidden = false
  }
}
