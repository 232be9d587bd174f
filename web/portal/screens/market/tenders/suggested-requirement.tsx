import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SuggestedRequirement } from '../../../../../schemas/market/requirements.ts'
import type { TenderWindow } from '../../../../../schemas/market/windows.ts'
import { operations } from '../../../../../schemas/operations.ts'
import type { Direction } from '../../../../../schemas/vocabulary/units.ts'
import { api } from '../../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { fixed, kwDigits, power } from '../../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords } from '../../../../shared/format/time.ts'
import { weekdaysInWords } from '../words.ts'

/** Where and when a tender is to serve. */
interface Asked {
  zoneNodeId: string
  validFrom: string
  validTo: string
  direction: Direction
}

interface SuggestionProps {
  asked: Asked
  onUse: (windows: TenderWindow[]) => void
}

/** Windows that load forecasts suggest for the zone and days of a tender; one button takes them over. */
export function SuggestedWindows({ asked, onUse }: SuggestionProps) {
  const { zoneNodeId, validFrom, validTo, direction } = asked
  const suggest = useMutation({
    mutationFn: () =>
      api.call(operations.suggestRequirement, {
        params: { nodeId: zoneNodeId },
        query: { from: validFrom, to: validTo, direction },
      }),
  })
  const missing = missingFor(asked)
  return (
    <Section title="Suggested requirement">
      <Stack>
        <p>
          From the load forecast of the zone against its target level. What EV demand will need in later years is under{' '}
          <Link to="/planning">Planning</Link>: a node of a run has its own draft of a tender.
        </p>
        <span>
          <Button
            disabled={missing !== null}
            title={missing ?? undefined}
            loading={suggest.isPending}
            onClick={() => suggest.mutate()}
          >
            Suggest windows
          </Button>{' '}
          {missing && <span className="rm-secondary">{missing}</span>}
        </span>
        {suggest.isError && <ProblemNotice error={suggest.error} />}
        {suggest.data && <Suggestion found={suggest.data} onUse={onUse} />}
      </Stack>
    </Section>
  )
}

function missingFor({ zoneNodeId, validFrom, validTo }: Asked): string | null {
  if (zoneNodeId.trim() === '') return 'Choose a zone first.'
  if (validFrom === '' || validTo === '' || validFrom > validTo) return 'Enter the days of service first.'
  return null
}

type Row = SuggestedRequirement['windows'][number]

const columns: Column<Row>[] = [
  {
    id: 'days',
    header: 'Days',
    accessorFn: ({ window }) => window.weekdays.length,
    cell: ({ row }) => weekdaysInWords(row.original.window.weekdays),
  },
  {
    id: 'hours',
    header: 'Local time',
    accessorFn: ({ window }) => window.from,
    cell: ({ row: { original } }) => `${original.window.from} to ${original.window.to}`,
  },
  {
    id: 'required',
    header: 'Needed kW',
    meta: { align: 'right' },
    accessorFn: ({ window }) => window.requiredW,
    cell: ({ row }) => kwDigits(row.original.window.requiredW),
  },
  {
    id: 'peak',
    header: 'Greatest need',
    meta: { from: 'medium' },
    accessorFn: ({ peakFrom }) => peakFrom,
    cell: ({ row: { original } }) =>
      `${dayAndTime(original.peakFrom)}: ${power(original.peakLoadW)} against ${power(original.peakTargetW)}`,
  },
  {
    id: 'often',
    header: 'Days with a need',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ daysWithNeed }) => daysWithNeed,
    cell: ({ row: { original } }) => `${fixed(original.daysWithNeed, 0)} of ${fixed(original.daysForecast, 0)}`,
  },
]

function Suggestion({ found, onUse }: { found: SuggestedRequirement; onUse: SuggestionProps['onUse'] }) {
  return (
    <>
      <p role="status">{suggestionInWords(found)}</p>
      {found.windows.length > 0 && (
        <>
          <DataTable
            label="Suggested windows"
            rows={found.windows}
            columns={columns}
            rowKey={({ window }) => `${window.weekdays.join()} ${window.from}`}
            empty=""
          />
          <span>
            <Button onClick={() => onUse(found.windows.map(({ window }) => window))}>Use these windows</Button>
          </span>
        </>
      )}
    </>
  )
}

/** What forecasts say of the need of a zone, and for how many of its days they say nothing. */
export function suggestionInWords(found: SuggestedRequirement): string {
  const { zoneName, validFrom, validTo, windows, greatestNeedW, isTargetSet, daysForecast, daysWithoutForecast } = found
  const span = daySpanInWords(validFrom, validTo)
  const level = isTargetSet ? 'its target level, which was set manually' : 'its capacity'
  const unknown =
    daysWithoutForecast === 0
      ? ''
      : ` ${fixed(daysWithoutForecast, 0)} of these days ${daysWithoutForecast === 1 ? 'has' : 'have'} no forecast: nothing is known of ${daysWithoutForecast === 1 ? 'it' : 'them'}.`
  if (daysForecast === 0) return `Nothing is forecast for ${zoneName}, ${span}, so no need is known.`
  if (windows.length === 0) return `${zoneName} is forecast to stay within ${level}, ${span}.${unknown}`
  return `${zoneName} is forecast to exceed ${level} by up to ${power(greatestNeedW)}, ${span}.${unknown}`
}
