import type { ImportFlaw } from '../../../../schemas/vocabulary/file-import.ts'
import { ApiProblem } from '../../../shared/api/client.ts'

/** The flaws that a file was refused for, by line: `line 3, load_w` names line and column. `null` if it failed for another reason. */
export function flawsOf(error: unknown): ImportFlaw[] | null {
  if (!(error instanceof ApiProblem) || error.status !== 422) return null
  const flaws = (error.problem.errors ?? []).map(({ field, message }) => {
    const [, line, column = ''] = /^line (\d+)(?:, (.*))?$/.exec(field) ?? []
    return line === undefined ? null : { line: Number(line), field: column, message }
  })
  const named = flaws.filter((flaw) => flaw !== null)
  return named.length > 0 && named.length === flaws.length ? named : null
}
