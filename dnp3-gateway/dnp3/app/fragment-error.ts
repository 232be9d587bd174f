/** Why a fragment, or the rest of it, was refused. */
export type FragmentError =
  | 'truncated'
  | 'unknown-function'
  | 'unknown-object'
  | 'unknown-qualifier'
  | 'bad-range'
  | 'too-many-objects'
  | 'bad-object-size'
