import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useNow, useToday } from '../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { instructionsQuery, stopsQuery } from '../../dispatch-queries.ts'
import { fspsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './emergency.module.css'
import { endedBy, stopInWords } from './stopping.ts'

function useDispatchChange<T>(change: (given: T) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('dispatch') ?? false }),
  })
}

/** Stops dispatch to one FSP or all, in two steps: whom and why; then the consequence in figures. */
export function EmergencyStop() {
  const refusal = useRefusal('flexibility-engineer', 'operator')
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setAsking(true)}>
        Emergency stop
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Emergency stop" size={480}>
        <StopForm onDone={() => setAsking(false)} />
      </Modal>
    </>
  )
}

function StopForm({ onDone }: { onDone: () => void }) {
  const now = useNow()
  const [fspId, setFspId] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [confirming, setConfirming] = useState(false)
  const fsps = useQuery(fspsQuery).data?.filter((fsp) => fsp.status === 'accepted') ?? []
  const instructions = useQuery(instructionsQuery(useToday()))
  const stop = useDispatchChange((_: null) =>
    api.call(operations.stopDispatch, { body: { fspId, reason: reason.trim() } }),
  )
  const whom = fsps.find((fsp) => fsp.fspId === fspId)?.companyName ?? 'all FSPs'
  if (!confirming)
    return (
      <div className={styles.form}>
        <Fields>
          <Choice
            label="Stop dispatch to"
            value={fspId ?? ''}
            onChange={(event) => setFspId(event.currentTarget.value || null)}
          >
            <option value="">all FSPs</option>
            {fsps.map((fsp) => (
              <option key={fsp.fspId} value={fsp.fspId}>
                {fsp.companyName}
              </option>
            ))}
          </Choice>
          <Field
            label="Reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Fields>
        <div className={styles.actions}>
          <Button onClick={onDone}>Cancel</Button>
          <Button variant="filled" disabled={reason.trim().length < 3} onClick={() => setConfirming(true)}>
            Next
          </Button>
        </div>
      </div>
    )
  return (
    <div className={styles.form}>
      <p>
        Stops dispatch to <strong>{whom}</strong>.{' '}
        {instructions.data
          ? stopInWords(endedBy(instructions.data, fspId, now))
          : 'The number of turn-downs that this ends is not known at the moment.'}
      </p>
      {stop.isError && <ProblemNotice error={stop.error} />}
      <div className={styles.actions}>
        <Button onClick={() => setConfirming(false)}>Back</Button>
        <Button
          className={styles.stop}
          loading={stop.isPending}
          onClick={() => stop.mutate(null, { onSuccess: onDone })}
        >
          Stop now
        </Button>
      </div>
    </div>
  )
}

/** Stops in force, each with the way to lift it. */
export function StopsInForce() {
  const stops = useQuery(stopsQuery).data?.filter((stop) => stop.liftedAt === null) ?? []
  const fsps = useQuery(fspsQuery).data ?? []
  const today = useToday()
  return stops.map((stop) => {
    const whom = fsps.find((fsp) => fsp.fspId === stop.fspId)?.companyName ?? 'all FSPs'
    return (
      <Notice key={stop.stopId} tone="fault" title={`Dispatch to ${whom} is stopped`}>
        <span className={styles.inForce}>
          <span>
            {stop.reason}. By {stop.stoppedBy} at {dayAndTime(stop.stoppedAt, today)}.
          </span>
          <Lift stopId={stop.stopId} whom={whom} />
        </span>
      </Notice>
    )
  })
}

function Lift({ stopId, whom }: { stopId: string; whom: string }) {
  const refusal = useRefusal('flexibility-engineer', 'operator')
  const lift = useDispatchChange<void>(() => api.call(operations.liftStop, { params: { id: stopId } }))
  return (
    <TwoStep
      label="Lift the stop"
      refusal={refusal}
      action={lift}
      consequence={`Lets instructions go out to ${whom} again, from the next tick on. Instructions that the stop ended stay ended.`}
    />
  )
}
