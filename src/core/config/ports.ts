import { createServer } from 'node:net'
import { ConfigTrouble } from './trouble.ts'

const mostTries = 200

/** True when nothing listens there and this process may. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return listening(port, host).then(
    () => true,
    () => false,
  )
}

/**
 * The first free port from `from` on, leaving out those in `except`.
 *
 * @throws {@link ConfigTrouble} `no-port` after 200 tries.
 */
export async function findFreePort(
  from: number,
  host: string,
  except: ReadonlySet<number> = new Set(),
): Promise<number> {
  for (let port = from; port < Math.min(from + mostTries, 65_536); port++) {
    if (!except.has(port) && (await isPortFree(port, host))) return port
  }
  throw new ConfigTrouble('no-port', `No port from ${from} on is free on ${host}: name one with --port.`)
}

/**
 * Makes sure that the node can listen.
 *
 * @throws {@link ConfigTrouble} with what is wrong and what to do.
 */
export async function requirePort(port: number, host: string): Promise<void> {
  await listening(port, host).catch((error) => {
    throw explainListenError(error, port, host)
  })
}

/** The sentence for an error that `listen` gave. */
export function explainListenError(error: unknown, port: number, host: string): ConfigTrouble {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return new ConfigTrouble('port-taken', sentenceFor(code, port, host), { cause: error })
}

function sentenceFor(code: unknown, port: number, host: string): string {
  if (code === 'EACCES') {
    return `Port ${port} is reserved for the administrator: choose one above 1023 with --port, and let a proxy take ${port}.`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `This machine has no address ${host}: choose another with --host.`
  }
  return `Port ${port} on ${host} is taken by another program: stop it, or choose another port with --port.`
}

function listening(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve()))
  })
}
