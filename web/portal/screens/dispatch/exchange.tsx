import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { instructionRecord } from '../../../../schemas/dispatch/instructions.ts'
import { PanelPart } from '../../../shared/components/side-panel.tsx'
import { timeWithSeconds, utc } from '../../../shared/format/time.ts'
import { instructionQuery } from '../../dispatch-queries.ts'
import styles from './exchange.module.css'

type Record = z.infer<typeof instructionRecord>

const actions: { [action in Record['attempts'][number]['action']]: string } = {
  send: 'Sent',
  ask: 'Status requested',
  confirm: 'Confirmed manually',
}

/** Everything that went back and forth about an instruction: the evidence when a party disputes. */
export function Exchange({ instructionId }: { instructionId: string }) {
  const record = useQuery(instructionQuery(instructionId)).data
  if (!record) return null
  const events = [
    ...record.attempts.map(({ at, action, outcome }) => ({ at, text: `${actions[action]}: ${outcome}` })),
    ...record.reports.map(({ at, status, detail }) => ({
      at,
      text: `FSP reports ${status}${detail ? `: ${detail}` : ''}`,
    })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return <ExchangeEvents events={events} />
}

/** What went back and forth, in the order of time; nothing where nothing did. */
export function ExchangeEvents({ events }: { events: readonly { at: string; text: string }[] }) {
  if (events.length === 0) return null
  return (
    <PanelPart title="Exchange with the FSP">
      <ol className={styles.events}>
        {events.map((event) => (
          <li key={`${event.at} ${event.text}`}>
            <time title={utc(event.at)}>{timeWithSeconds(event.at)}</time>
            <span>{event.text}</span>
          </li>
        ))}
      </ol>
    </PanelPart>
  )
}
