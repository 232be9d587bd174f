import { useQuery } from '@tanstack/react-query'
import type { LatestReading } from '../../../../schemas/grid/connections.ts'
import { useNow } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Measured } from '../../../shared/components/measured.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { duration, timeWithSeconds, utc } from '../../../shared/format/time.ts'
import { readingsQuery } from '../../queries.ts'
import { quantityOf } from './quantities.ts'

/** A reading older than this is shown as old, ms. */
const staleMs = 5 * 60_000

function Value({ reading }: { reading: LatestReading }) {
  const now = useNow()
  const { decimals, unit, per } = quantityOf(reading.quantity) ?? { decimals: 1, unit: reading.unit, per: 1 }
  const at = reading.deviceTime ?? reading.receivedTime
  return (
    <Measured
      digits={reading.value === null ? '–' : fixed(reading.value / per, decimals)}
      unit={unit}
      at={at}
      quality={reading.quality}
      stale={now - Date.parse(at) > staleMs}
    />
  )
}

const columns: Column<LatestReading>[] = [
  {
    id: 'feeder',
    header: 'Feeder',
    accessorFn: (reading) => reading.feeder,
    cell: ({ row }) => (row.original.feeder === 0 ? 'whole hub' : row.original.feeder),
  },
  {
    id: 'phase',
    header: 'Phase',
    accessorFn: (reading) => reading.phase,
    cell: ({ row }) => (row.original.phase === 'none' ? '' : row.original.phase),
  },
  {
    id: 'quantity',
    header: 'Quantity',
    accessorFn: (reading) => reading.quantity,
    cell: ({ row }) => quantityOf(row.original.quantity)?.word ?? row.original.quantity,
  },
  {
    id: 'value',
    header: 'Value',
    meta: { align: 'right' },
    accessorFn: (reading) => reading.value,
    cell: ({ row }) => <Value reading={row.original} />,
  },
  {
    id: 'device-time',
    header: 'Device time',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (reading) => reading.deviceTime,
    cell: ({ row: { original: reading } }) =>
      reading.deviceTime === null ? (
        reading.timeFlag === 'replaced' ? (
          'not trusted'
        ) : (
          'none sent'
        )
      ) : (
        <time title={utc(reading.deviceTime)}>
          {timeWithSeconds(reading.deviceTime)}
          {reading.timeFlag === 'unsynchronised' && ', not synchronised'}
        </time>
      ),
  },
  {
    id: 'delay',
    header: 'Received after',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (reading) => delayMs(reading),
    cell: ({ row }) => {
      const ms = delayMs(row.original)
      return ms === null ? '–' : ms < 0 ? `device ${duration(-ms)} ahead` : duration(ms)
    },
  },
]

function delayMs({ deviceTime, receivedTime }: LatestReading): number | null {
  return deviceTime === null ? null : Date.parse(receivedTime) - Date.parse(deviceTime)
}

/** The latest value of everything that a hub measures, with quality, age and both times. */
export function Readings({ hubId }: { hubId: string }) {
  const query = useQuery(readingsQuery(hubId))
  return (
    <Section title="Latest readings" flush>
      <Loaded query={query}>
        {(readings) => (
          <DataTable
            label="Latest readings"
            rows={readings}
            columns={columns}
            rowKey={(r) => `${r.feeder} ${r.phase} ${r.quantity}`}
            empty="This hub has sent no measurement yet."
          />
        )}
      </Loaded>
    </Section>
  )
}
