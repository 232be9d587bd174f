import type { CommandAnswer } from '../port.ts'

/** A setting of OCPP 2.0.1: a variable of a component (part 2, appendix 3). */
export interface Variable {
  component: { name: string }
  variable: { name: string; instance?: string }
}

/** What settings of OCPP 1.6 are called in 2.0.1, so that both can be asked for by the names of the first. */
const renamed: Record<string, string> = {
  AuthorizationKey: 'SecurityCtrlr.BasicAuthPassword',
  ConnectionTimeOut: 'TxCtrlr.EVConnectionTimeOut',
  HeartbeatInterval: 'OCPPCommCtrlr.HeartbeatInterval',
  MeterValueSampleInterval: 'SampledDataCtrlr.TxUpdatedInterval',
  MeterValuesSampledData: 'SampledDataCtrlr.TxUpdatedMeasurands',
  ClockAlignedDataInterval: 'AlignedDataCtrlr.Interval',
  StopTransactionOnEVSideDisconnect: 'TxCtrlr.StopTxOnEVSideDisconnect',
  StopTransactionOnInvalidId: 'TxCtrlr.StopTxOnInvalidId',
  WebSocketPingInterval: 'OCPPCommCtrlr.WebSocketPingInterval',
}

/** Never passed on, as in OCPP 1.6: passwords are write-only. */
const secret = 'basicauthpassword'

/** The variable that a key means: `Component.Variable`, the name of a setting of OCPP 1.6, or else a variable of the whole station. */
export function variableOf(key: string): Variable {
  const [component = '', ...rest] = (renamed[key] ?? key).split('.')
  const name = rest.join('.')
  return name === ''
    ? { component: { name: 'ChargingStation' }, variable: { name: component } }
    : { component: { name: component }, variable: { name } }
}

/** The key by which a variable is shown. */
export function keyOf(component: string, variable: string): string {
  return `${component}.${variable}`
}

export type Setting = NonNullable<CommandAnswer['settings']>[number]

export function isSecret(key: string): boolean {
  return key.toLowerCase().endsWith(secret)
}
