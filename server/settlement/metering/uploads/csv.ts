import type { ReadableStream } from 'node:stream/web'
import { CsvFile, RowReader, type StatedZone } from '../../../../platform/csv/index.ts'
import { meterReading } from '../../../../schemas/settlement/metering.ts'
import type { GivenReading, Intake } from './intake.ts'

/** More than 28 years of fifteen-minute values, or almost two years of one-minute values. */
const maxRows = 1_000_000

const columns = ['at', 'energy_wh', 'power_w', 'quality'] as const

const columnOf: Record<string, string> = { at: 'at', energyWh: 'energy_wh', powerW: 'power_w', quality: 'quality' }

/**
 * Reads a meter file as it arrives (FM29) and reports each fault by line. An empty value means that the meter had none (FM12).
 * @param zone of stamps without offset.
 */
export async function* readingsFromCsv(
  body: ReadableStream | string,
  intake: Intake,
  zone?: StatedZone,
): AsyncGenerator<GivenReading> {
  const file = await CsvFile.open(body, { maxRows, columns, required: ['at'] })
  const values = (['energy_wh', 'power_w'] as const).filter((heading) => file.has(heading))
  const [value] = values
  if (file.flaws.count > 0 || !value || values.length !== 1) {
    for (const { field, message } of file.flaws.byLine()) intake.refuse(`line 1, ${field}`, message)
    if (file.flaws.count === 0) intake.refuse('line 1', 'needs the headings at and either energy_wh or power_w')
    await file.close()
    return
  }
  for await (const given of file.rows()) {
    const row = new RowReader(given)
    const atMs = row.instantMs('at', zone)
    const number = row.number(value)
    const quality = row.optional('quality') ?? 'measured'
    for (const { field, message } of row.flaws) intake.refuse(`line ${given.line}, ${field}`, message)
    if (row.flaws.length === 0) {
      const found = meterReading.safeParse({
        at: new Date(atMs).toISOString(),
        ...(value === 'energy_wh' ? { energyWh: number } : { powerW: number }),
        quality,
      })
      if (found.success) yield { place: given.line, ...found.data }
      else
        for (const { path, message } of found.error.issues)
          intake.refuse(`line ${given.line}, ${columnOf[String(path[0])] ?? ''}`, message)
    }
    if (intake.isFull) return
  }
  for (const { line, field, message } of file.flaws.byLine())
    intake.refuse(field ? `line ${line}, ${field}` : `line ${line}`, message)
  if (file.count === 0) intake.refuse('line 2', 'has no readings')
}
