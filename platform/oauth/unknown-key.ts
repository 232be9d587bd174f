import * as oauth from 'oauth4webapi'

/** Whether a signature is by a key that is not in the copy of its issuer's keys, which may have others by now. */
export function isUnknownKey(error: unknown): boolean {
  return error instanceof oauth.OperationProcessingError && error.code === oauth.KEY_SELECTION
}
