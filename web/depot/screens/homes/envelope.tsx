import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { HomeEnvelope } from '../../../../schemas/fsp/vans.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { energy, kwDigits, percent } from '../../../shared/format/power.ts'
import { instantOfLocal } from '../../../shared/format/time.ts'
import { homeEnvelopeQuery } from '../../queries.ts'

/** What a unit could hold back in a window of today, and what may be relied on of it at each price. */
export function EnvelopeSection({ unitId }: { unitId: string }) {
  const today = useToday()
  const [[from, to], setWindow] = useState<readonly [from: string, to: string]>(['17:00', '19:00'])
  const isSpan = from !== '' && to !== '' && from < to
  const query = useQuery({
    ...homeEnvelopeQuery(
      unitId,
      instantOfLocal(`${today}T${from || '17:00'}`),
      instantOfLocal(`${today}T${to || '19:00'}`),
    ),
    enabled: isSpan,
  })
  return (
    <Section
      title="What could be offered today"
      flush
      actions={
        <>
          <input
            type="time"
            className="rm-select"
            aria-label="From"
            value={from}
            step={900}
            onChange={(event) => setWindow([event.currentTarget.value, to])}
          />
          <input
            type="time"
            className="rm-select"
            aria-label="To"
            value={to}
            step={900}
            onChange={(event) => setWindow([from, event.currentTarget.value])}
          />
        </>
      }
    >
      {isSpan ? (
        <Loaded query={query}>{(envelope) => <Envelope envelope={envelope} />}</Loaded>
      ) : (
        <p role="alert">The end has to be after the beginning.</p>
      )}
    </Section>
  )
}

type Bid = HomeEnvelope['bids'][number]

function Envelope({ envelope }: { envelope: HomeEnvelope }) {
  const { pluggedIn, expected, soonestWh, deferrableWh, reliability, bids } = envelope
  return (
    <>
      <Totals
        items={[
          { term: 'Vans', value: `${pluggedIn} plugged in, ${expected} expected` },
          { term: 'Drawn if nobody is held back', value: energy(soonestWh) },
          { term: 'Can wait until later', value: energy(deferrableWh) },
          { term: 'Relied on', value: percent(reliability) },
        ]}
      />
      <DataTable
        label="Bids"
        rows={bids}
        columns={columns}
        rowKey={({ costGbpPerMwh }) => String(costGbpPerMwh)}
        empty="Nothing could be held back in this window."
      />
    </>
  )
}

const columns: Column<Bid>[] = [
  {
    id: 'price',
    header: 'Price £/MWh',
    meta: { align: 'right' },
    accessorFn: ({ costGbpPerMwh }) => costGbpPerMwh,
    cell: ({ row }) => row.original.costGbpPerMwh.toFixed(2),
  },
  {
    id: 'able',
    header: 'Could be held back kW',
    meta: { align: 'right' },
    accessorFn: ({ turnDownW }) => turnDownW,
    cell: ({ row }) => kwDigits(row.original.turnDownW),
  },
  {
    id: 'offered',
    header: 'Offered kW',
    meta: { align: 'right' },
    accessorFn: ({ offeredW }) => offeredW,
    cell: ({ row }) => kwDigits(row.original.offeredW),
  },
]
