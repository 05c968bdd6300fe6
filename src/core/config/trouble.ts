export type ConfigTroubleCode =
  | 'bad-setting'
  | 'port-taken'
  | 'no-port'
  | 'other-version'
  | 'no-data-folder'
  | 'not-founded'
  | 'keys-locked'

/** The node cannot start as it is set; `message` is a whole sentence for the operator, saying what to do. */
export class ConfigTrouble extends Error {
  override name = 'ConfigTrouble'
  readonly code: ConfigTroubleCode

  constructor(code: ConfigTroubleCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
