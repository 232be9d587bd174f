import type { OCPP16 } from 'typed-ocpp'
import { maxSchedulePeriods, maxStackLevel } from './charging-profiles.ts'

/** Maximum number of charging profiles in a unit. */
export const maxProfiles = 20

const sampledByDefault = 'Energy.Active.Import.Register,Power.Active.Import'
/** Measurands that the units know. */
export const measurands = [
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'Power.Offered',
  'Current.Import',
  'Current.Offered',
  'Voltage',
] as const
export type Measurand = (typeof measurands)[number]

/** A unit's configuration (OCPP 1.6, section 9): every writable key has an effect. */
export class Configuration {
  readonly #values: Map<string, string>
  readonly #writable = new Map<string, (value: string) => boolean>([
    ['HeartbeatInterval', isInterval],
    ['MeterValueSampleInterval', isInterval],
    ['MeterValuesSampledData', areMeasurands],
    ['AuthorizationKey', isAuthorizationKey],
  ])

  /** Configured, but never read out (OCPP 1.6 security whitepaper, section 2.4). */
  readonly #secret = new Set(['AuthorizationKey'])

  /** @param authorizationKey with which the unit was commissioned, in hexadecimal. */
  constructor(connectors: number, authorizationKey: string) {
    this.#values = new Map([
      ['HeartbeatInterval', '300'],
      ['MeterValueSampleInterval', '60'],
      ['MeterValuesSampledData', sampledByDefault],
      ['AuthorizationKey', authorizationKey],
      ['NumberOfConnectors', String(connectors)],
      ['SupportedFeatureProfiles', 'Core,SmartCharging,RemoteTrigger'],
      ['ChargeProfileMaxStackLevel', String(maxStackLevel)],
      ['ChargingScheduleAllowedChargingRateUnit', 'Current,Power'],
      ['ChargingScheduleMaxPeriods', String(maxSchedulePeriods)],
      ['MaxChargingProfilesInstalled', String(maxProfiles)],
      ['AuthorizeRemoteTxRequests', 'false'],
      ['AllowOfflineTxForUnknownId', 'true'],
      ['StopTransactionOnInvalidId', 'true'],
      ['StopTransactionOnEVSideDisconnect', 'true'],
    ])
  }

  /** Seconds between samples of a charge; 0 for none. */
  get sampleIntervalS(): number {
    return Number(this.#values.get('MeterValueSampleInterval'))
  }

  /** Seconds of silence after which a unit sends a heartbeat; 0 for none. */
  get heartbeatS(): number {
    return Number(this.#values.get('HeartbeatInterval'))
  }

  /** In hexadecimal. */
  get authorizationKey(): string {
    return this.#values.get('AuthorizationKey') ?? ''
  }

  get sampled(): readonly string[] {
    return (this.#values.get('MeterValuesSampledData') ?? '').split(',')
  }

  set(key: string, value: string): OCPP16.ChangeConfigurationResponse['status'] {
    if (!this.#values.has(key)) return 'NotSupported'
    if (!this.#writable.get(key)?.(value)) return 'Rejected'
    this.#values.set(key, value)
    return 'Accepted'
  }

  read(keys: readonly string[] | undefined): OCPP16.GetConfigurationResponse {
    const isReadable = (key: string) => this.#values.has(key) && !this.#secret.has(key)
    const named = keys && keys.length > 0 ? keys : [...this.#values.keys()].filter(isReadable)
    const known = named.filter(isReadable)
    return {
      configurationKey: known.map((key) => ({
        key,
        readonly: !this.#writable.has(key),
        value: this.#values.get(key) ?? '',
      })),
      unknownKey: named.filter((key) => !isReadable(key)),
    }
  }
}

function isInterval(value: string): boolean {
  return /^\d{1,6}$/.test(value)
}

/** 16 to 20 octets (A00.FR.205). */
function isAuthorizationKey(value: string): boolean {
  return /^(?:[0-9a-fA-F]{2}){16,20}$/.test(value)
}

function areMeasurands(value: string): boolean {
  return value.split(',').every((name) => measurands.some((known) => known === name))
}
