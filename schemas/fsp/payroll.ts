import { z } from 'zod'
import { depotPeople } from '../vocabulary/access.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { amountGbp, energyWh, instant, month } from '../vocabulary/units.ts'
import { driverPerson } from './drivers.ts'
import { registerKey } from './registers/fields.ts'

/**
 * Why a charge is not reimbursed. `unknown-van`: its token is of no van; `no-driver`: nobody drove it then; `not-own-home`: the charge point
 * is not that of its driver's home; `place-not-reported`: telematics do not say where it stood; `elsewhere`: it stood somewhere else;
 * `charge-not-reported`: no state of charge is known before or after; `driven-meanwhile`: it was driven while it is said to have charged;
 * `energy-differs`: the battery gained another energy than the meter counted.
 */
export const refusedBecause = z.enum([
  'unknown-van',
  'no-driver',
  'not-own-home',
  'place-not-reported',
  'elsewhere',
  'charge-not-reported',
  'driven-meanwhile',
  'energy-differs',
])
export type RefusedBecause = z.infer<typeof refusedBecause>

/** A charge at home with what telematics say of it. */
export const reimbursedCharge = z.object({
  transactionId: z.number().int(),
  identity: z.string(),
  start: instant,
  stop: instant,
  energyWh,
  /** `null`: unknown. */
  vehicleId: z.string().nullable(),
  driverId: z.string().nullable(),
  isConfirmed: z.boolean(),
  /** What the battery gained, at the socket; `null` where it is not confirmed. */
  telematicsWh: energyWh.nullable(),
  because: refusedBecause.nullable(),
  /** The same in words. */
  reason: z.string().nullable(),
  /** 0.00 where it is not confirmed. */
  amountGbp,
})
export type ReimbursedCharge = z.infer<typeof reimbursedCharge>

/** What a driver is paid back for a month. */
export const reimbursementStatement = z
  .object({
    driverId: z.string(),
    month,
    /** `null`: never stated, or erased. */
    person: driverPerson.nullable(),
    pencePerKwh: z.number(),
    charges: z.array(reimbursedCharge),
    confirmedWh: energyWh,
    refusedWh: energyWh,
    totalGbp: amountGbp,
  })
  .meta({ id: 'ReimbursementStatement' })

const tags = ['Payroll']
const payroll = depotPeople('payroll')
const query = z.object({
  month,
  /** What a driver is paid for a kWh: payroll states it, for it is no figure of ours. */
  pencePerKwh: z.coerce.number().min(0).max(1_000),
})

/** Reimbursement of drivers for what they charged at home. */
export const payrollOperations = {
  listReimbursements: operation({
    method: 'get',
    path: '/payroll/charges',
    access: payroll,
    tags,
    summary: 'Charges at home that ended in a month: confirmed by telematics, or refused with the reason',
    description:
      'Of the units of homes that the caller may see. A charge counts for the local month in which it ended.',
    query,
    answer: z.array(reimbursedCharge),
  }),
  exportReimbursements: operation({
    method: 'get',
    path: '/payroll/export/csv',
    access: payroll,
    tags,
    summary: 'What each driver is paid back for a month, as a file for payroll',
    query,
    answer: csvFile(
      'month,driverId,payrollNumber,name,charges,confirmedWh,refusedCharges,refusedWh,pencePerKwh,amountGbp',
      '2026-01,D-0007,P-4711,Jo Field,12,143200,1,9800,22,31.50',
    ),
  }),
  readReimbursement: operation({
    method: 'get',
    path: '/drivers/{driverId}/reimbursement',
    access: payroll,
    tags,
    summary: 'A driver’s statement of a month, charge by charge',
    params: z.object({ driverId: registerKey }),
    query,
    answer: reimbursementStatement,
    problems: ['not-found'],
  }),
}
