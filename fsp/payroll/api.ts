import { writeCsv } from '../../platform/csv/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { DriverPerson } from '../../schemas/fsp/drivers.ts'
import { payrollOperations, type ReimbursedCharge } from '../../schemas/fsp/payroll.ts'
import { sumGbp } from '../../schemas/vocabulary/money.ts'
import type { FspContext } from '../app/context.ts'
import type { Units } from '../chargepoints/index.ts'
import { bind, type Caller, type Entrance, maySee } from '../kit/index.ts'
import type { DriverPersons } from '../vans/index.ts'
import { reimbursedCharges } from './charges.ts'

interface Asked {
  caller: Caller
  query: { month: string; pencePerKwh: number }
}

const headings = [
  'month',
  'driverId',
  'payrollNumber',
  'name',
  'charges',
  'confirmedWh',
  'refusedCharges',
  'refusedWh',
  'pencePerKwh',
  'amountGbp',
] as const

const energyOf = (charges: readonly ReimbursedCharge[]) => charges.reduce((sum, { energyWh }) => sum + energyWh, 0)

/** What drivers are paid back for charging at home: for payroll alone. */
export function payrollApi(
  context: FspContext,
  { units, persons }: { units: Units; persons: DriverPersons },
  entrance: Entrance,
) {
  const { registers } = context
  const charges = ({ caller, query }: Asked) => {
    const depotIds = [...registers.now().homeUnits.keys()].filter((depotId) => maySee(caller, depotId))
    return reimbursedCharges(context, units, { depotIds, ...query })
  }
  return bind(payrollOperations, entrance, {
    listReimbursements: charges,

    async exportReimbursements(call) {
      const { month, pencePerKwh } = call.query
      const byDriver = Map.groupBy(await charges(call), ({ driverId }) => driverId)
      const rows = []
      for (const [driverId, own] of byDriver) {
        if (driverId === null) continue
        rows.push(rowOf({ month, pencePerKwh, driverId }, own, await persons.find(driverId)))
      }
      const content = writeCsv(
        [...headings],
        rows.map((row) => headings.map((heading) => row[heading])),
      )
      return { content, name: `reimbursement-${month}.csv` }
    },

    async readReimbursement(call) {
      const { driverId } = call.params
      const driver = registers.history('drivers', driverId).at(-1)
      if (!driver || !maySee(call.caller, driver.data.depotId))
        throw new ProblemError('not-found', `Driver ${driverId} not found.`)
      const own = (await charges(call)).filter((each) => each.driverId === driverId)
      const { month, pencePerKwh } = call.query
      return {
        driverId,
        month,
        person: await persons.find(driverId),
        pencePerKwh,
        charges: own,
        confirmedWh: energyOf(own.filter(({ isConfirmed }) => isConfirmed)),
        refusedWh: energyOf(own.filter(({ isConfirmed }) => !isConfirmed)),
        totalGbp: sumGbp(own.map(({ amountGbp }) => amountGbp)),
      }
    },
  })
}

function rowOf(
  given: { month: string; pencePerKwh: number; driverId: string },
  own: readonly ReimbursedCharge[],
  person: DriverPerson | null,
) {
  const [confirmed, refused] = [own.filter((each) => each.isConfirmed), own.filter((each) => !each.isConfirmed)]
  return {
    ...given,
    payrollNumber: person?.payrollNumber ?? null,
    name: person?.name ?? null,
    charges: confirmed.length,
    confirmedWh: energyOf(confirmed),
    refusedCharges: refused.length,
    refusedWh: energyOf(refused),
    amountGbp: sumGbp(own.map(({ amountGbp }) => amountGbp)),
  }
}
