import type { ReadableStream } from 'node:stream/web'
import { CsvFile } from '../../../../platform/csv/index.ts'
import { meterReading } from '../../../../schemas/settlement/metering.ts'
import type { GivenReading, Intake } from './intake.ts'

/** More than 28 years of fifteen-minute values, or almost two years of one-minute values. */
const maxRows = 1_000_000

const columnOf: Record<string, string> = { at: 'at', energyWh: 'energy_wh', powerW: 'power_w', quality: 'quality' }

/** Reads a meter file as it arrives (FM29) and reports each fault by line. An empty value means that the meter had none (FM12). */
export async function* readingsFromCsv(body: ReadableStream | string, intake: Intake): AsyncGenerator<GivenReading> {
  const file = await CsvFile.open(body, { maxRows })
  const values = ['energy_wh', 'power_w'].filter((heading) => file.headings.includes(heading))
  const [value] = values
  if (!file.headings.includes('at') || !value || values.length !== 1) {
    intake.refuse('line 1', 'needs the headings at and either energy_wh or power_w')
    await file.close()
    return
  }
  for await (const { line, cells } of file.rows()) {
    const text = cells[value] ?? ''
    const number = text === '' ? null : Number(text)
    const found = meterReading.safeParse({
      at: cells['at'],
      ...(value === 'energy_wh' ? { energyWh: number } : { powerW: number }),
      quality: cells['quality'] || 'measured',
    })
    if (found.success) yield { place: line, ...found.data }
    else
      for (const { path, message } of found.error.issues)
        intake.refuse(`line ${line}, ${columnOf[String(path[0])] ?? ''}`, message)
    if (intake.isFull) return
  }
  for (const { line, field, message } of file.flaws.byLine())
    intake.refuse(field ? `line ${line}, ${field}` : `line ${line}`, message)
  if (file.count === 0) intake.refuse('line 2', 'has no readings')
}
