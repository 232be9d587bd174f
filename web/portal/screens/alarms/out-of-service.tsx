import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Alarm } from '../../../../schemas/grid/alarms.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { PanelPart } from '../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { useRefusal } from '../../session.ts'
import { useAlarmAction } from './actions.ts'
import styles from './alarms.module.css'

/** Takes the alarms of this kind and source out of service, for maintenance, or puts them back. */
export function OutOfService({ alarm }: { alarm: Alarm }) {
  const [reason, setReason] = useState('')
  const refusal = useRefusal('operator', 'administrator')
  const params = { id: alarm.alarmId }
  const takeOut = useAlarmAction((body: { reason: string }) => api.call(operations.takeOutOfService, { params, body }))
  const putBack = useAlarmAction((_: null) => api.call(operations.putInService, { params }))
  const failed = takeOut.error ?? putBack.error
  if (alarm.state === 'closed' && !alarm.outOfService) return null
  return (
    <PanelPart title="Service">
      {alarm.outOfService ? (
        <span className={styles.row}>
          <span>
            Out of service since {dayAndTime(alarm.outOfService.since)} by {alarm.outOfService.by}:{' '}
            {alarm.outOfService.reason}
          </span>
          <Button
            size="compact-xs"
            disabled={refusal !== null}
            title={refusal ?? undefined}
            loading={putBack.isPending}
            onClick={() => putBack.mutate(null)}
          >
            Put back in service
          </Button>
        </span>
      ) : (
        <span className={styles.row}>
          <input
            className="rm-select"
            aria-label="Reason for taking it out of service"
            placeholder="Reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button
            disabled={refusal !== null || reason.trim() === ''}
            title={refusal ?? undefined}
            loading={takeOut.isPending}
            onClick={() => takeOut.mutate({ reason: reason.trim() })}
          >
            Take out of service
          </Button>
        </span>
      )}
      {failed && <ProblemNotice error={failed} />}
    </PanelPart>
  )
}
