import { ProblemError } from '../../../platform/http/index.ts'

/**
 * Why a change does not start from what there is now: there is nothing, or it has changed since it was read.
 * @param now the present ETag, where there is one.
 */
export function notCurrent(what: string, now: string | undefined): ProblemError {
  if (now === undefined) return new ProblemError('not-found', `There is no ${what}: send If-None-Match: * to make it.`)
  return new ProblemError('changed-meanwhile', `The ${what} is not as you read it: read it again.`, {
    headers: { etag: `"${now}"` },
  })
}
