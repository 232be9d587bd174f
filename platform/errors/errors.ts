/**
 * Something that the person who starts a process has to put right: a busy port, a folder that cannot be written, a wrong address.
 * Its message is one clear sentence that says what, where and what to do; the command prints it alone and exits non-zero.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
}

/** The `code` of a Node system error (`EADDRINUSE`, `ECONNREFUSED` …), or an empty string. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : ''
}
