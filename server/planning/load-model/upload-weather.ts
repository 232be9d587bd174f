import type { ReadableStream } from 'node:stream/web'
import { sql } from 'drizzle-orm'
import { CsvFile, type CsvFlaws, type CsvRow } from '../../../platform/csv/index.ts'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ownForecastOperations } from '../../../schemas/planning/own-forecast.ts'
import { instant } from '../../../schemas/vocabulary/units.ts'
import { nameOf, type Verb } from '../../kit/index.ts'

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
  const file = await openFile(call.body)
  return call.transaction(async (tx) => {
    await tx.execute(sql`
      create temp table given_weather (line int, area text, period_start timestamptz,
        temperature_c real, radiation_w_m2 real, wind_speed_m_s real, cloud_percent real) on commit drop`)
    await copyInto(
      tx,
      'given_weather (line, area, period_start, temperature_c, radiation_w_m2, wind_speed_m_s, cloud_percent)',
      copyLines(file),
    )
    await findTwice(tx, file.flaws)
    if (file.flaws.count > 0) throw refusal(file.flaws)
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

async function openFile(body: ReadableStream): Promise<CsvFile> {
  const file = await CsvFile.open(body, { maxRows })
  const missing = headings.filter((heading) => !file.headings.includes(heading))
  if (missing.length === 0) return file
  await file.close()
  file.flaws.add({ line: 1, field: missing.join(', '), message: 'is missing from the headings' })
  throw refusal(file.flaws)
}

async function* copyLines(file: CsvFile): AsyncGenerator<string> {
  for await (const row of file.rows()) {
    const line = copyLine(row, file.flaws)
    if (line !== null) yield line
  }
}

/** A row as a line for COPY; `null` if it has a fault. */
function copyLine({ line, cells }: CsvRow, flaws: CsvFlaws): string | null {
  const before = flaws.count
  const flaw = (field: string, message: string) => flaws.add({ line, field, message })
  const { area = '', period_start: at = '' } = cells
  if (area === '' || area.length > 20) flaw('area', 'is not the short name of a licence area such as LPN')
  if (!instant.safeParse(at).success || Date.parse(at) % halfHourMs !== 0)
    flaw('period_start', 'is not the start of a half-hour such as 2026-01-15T17:00:00Z')
  const values = Object.entries(quantities).map(([name, { least, most, unit }]) => {
    const [text, value] = [cells[name] ?? '', Number(cells[name])]
    if (text === '' || !(value >= least && value <= most)) flaw(name, `is not from ${least} to ${most} ${unit}`)
    return value
  })
  return flaws.count > before ? null : [line, copyField(area), at, ...values].join('\t')
}

async function findTwice(tx: Queryable, flaws: CsvFlaws): Promise<void> {
  const twice = await tx.execute<{ line: number }>(sql`
    select max(line) as line from given_weather group by area, period_start having count(*) > 1 order by 1 limit 1000`)
  for (const { line } of twice) flaws.add({ line, field: 'period_start', message: 'is a duplicate for this area' })
}

function refusal(flaws: CsvFlaws): ProblemError {
  const errors = flaws
    .byLine()
    .map((f) => ({ field: `line ${f.line}${f.field ? `, ${f.field}` : ''}`, message: f.message }))
  const [first] = errors
  return new ProblemError('contract-broken', `${first?.field} ${first?.message}. Nothing in the file was stored.`, {
    errors,
  })
}
