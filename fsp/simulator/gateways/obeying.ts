import { Instant } from '@js-joda/core'

/** A charge point as its gateway has it. */
export interface UnitCaller {
  identity: string
  call(action: string, params: object): Promise<Record<string, unknown>>
  handle(handler: (call: { method: string; params: Record<string, unknown> }) => Promise<object>): void
  on(event: 'disconnect', listener: () => void): void
}

/** Result codes (fsp/CONTRACTS.md). */
const codes = { accepted: 0, rejected: 1, notSupported: 2, unknownSocket: 3, expired: 4, noAnswer: 5 } as const

export function answered(why: keyof typeof codes): { rc: number } {
  return { rc: codes[why] }
}

type Params = Record<string, unknown>

/** Carries out at a charge point what the FSP asks of its gateway. */
export async function obey(unit: UnitCaller, method: string, params: Params, nowMs: number): Promise<object> {
  // What comes too late is void.
  if (typeof params['et'] === 'string' && Date.parse(params['et']) < nowMs) return answered('expired')
  try {
    switch (method) {
      case 'SetPoint':
        return resultOf(await unit.call('SetChargingProfile', setPoint(params, nowMs)))
      case 'TestSetPoint':
        // It reaches the charge point as far as we know; it is not to be carried out.
        return answered('accepted')
      case 'StandingLimit':
        return resultOf(await unit.call('SetChargingProfile', standing(params, nowMs)))
      case 'AllowedCurrent':
        return allowed(await unit.call('GetCompositeSchedule', { connectorId: params['socket'], duration: 60 }))
      case 'Command':
        return await command(unit, params['command'] as Params)
      default:
        return answered('notSupported')
    }
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'rpcErrorCode' in error ? error.rpcErrorCode : null
    return answered(code === 'NotImplemented' || code === 'NotSupported' ? 'notSupported' : 'noAnswer')
  }
}

function resultOf({ status }: Params): object {
  return { ...answered(status === 'Accepted' ? 'accepted' : 'rejected'), status }
}

function setPoint({ socket, sessionId, limitA, validTo }: Params, nowMs: number): object {
  const transactionId = Number(String(sessionId).split('-').at(-1))
  return {
    connectorId: socket,
    csChargingProfiles: { ...profile(10 + Number(socket), 'TxProfile', 1, limitA, nowMs), transactionId, validTo },
  }
}

function standing({ limitA }: Params, nowMs: number): object {
  return { connectorId: 0, csChargingProfiles: profile(1, 'TxDefaultProfile', 0, limitA, nowMs) }
}

function profile(
  chargingProfileId: number,
  chargingProfilePurpose: string,
  stackLevel: number,
  limit: unknown,
  atMs: number,
) {
  return {
    chargingProfileId,
    stackLevel,
    chargingProfilePurpose,
    chargingProfileKind: 'Absolute',
    chargingSchedule: {
      startSchedule: Instant.ofEpochMilli(atMs).toString(),
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit }],
    },
  }
}

function allowed(answer: Params): object {
  const schedule = answer['chargingSchedule'] as { chargingSchedulePeriod?: { limit?: number }[] } | undefined
  return { rc: codes.accepted, allowedA: schedule?.chargingSchedulePeriod?.[0]?.limit ?? null }
}

const purposes: Record<string, string> = {
  standing: 'TxDefaultProfile',
  unit: 'ChargePointMaxProfile',
  charge: 'TxProfile',
}

async function command(unit: UnitCaller, given: Params): Promise<object> {
  switch (given['kind']) {
    case 'reset':
      return resultOf(await unit.call('Reset', { type: given['isHard'] ? 'Hard' : 'Soft' }))
    case 'unlock': {
      const { status } = await unit.call('UnlockConnector', { connectorId: given['connector'] })
      return { rc: status === 'NotSupported' ? codes.notSupported : codes.accepted, status }
    }
    case 'availability': {
      const type = given['isOperative'] ? 'Operative' : 'Inoperative'
      return resultOf(await unit.call('ChangeAvailability', { connectorId: given['connector'], type }))
    }
    case 'clear-limits': {
      const chargingProfilePurpose = purposes[String(given['limits'])]
      return resultOf(await unit.call('ClearChargingProfile', { chargingProfilePurpose }))
    }
    case 'trigger': {
      const connector = given['connector'] === null ? {} : { connectorId: given['connector'] }
      return resultOf(await unit.call('TriggerMessage', { requestedMessage: given['message'], ...connector }))
    }
    case 'read-settings': {
      const { configurationKey, unknownKey } = await unit.call('GetConfiguration', { key: given['keys'] })
      const read = (configurationKey ?? []) as { key: string; value?: string; readonly: boolean }[]
      const settings = read.map(({ key, value, readonly }) => ({ key, value: value ?? null, isReadOnly: readonly }))
      return { rc: codes.accepted, settings, unknownKeys: unknownKey ?? [] }
    }
    case 'write-setting':
      return resultOf(await unit.call('ChangeConfiguration', { key: given['key'], value: given['value'] }))
    case 'update-firmware': {
      const { location, retrieveAt: retrieveDate } = given
      await unit.call('UpdateFirmware', { location, retrieveDate })
      return answered('accepted')
    }
    case 'diagnostics': {
      const { fileName } = await unit.call('GetDiagnostics', { location: given['location'] })
      return { ...answered('accepted'), fileName }
    }
    default:
      return answered('notSupported')
  }
}
