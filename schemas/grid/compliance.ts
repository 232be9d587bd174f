import { z } from 'zod'
import { month, tradingDay, uuid } from '../vocabulary/units.ts'

/** How long something was in each state on a trading day, s. Of the fleet: connection-seconds. */
export const complianceDay = z
  .object({
    tradingDay,
    compliantS: z.number().int(),
    atRiskS: z.number().int(),
    breachS: z.number().int(),
    unknownS: z.number().int(),
  })
  .meta({ id: 'ComplianceDay' })
export type ComplianceDay = z.infer<typeof complianceDay>

/** A connection in a monthly report. Shares are of the time watched, 0 to 1; `null` where it was not watched at all. */
export const complianceReportLine = z
  .object({
    connectionId: uuid,
    name: z.string(),
    customer: z.string(),
    watchedS: z.number().int(),
    compliantShare: z.number().nullable(),
    atRiskShare: z.number().nullable(),
    breachShare: z.number().nullable(),
    unknownShare: z.number().nullable(),
    /** Breaches that began in the month; of the connection itself, and of its FUs under dispatch. */
    breaches: z.number().int(),
    dispatchBreaches: z.number().int(),
    peakExcessW: z.number().nullable(),
    excessWh: z.number(),
    /** Highest half-hour, and energy over the half-hours measured. */
    maxHalfHourW: z.number().nullable(),
    energyWh: z.number().nullable(),
  })
  .meta({ id: 'ComplianceReportLine' })
export type ComplianceReportLine = z.infer<typeof complianceReportLine>

export const complianceReport = z
  .object({ month, lines: z.array(complianceReportLine) })
  .meta({ id: 'ComplianceReport' })
export type ComplianceReport = z.infer<typeof complianceReport>
