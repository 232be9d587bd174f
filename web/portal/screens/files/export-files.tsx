import { Button } from '@mantine/core'
import { useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Stack } from '../../../shared/components/page.tsx'
import { addDays, instantOfLocal } from '../../../shared/format/time.ts'

/** The node, connection or hub whose values are wanted. */
type Place = { nodeId: string } | { connectionId: string } | { hubId: string }

const kinds = {
  'half-hours': { word: 'Half-hours', csv: operations.exportHalfHoursCsv, parquet: operations.exportHalfHoursParquet },
  measurements: {
    word: 'Measurements',
    csv: operations.exportMeasurementsCsv,
    parquet: operations.exportMeasurementsParquet,
  },
} as const

/** Downloads what was measured at a place between two local days, both included, as CSV or Parquet. */
export function ExportFiles({ place }: { place: Place }) {
  const today = useToday()
  const [kind, setKind] = useState<keyof typeof kinds>('half-hours')
  const [from, setFrom] = useState(addDays(today, -29))
  const [to, setTo] = useState(today)
  const isSpan = from !== '' && to !== '' && from <= to
  const { csv, parquet } = kinds[kind]
  const query = isSpan
    ? { ...place, from: instantOfLocal(`${from}T00:00`), to: instantOfLocal(`${addDays(to, 1)}T00:00`) }
    : null
  return (
    <Stack>
      <Fields>
        <Choice
          label="Data"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as keyof typeof kinds)}
          hint={kind === 'measurements' ? 'Every value as received, as far back as values are kept.' : undefined}
        >
          {Object.entries(kinds).map(([value, { word }]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </Choice>
        <Field label="From" type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <Field
          label="To, included"
          type="date"
          value={to}
          fault={isSpan ? null : 'The last day must not be before the first.'}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </Fields>
      {query && (
        <p>
          <Button component="a" href={addressOf(csv, { query })} download>
            Download CSV
          </Button>{' '}
          <Button component="a" href={addressOf(parquet, { query })} download>
            Download Parquet
          </Button>
        </p>
      )}
    </Stack>
  )
}
