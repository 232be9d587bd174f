import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExperimentReport, NewExperimentMove } from '../../../../schemas/dispatch/experiments.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { daySpanInWords } from '../../../shared/format/time.ts'
import { experimentsQuery } from '../../experiment-queries.ts'
import styles from './experiments.module.css'

interface MovesProps {
  report: ExperimentReport
  /** Why this person may not move it. */
  refusal: string | null
}

/** Moves an experiment from the version that is on the screen. */
function useMove({ experimentId, etag }: ExperimentReport) {
  const queries = useQueryClient()
  const reload = () => queries.invalidateQueries({ queryKey: experimentsQuery.queryKey })
  const move = useMutation({
    mutationFn: (body: NewExperimentMove) =>
      api.call(operations.moveExperiment, { params: { experimentId }, body, version: etag }),
    onSuccess: reload,
  })
  return { move, reload }
}

/** What can be done with an experiment in its phase. */
export function Moves({ report, refusal }: MovesProps) {
  if (report.state === 'preparation') return <Start report={report} refusal={refusal} />
  if (report.state === 'analysis') return <Conclude report={report} refusal={refusal} />
  return <Reasoned report={report} refusal={refusal} />
}

function Start({ report, refusal }: MovesProps) {
  const { move } = useMove(report)
  const start = { ...move, mutateAsync: () => move.mutateAsync({ event: 'start' }) }
  return (
    <TwoStep
      primary
      label="Start it"
      refusal={refusal}
      action={start}
      consequence={`What was tried stays from now on: its depots, FUs, switches and first day. It runs ${daySpanInWords(report.firstDay, report.lastDay)} and is halted by its rule. Nothing is switched or sent by it.`}
    />
  )
}

/** Halts, resumes or ends it, each with its reason. */
function Reasoned({ report, refusal }: MovesProps) {
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const { move, reload } = useMove(report)
  useUnsavedGuard(reason !== '' && !move.isSuccess)
  const go = (event: 'halt' | 'resume' | 'end') => {
    const given = reason.trim()
    setFault(given === '' ? 'Say why: it stays with the experiment.' : null)
    if (given !== '') move.mutate({ event, reason: given })
  }
  const button = { disabled: refusal !== null, title: refusal ?? undefined, loading: move.isPending }
  return (
    <div className={styles.form}>
      <Textarea
        size="sm"
        label="Reason"
        autosize
        minRows={2}
        maxLength={2_000}
        value={reason}
        error={fault}
        disabled={refusal !== null}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {move.isError && <SaveProblem error={move.error} fields={[]} onReload={() => void reload().then(move.reset)} />}
      <div className={styles.row}>
        {report.state === 'operation' ? (
          <Button {...button} onClick={() => go('halt')}>
            Halt it
          </Button>
        ) : (
          <Button {...button} onClick={() => go('resume')}>
            Resume it
          </Button>
        )}
        <Button {...button} onClick={() => go('end')}>
          End it
        </Button>
      </div>
    </div>
  )
}

function Conclude({ report, refusal }: MovesProps) {
  const [result, setResult] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const { move, reload } = useMove(report)
  useUnsavedGuard(result !== '' && !move.isSuccess)
  const conclude = () => {
    const given = result.trim()
    setFault(given === '' ? 'Say what was found, and whether it counts as a success.' : null)
    if (given !== '') move.mutate({ event: 'conclude', result: given })
  }
  return (
    <div className={styles.form}>
      <Textarea
        size="sm"
        label="Result"
        description="What was found, against its purpose. It cannot be changed afterwards."
        autosize
        minRows={4}
        maxLength={10_000}
        value={result}
        error={fault}
        disabled={refusal !== null}
        onChange={(event) => setResult(event.currentTarget.value)}
      />
      {move.isError && <SaveProblem error={move.error} fields={[]} onReload={() => void reload().then(move.reset)} />}
      <span>
        <Button
          variant="filled"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          loading={move.isPending}
          onClick={conclude}
        >
          Conclude it
        </Button>
      </span>
    </div>
  )
}
