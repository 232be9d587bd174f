import { ProblemError } from '../../platform/http/index.ts'

/** The tag in an ETag or a condition, without what stands around it. */
function tagIn(header: string): string {
  const [, quoted] = /^(?:W\/)?"([^"]*)"$/.exec(header.trim()) ?? []
  if (quoted !== undefined) return quoted
  const [bare] = /^[\w.:-]+$/.exec(header.trim()) ?? []
  if (bare !== undefined) return bare
  throw new ProblemError('malformed', 'If-Match must be an ETag of this resource, such as "3".')
}

/** The tag that `If-None-Match` names; `null` where it names none. */
export function knownTag(header: string | undefined): string | null {
  return /^(?:W\/)?"?([^"]*)"?$/.exec(header?.trim() ?? '')?.[1] || null
}

/**
 * The version that a change starts from: what `If-Match` names, or `null` for `If-None-Match: *`. Throws where there is none: a change
 * that names no version would undo another's.
 */
export function versionIn(conditions: { ifMatch: string | undefined; ifNoneMatch: string | undefined }): string | null {
  if (conditions.ifNoneMatch?.trim() === '*') return null
  if (conditions.ifMatch !== undefined) return tagIn(conditions.ifMatch)
  throw new ProblemError(
    'precondition-required',
    'Send If-Match with the ETag of what you have read, as in If-Match: "3"; If-None-Match: * or If-Match: "0" where there was nothing.',
  )
}

/** Whether a change starts from what there is now. Version 0 and no version both say that there is nothing yet. */
export function isCurrent(version: string | null, now: string | number | null | undefined): boolean {
  const there = now === null || now === undefined || now === 0 ? null : String(now)
  return (version === '0' ? null : version) === there
}
