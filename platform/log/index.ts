import { pino } from 'pino'

export type Log = import('pino').Logger

/** A logger that names its process. It writes JSON lines to standard error, so that standard output is left to the command. */
export function createLog(name: string, level: string = process.env['RINGMAIN_LOG_LEVEL'] ?? 'info'): Log {
  return pino({ name, level }, pino.destination({ fd: 2, sync: true }))
}
