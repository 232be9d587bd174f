import { ProblemError } from '../../platform/http/index.ts'
import type { FieldError } from '../../schemas/vocabulary/problem.ts'
import { momentInWords } from '../../schemas/vocabulary/time.ts'
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
  const happened = by
    ? `was changed by ${by.name} at ${momentInWords(by.at.toString())}`
    : 'is there, or has changed since you read it'
  return new ProblemError('changed-meanwhile', `The ${what} ${happened}: read it again, and make your change to it.`, {
    headers: { etag: `"${now}"` },
  })
}

/** A value as one of two people sees it beside the other's. */
function apart(field: string, now: unknown, given: unknown): FieldError {
  const [theirs, yours] = [now, given].map((value) => value ?? 'empty')
  return { field, message: `is ${theirs} now, and ${yours} in yours` }
}

/**
 * Why a change of terms that count their revisions does not begin from what is stored (FM15), with each field that differs.
 * @param now what is stored.
 * @param given what was sent, by the same names.
 */
export function newerRevision<Form extends object>(
  now: { readonly [Field in keyof Form]: unknown } & { readonly revision: number },
  given: Form,
): ProblemError {
  const fields = Object.keys(given) as (keyof Form & string)[]
  return new ProblemError(
    'changed-meanwhile',
    `It is at revision ${now.revision} now: read it again, and make your change to it.`,
    {
      errors: fields
        .filter((field) => now[field] !== given[field])
        .map((field) => apart(field, now[field], given[field])),
      headers: { etag: `"${now.revision}"` },
    },
  )
}
