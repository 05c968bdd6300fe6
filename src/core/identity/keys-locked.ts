import { ConfigTrouble } from '../config/index.ts'

type Kind = 'passphrase' | 'key-file'

const sentences = {
  'needs-secret': {
    passphrase:
      'The keys of this node are protected by a passphrase: type it at the terminal, or give it with --passphrase-file, --passphrase-fd or a systemd credential (docs/operate/keys.md).',
    'key-file': 'The keys of this node are protected by a key file: name it with --key-file.',
  },
  'wrong-secret': {
    passphrase: 'The passphrase does not open the keys of this node. Nothing was changed.',
    'key-file': 'The key file does not open the keys of this node. Nothing was changed.',
  },
  'other-kind': {
    passphrase: 'The keys of this node are protected by a passphrase, not by a key file.',
    'key-file': 'The keys of this node are protected by a key file, not by a passphrase.',
  },
  'changed-elsewhere': {
    passphrase: 'The passphrase of the keys was changed by another process: start this one again with the new one.',
    'key-file': 'The key file of the keys was changed by another process: start this one again with the new one.',
  },
} as const

/** The private keys cannot be read as things stand; `message` says what to do. */
export class KeysLocked extends ConfigTrouble {
  override name = 'KeysLocked'
  readonly why: keyof typeof sentences

  constructor(why: keyof typeof sentences, kind: Kind) {
    super('keys-locked', sentences[why][kind])
    this.why = why
  }
}
