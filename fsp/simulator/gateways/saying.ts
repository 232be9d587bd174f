import { numberIn } from '../common/number-in.ts'

type Said = [action: string, params: object][]

interface Sampled {
  value?: unknown
  measurand?: unknown
}

/** What a gateway passes on of a message of OCPP 1.6. */
export function said(method: string, params: Record<string, unknown>, sessionId: string): Said {
  const { connectorId: socket, timestamp: at } = params
  switch (method) {
    case 'StatusNotification':
      return socket === 0
        ? []
        : [['SocketStatus', { socket, at, status: params['status'], errorCode: params['errorCode'] }]]
    case 'StartTransaction':
      return [['SessionStarted', { socket, sessionId, token: params['idTag'], at, registerWh: params['meterStart'] }]]
    case 'StopTransaction': {
      const { meterStop: registerWh, reason, transactionId } = params
      // A session needs no socket: its name says enough.
      return transactionId === undefined ? [] : [['SessionEnded', { socket: 1, sessionId, at, registerWh, reason }]]
    }
    case 'MeterValues': {
      const values = Array.isArray(params['meterValue']) ? params['meterValue'] : []
      const session = params['transactionId'] === undefined ? {} : { sessionId }
      return values.map((each: { timestamp?: unknown; sampledValue?: Sampled[] }) => [
        'SocketMeasures',
        { socket, ...session, at: each.timestamp, ...figuresOf(each.sampledValue ?? []) },
      ])
    }
    case 'FirmwareStatusNotification':
      return [['Upkeep', { kind: 'firmware', status: params['status'] }]]
    case 'DiagnosticsStatusNotification':
      return [['Upkeep', { kind: 'diagnostics', status: params['status'] }]]
    default:
      return []
  }
}

function figuresOf(sampled: readonly Sampled[]) {
  const of = (measurand: string) => numberIn(sampled.find((each) => each.measurand === measurand)?.value)
  return { powerW: of('Power.Active.Import'), registerWh: of('Energy.Active.Import.Register') }
}
