import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { operations } from '../../../../schemas/operations.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { Choice, Fields } from '../../../shared/components/fields.tsx'
import { Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { dayAndTime, dayInWords, timeOfDay, utc } from '../../../shared/format/time.ts'
import { weatherQuery } from '../../forecast-queries.ts'
import { areasQuery } from '../../grid-queries.ts'

type Period = z.infer<typeof operations.readWeather.answer>[number]

function numberColumn(id: string, header: string, of: (period: Period) => number, decimals: number): Column<Period> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => fixed(of(row.original), decimals),
  }
}

const columns: Column<Period>[] = [
  {
    id: 'from',
    header: 'From',
    accessorFn: ({ periodStart }) => periodStart,
    cell: ({ row }) => <time title={utc(row.original.periodStart)}>{timeOfDay(row.original.periodStart)}</time>,
  },
  numberColumn('temperature', 'Temperature °C', (period) => period.temperatureC, 1),
  numberColumn('radiation', 'Radiation W/m²', (period) => period.radiationWM2, 0),
  numberColumn('wind', 'Wind m/s', (period) => period.windSpeedMS, 1),
  numberColumn('cloud', 'Cloud %', (period) => period.cloudPercent, 0),
  {
    id: 'uploaded',
    header: 'Uploaded',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ uploadedAt }) => uploadedAt,
    cell: ({ row }) => dayAndTime(row.original.uploadedAt),
  },
]

/** What is known of the weather of a licence area on a day. */
export function WeatherOfDay() {
  const today = useToday()
  const [day, setDay] = useState(today)
  const [chosen, setChosen] = useState<string | null>(null)
  const areas = (useQuery(areasQuery).data ?? []).flatMap((group) => group.areas)
  const area = chosen ?? areas[0]?.code ?? ''
  const query = useQuery(weatherQuery(area, day))
  return (
    <Section title="Weather that is known" actions={<DayPicker day={day} today={today} onChange={setDay} />}>
      <Stack>
        <Fields>
          <Choice label="Licence area" value={area} onChange={(event) => setChosen(event.currentTarget.value)}>
            {areas.map(({ code, name }) => (
              <option key={code} value={code}>
                {name} ({code})
              </option>
            ))}
          </Choice>
        </Fields>
        {area !== '' && (
          <Loaded query={query}>
            {(periods) => (
              <DataTable
                label={`Weather on ${dayInWords(day)}`}
                rows={periods}
                columns={columns}
                rowKey={({ periodStart }) => periodStart}
                empty={`No weather of ${dayInWords(day)} is known for this area: forecasts of the day go by the calendar.`}
              />
            )}
          </Loaded>
        )}
      </Stack>
    </Section>
  )
}
