import { readFileSync } from 'node:fs'
import { readCsv } from '../../platform/csv/index.ts'

/** Minutes of a step of the file. */
export const stepMinutes = 5

/** A charging session of a real car park; times in steps from the start of the file. */
export interface Session {
  arrival: number
  /** As the driver stated it. */
  departure: number
  requestedWh: number
  /** Most that vehicle and socket take, W. */
  mostW: number
}

/** Reads a file with `arrival_5min`, `departure_5min`, `requested_kwh` and `max_kw`, one session a row. */
export async function readSessions(path: string): Promise<Session[]> {
  const { rows } = await readCsv(readFileSync(path, 'utf8'), { maxRows: 1_000_000 })
  return rows.map(({ cells, line }) => {
    const [arrival, departure, requestedKwh, mostKw] = [
      'arrival_5min',
      'departure_5min',
      'requested_kwh',
      'max_kw',
    ].map((name) => Number(cells[name])) as [number, number, number, number]
    if (!(arrival >= 0 && departure > arrival && requestedKwh >= 0 && mostKw > 0))
      throw new Error(`line ${line} of ${path} is no session: arrival, departure, energy and power are needed`)
    return { arrival, departure, requestedWh: requestedKwh * 1_000, mostW: mostKw * 1_000 }
  })
}
