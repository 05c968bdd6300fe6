import { ProtocolError } from '../../protocol/index.ts'
import { PeerAnswerError } from './peer-client.ts'

/** What `read` gives of what a peer sent. @throws {@link PeerAnswerError} where it does not follow the protocol */
export function readOrRefuse<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new PeerAnswerError(200, `what the peer sent cannot be read: ${error.message}`)
    throw error
  }
}
