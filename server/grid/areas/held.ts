import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'

const held: Readonly<Record<string, string>> = {
  licence_area: 'licence areas',
  network_node: 'nodes',
  connection: 'connections',
  weather: 'weather',
}

/** The 409 for what stays because other rows refer to it; `null` for any other error. PostgreSQL itself names the table. */
export function heldProblemOf(what: string, error: unknown): ProblemError | null {
  // 23503: foreign_key_violation.
  if (codeOf(error) !== '23503') return null
  const table = tableOf(error)
  return new ProblemError('conflict', `The ${what} stays: it still has ${held[table] ?? `rows of ${table}`}.`)
}

function tableOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('table_name' in error && typeof error.table_name === 'string') return error.table_name
  return 'cause' in error ? tableOf(error.cause) : ''
}
