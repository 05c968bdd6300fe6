import { NotTaken, sendFile } from './send-file.ts'

const longestWaitMs = 30_000

type Word = 'going' | 'again' | 'lost' | 'done' | 'look' | 'refused' | 'too-large'

/** Files chosen in this box begin to travel at once, and no longer with the form; the list below says how far each is. */
export function takeUploads(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>('input[type=file]')
  if (!input) return
  const list = document.createElement('ul')
  list.className = 'small uploading'
  list.setAttribute('aria-live', 'polite')
  box.append(list)
  box.classList.add('by-script')
  const mostBytes = Number(box.dataset.most)
  let under = 0

  async function take(file: File): Promise<void> {
    const line = lineFor(box, list, file)
    if (file.size > mostBytes) return line.say('too-large')
    under += 1
    try {
      const is = await sendFile({
        file,
        at: box.dataset.uploads ?? '',
        pieceBytes: Number(box.dataset.piece),
        title: saidIn(box, 'filesTitle'),
        tlp: saidIn(box, 'filesTlp'),
        fetch: (...asked) => fetch(...asked),
        wait,
        going: (have, how) => line.say(how, have),
      })
      line.end(is.state === 'ready' ? 'done' : 'look')
    } catch (error) {
      line.end('refused', error instanceof NotTaken ? error.message : '')
    } finally {
      under -= 1
      // The page of a draft's files lists them itself.
      if (under === 0 && /\/files$/.test(location.pathname)) location.reload()
    }
  }

  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    input.value = ''
    for (const file of files) void take(file)
  })
}

function lineFor(box: HTMLElement, list: HTMLElement, file: File) {
  const words = JSON.parse(box.dataset.words ?? '{}') as Record<Word, string>
  const item = document.createElement('li')
  const text = document.createElement('span')
  const bar = document.createElement('progress')
  bar.max = file.size
  item.append(text, bar)
  list.append(item)
  const put = (word: Word, percent: number) => {
    const said = (words[word] ?? '').replace('%name%', `\u2068${file.name}\u2069`).replace('%percent%', String(percent))
    if (text.textContent !== said) text.textContent = said
  }
  return {
    say(word: Word, have = 0) {
      bar.value = have
      // Heard aloud every tenth, not with every piece.
      const percent = Math.floor((100 * have) / Math.max(1, file.size))
      put(word, word === 'going' ? Math.floor(percent / 10) * 10 : percent)
    },
    end(word: Word, why = '') {
      bar.remove()
      put(word, 100)
      if (why) text.textContent += `: ${why}`
    },
  }
}

const saidIn = (box: HTMLElement, name: string): string =>
  box.querySelector<HTMLInputElement | HTMLSelectElement>(`[name=${name}]`)?.value ?? ''

/** Longer with every try; at once when the browser says that the line is back. */
function wait(tries: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(longestWaitMs, 500 * 2 ** Math.min(tries, 10)))
    addEventListener('online', done)
  })
}
