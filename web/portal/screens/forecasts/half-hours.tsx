import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { HalfHour, LoadSource } from '../../../../schemas/grid/connections.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Glyph } from '../../../shared/components/mark.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, energy, fixed, kwDigits, kwhDigits, percent, power } from '../../../shared/format/power.ts'
import { dayInWords, timeOfDay, utc } from '../../../shared/format/time.ts'
import { qualityWords } from '../../../shared/format/words.ts'
import { halfHoursQuery, type Place } from '../../forecast-queries.ts'

const sourceWords: Record<LoadSource, string> = {
  measured: 'measured',
  uploaded: 'uploaded',
  synthetic: 'made up',
}

function numberColumn(
  id: string,
  header: string,
  of: (row: HalfHour) => number,
  text: (value: number) => string,
): Column<HalfHour> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => text(of(row.original)),
  }
}

const columns: Column<HalfHour>[] = [
  {
    id: 'at',
    header: 'Half-hour from',
    accessorFn: ({ at }) => at,
    cell: ({ row }) => <time title={utc(row.original.at)}>{timeOfDay(row.original.at)}</time>,
  },
  numberColumn('mean', 'Mean kW', (row) => row.meanW, kwDigits),
  numberColumn('max', 'Highest kW', (row) => row.maxW, kwDigits),
  numberColumn('energy', 'Energy kWh', (row) => row.energyWh, kwhDigits),
  {
    ...numberColumn(
      'known',
      'Known',
      (row) => row.completeness,
      (share) => percent(share, 0),
    ),
    meta: { align: 'right', from: 'medium' },
  },
  {
    id: 'quality',
    header: 'Quality',
    accessorFn: ({ quality }) => quality,
    cell: ({ row: { original } }) => <QualityCell halfHour={original} />,
  },
  {
    id: 'source',
    header: 'Source',
    meta: { from: 'medium' },
    accessorFn: ({ source = 'measured' }) => source,
    cell: ({ row }) => sourceWords[row.original.source ?? 'measured'],
  },
]

/** Quality in a word; doubt shows by its shape too. */
function QualityCell({ halfHour: { quality, direction } }: { halfHour: HalfHour }) {
  const isUnknown = direction === 'unknown'
  const words = [qualityWords[quality].word, ...(isUnknown ? ['direction unknown'] : [])].join(', ')
  return (
    <>
      {(quality !== 'good' || isUnknown) && <Glyph shape="dashed" tone="doubt" />} {words}
    </>
  )
}

/** A day’s half-hours in one line. */
function halfHoursInWords(rows: readonly HalfHour[]): string {
  const [first] = rows
  if (!first) return ''
  const top = rows.reduce((best, row) => (row.maxW > best.maxW ? row : best), first)
  const sum = rows.reduce((total, row) => total + row.energyWh, 0)
  const others = Map.groupBy(
    rows.filter(({ quality }) => quality !== 'good'),
    ({ quality }) => quality,
  )
  const doubt = [...others]
    .map(([quality, some]) => `; ${fixed(some.length, 0)} ${qualityWords[quality].word}`)
    .join('')
  return `${count(rows.length, 'half-hour')} known, ${energy(sum)}; highest ${power(top.maxW)} in the half-hour from ${timeOfDay(top.at)}${doubt}.`
}

/** What was measured or uploaded of a place on a day, half-hour by half-hour, shown on demand. */
export function HalfHours({ place, day }: { place: Place; day: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Section
      title={`Half-hours of ${dayInWords(day)}`}
      actions={
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide the half-hours' : 'Show the half-hours'}
        </Button>
      }
    >
      {isOpen ? (
        <Rows place={place} day={day} />
      ) : (
        <p className="rm-secondary">Mean and highest load, energy and quality of each half-hour.</p>
      )}
    </Section>
  )
}

function Rows({ place, day }: { place: Place; day: string }) {
  const query = useQuery(halfHoursQuery(place, day))
  return (
    <Loaded query={query}>
      {(rows) => (
        <>
          {rows.length > 0 && <p>{halfHoursInWords(rows)}</p>}
          <DataTable
            label={`Half-hours of ${dayInWords(day)}`}
            rows={rows}
            columns={columns}
            rowKey={({ at }) => at}
            empty="No half-hour of this day is known: nothing was measured here, and no load was uploaded."
          />
        </>
      )}
    </Loaded>
  )
}
