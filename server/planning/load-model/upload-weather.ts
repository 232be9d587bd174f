import { sql } from 'drizzle-orm'
import { type CsvFile, type CsvFlaws, type CsvRow, RowReader, type StatedZone } from '../../../platform/csv/index.ts'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import type { ownForecastOperations } from '../../../schemas/planning/own-forecast.ts'
import { areaCodes, unknownArea } from '../../grid/index.ts'
import { nameOf, openFile, refusedFile, type Verb } from '../../kit/index.ts'

/** The columns of weather, with what a value may be anywhere on land in Great Britain. */
const quantities = {
  temperature_c: { least: -40, most: 50, unit: '°C' },
  radiation_w_m2: { least: 0, most: 1_500, unit: 'W/m²' },
  wind_speed_m_s: { least: 0, most: 80, unit: 'm/s' },
  cloud_percent: { least: 0, most: 100, unit: '%' },
} as const

const headings = ['area', 'period_start', ...Object.keys(quantities)]

/** Two years of half-hours of ten areas. */
const maxRows = 400_000

const halfHourMs = 30 * 60_000

/** Stores a file of weather, as a whole or not at all. A newer value replaces an older one. */
export const uploadWeather: Verb<typeof ownForecastOperations.uploadWeather> = async (call) => {
  const file = await openFile(call.body, { maxRows, columns: headings, required: headings })
  return call.transaction(async (tx) => {
    await tx.execute(sql`
      create temp table given_weather (line int, area text, period_start timestamptz,
        temperature_c real, radiation_w_m2 real, wind_speed_m_s real, cloud_percent real) on commit drop`)
    await copyInto(
      tx,
      'given_weather (line, area, period_start, temperature_c, radiation_w_m2, wind_speed_m_s, cloud_percent)',
      copyLines(file, call.query.zone, await areaCodes(tx)),
    )
    await findTwice(tx, file.flaws)
    if (file.flaws.count > 0) throw refusedFile(file.flaws)
    if (call.query.dryRun === 'true') return { stored: 0, rows: file.count }
    await tx.execute(sql`
      insert into weather select area, period_start, temperature_c, radiation_w_m2, wind_speed_m_s, cloud_percent,
        ${call.at.toString()}::timestamptz, ${nameOf(call.actor)} from given_weather
      on conflict (area, period_start) do update set temperature_c = excluded.temperature_c,
        radiation_w_m2 = excluded.radiation_w_m2, wind_speed_m_s = excluded.wind_speed_m_s,
        cloud_percent = excluded.cloud_percent, uploaded_at = excluded.uploaded_at, uploaded_by = excluded.uploaded_by`)
    const areas = await tx.execute<{ area: string }>(sql`select distinct area from given_weather order by 1 limit 20`)
    call.audit({
      action: 'weather.saved',
      subject: { type: 'licence-area', id: areas.map(({ area }) => area).join(',') },
      detail: { periods: file.count },
    })
    return { stored: file.count }
  })
}

async function* copyLines(
  file: CsvFile,
  zone: StatedZone | undefined,
  areas: readonly string[],
): AsyncGenerator<string> {
  for await (const row of file.rows()) {
    const line = copyLine(row, zone, areas, file.flaws)
    if (line !== null) yield line
  }
}

/** A row as a line for COPY; `null` if it has a fault. */
function copyLine(
  given: CsvRow,
  zone: StatedZone | undefined,
  areas: readonly string[],
  flaws: CsvFlaws,
): string | null {
  const row = new RowReader(given)
  const area = row.text('area', 20)
  if (area !== '' && !areas.includes(area)) row.flaw('area', unknownArea(area, areas))
  const atMs = row.instantMs('period_start', zone)
  if (atMs % halfHourMs !== 0 && !Number.isNaN(atMs)) row.flaw('period_start', 'is not the start of a half-hour')
  const values = Object.entries(quantities).map(([name, { least, most, unit }]) => {
    const value = row.requiredNumber(name)
    if (value < least || value > most) row.flaw(name, `is not from ${least} to ${most} ${unit}`)
    return value
  })
  flaws.add(...row.flaws)
  return row.flaws.length > 0 ? null : [given.line, copyField(area), new Date(atMs).toISOString(), ...values].join('\t')
}

async function findTwice(tx: Queryable, flaws: CsvFlaws): Promise<void> {
  const twice = await tx.execute<{ line: number }>(sql`
    select max(line) as line from given_weather group by area, period_start having count(*) > 1 order by 1 limit 1000`)
  for (const { line } of twice) flaws.add({ line, field: 'period_start', message: 'is a duplicate for this area' })
}
