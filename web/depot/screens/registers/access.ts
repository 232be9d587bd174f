import type { RegisterName } from '../../../../schemas/fsp/registers/index.ts'
import { useRefusal } from '../../session.ts'

/** An entry of any register, as lists show it. */
export interface Entry {
  key: string
  version: number
  data: Record<string, unknown>
}

/** Registers that depot administrators change too, within their depots. */
const ofDepots: ReadonlySet<RegisterName> = new Set([
  'tokens',
  'chargePoints',
  'evs',
  'evSchedules',
  'profiledConnections',
  'flexibilityEvents',
  'tariffPeriods',
  'depotOptions',
  'homeUnits',
  'homes',
  'drivers',
  'vehicleDrivers',
])

/** Why this person may not change a register; `null` when they may. */
export function useRegisterRefusal(name: RegisterName): string | null {
  return useRefusal(ofDepots.has(name) ? ['fleet-admin', 'depot-admin'] : ['fleet-admin'])
}
