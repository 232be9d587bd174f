import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Alarm, AlarmEventName } from '../../../../schemas/grid/alarms.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useSession } from '../../../shared/api/session.ts'
import { useNow } from '../../../shared/clock.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { alarmKindWords, alarmStateWords, priorityWords } from '../../../shared/format/words.ts'
import { alarmJournalQuery } from '../../queries.ts'
import { useAlarmAction } from './actions.ts'
import styles from './alarms.module.css'
import { OutOfService } from './out-of-service.tsx'
import { SourceLink } from './source-link.tsx'

interface AlarmPanelProps {
  alarm: Alarm
  footer: ReactNode
  onClose: () => void
}

/** One alarm: cause, consequence, what to do, who sees to it, and everything that happened to it. */
export function AlarmPanel({ alarm, footer, onClose }: AlarmPanelProps) {
  return (
    <SidePanel title={alarmKindWords[alarm.kind]} onClose={onClose} footer={footer}>
      <PanelPart>
        <Mark {...priorityWords[alarm.priority]} />
        <p>{alarm.message}</p>
      </PanelPart>
      <PanelPart title="What to do">{alarm.action}</PanelPart>
      {alarm.cause && <PanelPart title="Cause">{alarm.cause}</PanelPart>}
      {alarm.consequence && <PanelPart title="If nobody acts">{alarm.consequence}</PanelPart>}
      <PanelPart title="State">
        <PanelFacts
          items={[
            ['Where', <SourceLink key="source" alarm={alarm} />],
            ['State', alarm.suppressed ? 'Explained by another alarm' : alarmStateWords[alarm.state]],
            ['Raised', <Moment key="raised" at={alarm.raisedAt} />],
            ['Times', fixed(alarm.occurrences, 0)],
            ['Cleared', <Moment key="cleared" at={alarm.clearedAt} />],
            ['Acknowledged', <Moment key="acknowledged" at={alarm.acknowledgedAt} />],
            ...(alarm.acknowledgedBy ? [['By', alarm.acknowledgedBy] as const] : []),
          ]}
        />
      </PanelPart>
      <Owner alarm={alarm} />
      <Shelf alarm={alarm} />
      <OutOfService alarm={alarm} />
      <Journal alarmId={alarm.alarmId} />
    </SidePanel>
  )
}

function Moment({ at }: { at: string | null }) {
  return at === null ? <>not yet</> : <time title={utc(at)}>{dayAndTime(at)}</time>
}

/** Who sees to it: one takes it, or gives it back. */
function Owner({ alarm }: { alarm: Alarm }) {
  const me = useSession()?.username
  const take = useAlarmAction((owner: string | null) =>
    api.call(operations.takeAlarm, { params: { id: alarm.alarmId }, body: { owner } }),
  )
  if (alarm.state === 'closed' || me === undefined) return null
  const mine = alarm.owner === me
  return (
    <PanelPart title="Assigned to">
      <span className={styles.row}>
        <span>{mine ? 'you' : (alarm.owner ?? 'nobody yet')}</span>
        <Button size="compact-xs" loading={take.isPending} onClick={() => take.mutate(mine ? null : me)}>
          {mine ? 'Unassign' : 'Assign to me'}
        </Button>
      </span>
      {take.isError && <ProblemNotice error={take.error} />}
    </PanelPart>
  )
}

const shelfHours = [1, 4, 12, 24] as const

/** Puts an alarm aside for some hours with a reason, or takes it back. */
function Shelf({ alarm }: { alarm: Alarm }) {
  const now = useNow()
  const [hours, setHours] = useState<number>(shelfHours[0])
  const [reason, setReason] = useState('')
  const shelve = useAlarmAction((body: { until: string; reason: string }) =>
    api.call(operations.shelveAlarm, { params: { id: alarm.alarmId }, body }),
  )
  const unshelve = useAlarmAction((_: null) => api.call(operations.unshelveAlarm, { params: { id: alarm.alarmId } }))
  const failed = shelve.error ?? unshelve.error
  if (alarm.state === 'closed') return null
  return (
    <PanelPart title="Shelf">
      {alarm.shelvedUntil ? (
        <span className={styles.row}>
          <span>
            Shelved until {dayAndTime(alarm.shelvedUntil)} by {alarm.shelvedBy}: {alarm.shelfReason}
          </span>
          <Button size="compact-xs" loading={unshelve.isPending} onClick={() => unshelve.mutate(null)}>
            Unshelve
          </Button>
        </span>
      ) : (
        <span className={styles.row}>
          <input
            className="rm-select"
            aria-label="Reason for shelving"
            placeholder="Reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <select
            className="rm-select"
            aria-label="Shelve for"
            value={hours}
            onChange={(event) => setHours(Number(event.currentTarget.value))}
          >
            {shelfHours.map((each) => (
              <option key={each} value={each}>
                {each} h
              </option>
            ))}
          </select>
          <Button
            disabled={reason.trim() === ''}
            loading={shelve.isPending}
            onClick={() =>
              shelve.mutate({ until: new Date(now + hours * 3_600_000).toISOString(), reason: reason.trim() })
            }
          >
            Shelve
          </Button>
        </span>
      )}
      {failed && <ProblemNotice error={failed} />}
    </PanelPart>
  )
}

const eventWords: Record<AlarmEventName, string> = {
  raised: 'Raised',
  escalated: 'Escalated',
  eased: 'Priority lowered',
  cleared: 'Cleared',
  acknowledged: 'Acknowledged',
  shelved: 'Shelved',
  unshelved: 'Unshelved',
  taken: 'Assigned',
  suppressed: 'Explained by another',
  unsuppressed: 'No longer explained',
  'out-of-service': 'Taken out of service',
  'in-service': 'Put back in service',
}

function Journal({ alarmId }: { alarmId: string }) {
  const query = useQuery(alarmJournalQuery(alarmId))
  return (
    <PanelPart title="Journal">
      <Loaded query={query}>
        {(entries) => (
          <ol className={styles.journal}>
            {entries.map((entry) => (
              <li key={`${entry.at} ${entry.event}`}>
                <time title={utc(entry.at)}>{dayAndTime(entry.at)}</time>
                <span>
                  {eventWords[entry.event]}
                  {entry.actor && `, ${entry.actor}`}
                  {entry.detail && <span className="rm-secondary"> {entry.detail}</span>}
                </span>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </PanelPart>
  )
}
