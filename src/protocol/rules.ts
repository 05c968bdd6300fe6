/**
 * Every rule this folder can find broken, with what it says. Ids are stable:
 * they travel in signed refusals and in reports, and docs/protocol/admission.md lists them.
 */
export const rules = {
  // Bytes
  base64url: 'Text is not strict unpadded base64url.',
  'bytes-utf8': 'Bytes are not well-formed UTF-8.',
  'json-syntax': 'Bytes are not JSON.',
  'json-canonical': 'Bytes are not the RFC 8785 form of their value (order, spacing, duplicate names, number form).',
  'json-number': 'A number is not an integer below 2^53.',
  'json-surrogate': 'A string holds a lone surrogate.',
  'json-depth': 'Nested deeper than 32 levels.',
  'json-value': 'A value that JSON cannot carry.',
  // Acts
  'envelope-shape': 'The envelope is not exactly {payload, protected, signature} of base64url texts.',
  header: 'The protected header is not exactly {alg, kid, typ} with the one algorithm and type.',
  'statement-size': 'The statement is longer than 16 KiB.',
  'statement-shape': 'A member of the statement is missing or has a wrong form.',
  'unknown-member': 'The statement has a member this version does not know.',
  'signature-form': 'The signature is not 64 bytes.',
  signature: 'The signature does not verify under the author’s key by the strict rule.',
  key: 'Not a usable Ed25519 key.',
  // Blobs
  'blob-short': 'A blob is shorter than its salt.',
  'blob-commitment': 'A blob does not hash to its commitment.',
  'blob-size': 'A blob’s content does not have the declared size.',
  // Leaves and tree
  'leaf-size': 'An entry is longer than 65,535 bytes.',
  'leaf-shape': 'An entry is not exactly {v, time, envelope}.',
  bundle: 'An entry bundle is cut short or holds more than 256 entries.',
  'tile-path': 'Not the path of a tile.',
  'tree-size': 'Index or size lies outside the tree.',
  // Notes
  'note-shape': 'A signed note is malformed.',
  'checkpoint-shape': 'A checkpoint’s text is not origin, size and root.',
  'checkpoint-origin': 'A checkpoint is of another log.',
  'checkpoint-signature': 'A checkpoint lacks a valid line of its host.',
  'receipt-shape': 'A receipt is malformed.',
  'receipt-proof': 'A receipt’s path does not lead from the entry to the checkpoint’s root.',
  // Opening
  'opening-type': 'Entry 0 is neither space.opened nor register.founded.',
  'opening-body': 'The body of the opening act is missing or malformed.',
  'opening-seen': 'The opening act saw something, or another act saw nothing.',
  'opening-author': 'The opening act’s author may not open: not a writing member, or a stranger to the register.',
  'opening-twice': 'A second opening act.',
  'host-origin': 'The checkpoint origin is not <host>/spaces/<space>.',
  'member-twice': 'A party is listed twice.',
  'member-key': 'A member’s key id is not the thumbprint of its key, or a key is unusable.',
  'member-register': 'A member’s register proof does not hold.',
  // Admission
  'wrong-space': 'The act belongs to another space.',
  'time-decreased': 'The entry’s time is earlier than the one before.',
  'time-uncovered': 'The entry claims a time later than a cosignature that covers it; accuses nobody by itself.',
  'not-a-member': 'The author is not a member at this position.',
  'observer-writes': 'The author is an observer.',
  'unknown-key': 'The signing key was never a key of the author here.',
  'key-ended': 'The signing key was replaced or revoked before this position, or not yet brought in.',
  'key-body-missing': 'The body that carries the new key is not at hand.',
  'seen-future': 'The author claims to have seen entries that come later.',
  'seen-root': 'The author saw another history.',
  'seen-unknown': 'The root at the seen size is not at hand.',
  'act-twice': 'This very act is already in the log.',
  'id-taken': 'Another act of this author has the same id.',
  'after-missing': 'An act named in `after` is not in the log yet.',
  'stale-membership': 'A sealed act whose author had not seen the newest change of membership.',
  'body-missing': 'The body of a governance act is not at hand.',
  // Witnesses
  'note-key': 'A verifier key is malformed, of an unknown type, or its id is not that of name and key.',
  policy: 'A witness policy is malformed.',
  'witness-request': 'A request to a witness, or its answer, is malformed.',
  // Tender
  'tender-shape': 'What is said to have been tendered, or the receipts for it, say nothing.',
  'not-ignored': 'The host did not ignore the act: it is on the record, could not stand there, or the time is not up.',
  // Register chains
  'register-chain': 'Key events of a register do not follow from its founding.',
  // Evidence
  'evidence-shape': 'An evidence file is malformed.',
  'evidence-key': 'The register that comes along does not name the accused key.',
  'evidence-statement': 'A statement is not signed by the accused.',
  'evidence-proof': 'A path that comes along does not hold.',
  'evidence-no-contradiction': 'All statements can be true: nobody is accused.',
  // Sealing
  'key-set-shape': 'A key set is malformed.',
  'sealed-shape': 'A sealed part is malformed.',
  // Dossier
  'zip-shape': 'The file is not the one canonical archive of its contents.',
  'dossier-manifest': 'The manifest is missing or malformed.',
  'dossier-file': 'A file is missing, or one that does not belong is present.',
  'dossier-tile': 'A tile does not hold the nodes of the entries.',
  'dossier-root': 'The entries do not hash to the checkpoint.',
  'dossier-cosignature': 'A cosignature line does not verify.',
  'dossier-part': 'A part is not as the manifest says.',
  'dossier-selection': 'The manifest’s list of acts does not match the entries.',
  'dossier-pin': 'A party’s fingerprint is not the pinned one.',
  'time-stamp-shape': 'A time-stamp is no RFC 3161 token in DER, or the authority refused it.',
  'time-stamp-data': 'A time-stamp is over other bytes.',
  'time-stamp-signature': 'A time-stamp is not signed by the certificate it names.',
  'time-stamp-authority': 'No trusted authority stands behind a time-stamp, or it was not valid then.',
} as const

/** One of the ids above. */
export type Rule = keyof typeof rules
