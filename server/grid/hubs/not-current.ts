import { ProblemError } from '../../../platform/http/index.ts'

/**
 * Why a change does not start from the present version: there is none, or it has changed since it was read.
 * @param now the present ETag, if any.
 */
export function notCurrent(what: string, now: string | undefined): ProblemError {
  if (now === undefined)
    return new ProblemError('not-found', `There is no ${what}: send If-None-Match: * to create it.`)
  return new ProblemError('changed-meanwhile', `The ${what} has changed since you read it: read it again.`, {
    headers: { etag: `"${now}"` },
  })
}
