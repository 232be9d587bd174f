import { z } from 'zod'
import { dispatchTotals } from '../dispatch/board.ts'
import { alarmCounts } from '../grid/alarms.ts'
import { connectionSummary } from '../grid/connections.ts'
import { role } from '../vocabulary/roles.ts'
import { instant, tradingDay, uuid } from '../vocabulary/units.ts'

/** What the log-in page sends. `interaction` is the issuer’s name for this log-in, from the page’s own address. */
export const logIn = z
  .object({ username: z.string().min(1), password: z.string().min(1), interaction: z.string().min(1).max(200) })
  .meta({ id: 'LogIn' })

/** Where the browser goes on after a good password. */
export const logInAnswer = z.object({ redirectTo: z.string() }).meta({ id: 'LogInAnswer' })

/** Why a log-in came to nothing, as the log-in page is told in its address. */
export const logInFault = z.enum(['expired', 'refused', 'no-role', 'unreachable'])
export type LogInFault = z.infer<typeof logInFault>

export const session = z
  .object({
    accountId: uuid,
    username: z.string(),
    fullName: z.string(),
    roles: z.array(role),
    /** The FSP that an `fsp-user` acts for; `null` for people of the DNO. */
    fspId: uuid.nullable(),
    /** The server's clock, by which screens tell the time and what is today. */
    at: instant,
    /** `demo` when the system runs on simulated depots with demo accounts. */
    environment: z.enum(['demo', 'live']),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof session>

/** The overview: every profiled site, those that need someone first. */
export const overview = z
  .object({
    at: instant,
    tradingDay,
    sites: z.array(connectionSummary),
    alarms: alarmCounts,
    dispatch: dispatchTotals,
  })
  .meta({ id: 'Overview' })
export type Overview = z.infer<typeof overview>

/** What a server-sent event of type `changed` says: which view has news. The client asks again for what it shows. */
export const changed = z
  .object({ topic: z.enum(['telemetry', 'alarms', 'dispatch', 'settlement', 'market', 'network']) })
  .meta({ id: 'Changed' })
export type Changed = z.infer<typeof changed>
