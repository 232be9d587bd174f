import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ResponseOutcome, vanOperations } from '../../../../schemas/fsp/vans.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { energy, kwhDigits, percent } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import type { Wording } from '../../../shared/format/words.ts'
import { homeReliabilityQuery } from '../../queries.ts'

type Response = z.infer<typeof vanOperations.readHomeReliability.answer>['latest'][number]

const outcomeWords: Record<ResponseOutcome, Wording> = {
  paused: { word: 'Held back', tone: 'normal', shape: 'tick' },
  overridden: { word: 'Overridden by its driver', tone: 'risk', shape: 'diamond' },
  unreachable: { word: 'Not reached', tone: 'doubt', shape: 'dashed' },
  'drew-on': { word: 'Drew on', tone: 'fault', shape: 'cross' },
  absent: { word: 'Not there', tone: 'quiet', shape: 'bar' },
  full: { word: 'Full', tone: 'quiet', shape: 'ring' },
}

/** How turn-downs of the last 90 days went: what was expected without them, what was drawn, and who was held back. */
export function EventsSection({ unitId }: { unitId: string }) {
  const query = useQuery(homeReliabilityQuery(unitId))
  return (
    <Section title="Turn-downs of the last 90 days" flush>
      <Loaded query={query}>
        {({ share, windows, expectedWh, heldBackWh, byOutcome, latest }) => (
          <>
            <Totals
              items={[
                { term: 'Turn-downs', value: String(windows) },
                { term: 'Expected without them', value: energy(expectedWh) },
                { term: 'Held back', value: energy(heldBackWh) },
                { term: 'Relied on', value: percent(share) },
                { term: 'Overridden by drivers', value: String(byOutcome.overridden ?? 0) },
              ]}
            />
            <DataTable
              label="Vans in turn-downs"
              rows={latest}
              columns={columns}
              rowKey={({ identity, from }) => `${identity} ${from}`}
              empty="No turn-down has been instructed yet."
            />
          </>
        )}
      </Loaded>
    </Section>
  )
}

const columns: Column<Response>[] = [
  {
    id: 'van',
    header: 'Van',
    accessorFn: ({ vehicleId, identity }) => vehicleId ?? identity,
    cell: ({ row: { original } }) => original.vehicleId ?? original.identity,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    accessorFn: ({ outcome }) => outcomeWords[outcome].word,
    cell: ({ row }) => <Mark {...outcomeWords[row.original.outcome]} />,
  },
  {
    id: 'expected',
    header: 'Baseline kWh',
    meta: { align: 'right' },
    accessorFn: ({ expectedWh }) => expectedWh,
    cell: ({ row }) => kwhDigits(row.original.expectedWh),
  },
  {
    id: 'drawn',
    header: 'Drawn kWh',
    meta: { align: 'right' },
    accessorFn: ({ drawnWh }) => drawnWh,
    cell: ({ row }) => kwhDigits(row.original.drawnWh),
  },
  {
    id: 'from',
    header: 'From',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ from }) => from,
    cell: ({ row }) => <From at={row.original.from} />,
  },
]

function From({ at }: { at: string }) {
  return dayAndTime(at, useToday())
}
