/** A form that met no line, as it was filled in. */
export interface UnsentForm {
  /** Address and hidden number: the same form pressed twice is one. */
  key: string
  kind: 'draft' | 'acknowledgement'
  path: string
  fields: [string, string][]
  /** How many files it had, which are not kept. */
  files: number
  at: number
  device: string
}

const database = 'chancery-unsent'
const store = 'forms'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(database, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(store, { keyPath: 'key' })
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
}

/** One step in the store; nothing is made for looking into what is not there. */
async function within<T>(mode: IDBTransactionMode, step: (forms: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = base.transaction(store, mode)
      const asked = step(transaction.objectStore(store))
      transaction.oncomplete = () => resolve(asked.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    base.close()
  }
}

async function isThere(): Promise<boolean> {
  return (await indexedDB.databases()).some(({ name }) => name === database)
}

export async function listUnsent(): Promise<UnsentForm[]> {
  if (!(await isThere())) return []
  const all = await within<UnsentForm[]>('readonly', (forms) => forms.getAll())
  return all.toSorted((a, b) => a.at - b.at)
}

export async function keepUnsent(form: UnsentForm): Promise<void> {
  await within('readwrite', (forms) => forms.put(form))
}

export async function dropUnsent(key: string): Promise<void> {
  if (await isThere()) await within('readwrite', (forms) => forms.delete(key))
}

/** The whole store goes, not only what lies in it. */
export async function forgetUnsent(): Promise<void> {
  await new Promise<void>((resolve) => {
    const asked = indexedDB.deleteDatabase(database)
    asked.onsuccess = () => resolve()
    asked.onerror = () => resolve()
  })
}
