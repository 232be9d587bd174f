import type { ReadableStream } from 'node:stream/web'
import { type CsvFlaw, readCsv } from '../../../platform/csv/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { type MeterReadings, meterReading } from '../../../schemas/metering.ts'

type Reading = MeterReadings['readings'][number]

/** Fifteen-minute values of more than 28 years, one-minute values of almost two. */
const maxRows = 1_000_000

/** So many flaws are named; whoever has more mends these first. */
const maxFlaws = 20

/** Reads a meter file: whole, or not at all with every reason by line (FM29). An empty value says that the meter had none (FM12). */
export async function readingsFromCsv(body: unknown): Promise<Reading[]> {
  if (!body) throw new ProblemError('malformed', 'The request has no body: send a CSV file.')
  const table = await readCsv(body as ReadableStream, { maxRows })
  const value = ['energy_wh', 'power_w'].filter((heading) => table.headings.includes(heading))
  if (!table.headings.includes('at') || value.length !== 1)
    refuse([{ line: 1, field: '', message: 'needs the headings at and either energy_wh or power_w' }])
  const isEnergy = value[0] === 'energy_wh'
  const [flaws, readings]: [CsvFlaw[], Reading[]] = [[...table.flaws], []]
  for (const { line, cells } of table.rows) {
    const text = cells[value[0] ?? ''] ?? ''
    const number = text === '' ? null : Number(text)
    const found = meterReading.safeParse({
      at: cells['at'],
      ...(isEnergy ? { energyWh: number } : { powerW: number }),
      quality: cells['quality'] || 'measured',
    })
    if (found.success) readings.push(found.data)
    else
      for (const { path, message } of found.error.issues)
        flaws.push({ line, field: columnOf[String(path[0])] ?? '', message })
    if (flaws.length > maxFlaws) break
  }
  if (readings.length === 0 && flaws.length === 0) flaws.push({ line: 2, field: '', message: 'has no readings' })
  if (flaws.length > 0) refuse(flaws)
  return readings
}

const columnOf: Record<string, string> = { at: 'at', energyWh: 'energy_wh', powerW: 'power_w', quality: 'quality' }

function refuse(flaws: CsvFlaw[]): never {
  const errors = flaws.slice(0, maxFlaws).map(({ line, field, message }) => ({
    field: field ? `line ${line}, ${field}` : `line ${line}`,
    message,
  }))
  throw new ProblemError('contract-broken', `${errors[0]?.field}: ${errors[0]?.message}. Nothing was stored.`, {
    errors,
  })
}
