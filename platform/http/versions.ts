import { ProblemError } from './problems.ts'

/** The version in an `If-Match` header such as `"3"`. Throws where there is none: an edit that names no version would undo another’s. */
export function expectedVersion(header: string | undefined): number {
  const version = /^"(\d+)"$/.exec(header ?? '')?.[1]
  if (version) return Number(version)
  throw new ProblemError(
    'precondition-required',
    'Send If-Match with the version that you read, as in If-Match: "3"; "0" where there was none.',
  )
}
