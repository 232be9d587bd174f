import { ProblemError } from './problems.ts'

/** The tag in an ETag or a condition, without quotes and weakness mark. */
function tagIn(header: string): string {
  const [, quoted] = /^(?:W\/)?"([^"]*)"$/.exec(header.trim()) ?? []
  if (quoted !== undefined) return quoted
  const [bare] = /^[\w.:-]+$/.exec(header.trim()) ?? []
  if (bare !== undefined) return bare
  throw new ProblemError('malformed', 'If-Match must be an ETag of this resource, such as "3".')
}

/** The tag in `If-None-Match`; `null` without one. */
export function knownTag(header: string | undefined): string | null {
  return /^(?:W\/)?"?([^"]*)"?$/.exec(header?.trim() ?? '')?.[1] || null
}

/**
 * The version that a change starts from: the tag in `If-Match`, or `null` for `If-None-Match: *`. Throws without either: a change
 * that states no version could overwrite someone else's.
 */
export function versionIn(conditions: { ifMatch: string | undefined; ifNoneMatch: string | undefined }): string | null {
  if (conditions.ifNoneMatch?.trim() === '*') return null
  if (conditions.ifMatch !== undefined) return tagIn(conditions.ifMatch)
  throw new ProblemError(
    'precondition-required',
    'Send If-Match with the ETag of what you have read, as in If-Match: "3"; if it did not exist, If-None-Match: * or If-Match: "0".',
  )
}

/** Whether a change starts from the current version. Version 0 and no version both mean that it does not exist yet. */
export function isCurrent(version: string | null, now: string | number | null | undefined): boolean {
  const there = now === null || now === undefined || now === 0 ? null : String(now)
  return (version === '0' ? null : version) === there
}
