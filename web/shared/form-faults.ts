import type { z } from 'zod'
import { ApiProblem } from './api/client.ts'

/**
 * What is wrong with the fields of a form, by their names: by the form’s own contract once a person has tried to send it, otherwise by
 * what the server answered.
 */
export function faultsOf(
  tried: boolean,
  read: { success: boolean; error?: z.ZodError | undefined },
  failure: Error | null,
): (field: string) => string | undefined {
  if (!tried) return () => undefined
  const [issues, refused] = [read.error?.issues ?? [], failure instanceof ApiProblem ? failure.problem.errors : []]
  return (field) =>
    issues.find((issue) => issue.path[0] === field)?.message ?? refused?.find((error) => error.field === field)?.message
}
