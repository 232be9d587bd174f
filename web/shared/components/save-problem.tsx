import { Button } from '@mantine/core'
import { ApiProblem } from '../api/client.ts'
import { Notice, ProblemNotice } from './notice.tsx'

interface SaveProblemProps {
  error: Error
  /** Fields whose faults the form shows beside them. */
  fields: readonly string[]
  /** Drops what was entered and shows what is stored now. */
  onReload: () => void
}

/** Why a form was not saved; where somebody else was faster, with a way to their version. Faults that fields show are not repeated. */
export function SaveProblem({ error, fields, onReload }: SaveProblemProps) {
  if (!(error instanceof ApiProblem)) return <ProblemNotice error={error} />
  const { errors = [], status } = error.problem
  if (status === 422 && errors.length > 0 && errors.every(({ field }) => fields.includes(field))) return null
  if (error.kind !== 'changed-meanwhile') return <ProblemNotice error={error} />
  return (
    <Notice tone="fault" title="Someone else has changed this">
      <p>Your change was not saved. Load what is stored now and make the change again.</p>
      <Button onClick={onReload}>Load the stored values</Button>
    </Notice>
  )
}
