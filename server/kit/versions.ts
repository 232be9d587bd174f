import { ProblemError } from '../../platform/http/index.ts'
import { digestOfData } from './idempotency.ts'

/** The version of data that have no counter: the same data are the same version, whoever stored them. */
export function versionOfData(value: unknown): string {
  return digestOfData(value).slice(0, 16)
}

/**
 * Why a change does not begin from what is stored now (FM15): there is nothing, or it has changed since it was read.
 * @param what it is, to follow an article: `feed Weather`.
 * @param now the version that is stored, if any.
 * @param by who stored it and when, where that is known.
 */
export function notCurrent(
  what: string,
  now: string | number | undefined,
  by?: { name: string; at: { toString(): string } },
): ProblemError {
  if (now === undefined) return new ProblemError('not-found', `There is no ${what}: send If-None-Match: * to add it.`)
  const happened = by ? `was changed by ${by.name} at ${by.at}` : 'is there, or has changed since you read it'
  return new ProblemError('changed-meanwhile', `The ${what} ${happened}: read it again, and make your change to it.`, {
    headers: { etag: `"${now}"` },
  })
}
