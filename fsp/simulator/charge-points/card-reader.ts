import type { OCPP16 } from 'typed-ocpp'
import type { ConnectorState } from './connector-state.ts'
import type { Link } from './link.ts'

/** How long a token that was shown first waits for a vehicle (ConnectionTimeOut of OCPP 1.6, section 9.1.4). */
const awaitsMs = 120_000

/** What a reader needs of its unit. */
interface ReadingUnit {
  readonly link: Pick<Link, 'ask' | 'flush'>
  start(state: ConnectorState, idTag: string, atMs: number): void
  stop(state: ConnectorState, reason: 'Local', atMs: number): void
  report(state: ConnectorState, atMs: number): void
}

/**
 * Reads a token that somebody shows at a connector: it ends the charge that it began, and lets a vehicle charge that stands there or comes
 * within two minutes. Without a link the unit accepts it for now, as configured (AllowOfflineTxForUnknownId).
 */
export async function showToken(unit: ReadingUnit, state: ConnectorState, idTag: string, atMs: number): Promise<void> {
  const { connector } = state
  if (connector.transaction) {
    if (connector.transaction.idTag === idTag) unit.stop(state, 'Local', atMs)
    return unit.link.flush()
  }
  if (state.faulted || !state.operative) return
  const { vehicle } = connector.socket
  const answer = (await unit.link.ask('Authorize', { idTag })) as OCPP16.AuthorizeResponse | null
  if (answer && answer.idTagInfo.status !== 'Accepted') state.refusedToken = idTag
  else if (connector.transaction || connector.socket.vehicle !== vehicle) return
  else if (vehicle) unit.start(state, idTag, atMs)
  else {
    state.awaited = { idTag, untilMs: atMs + awaitsMs }
    unit.report(state, atMs)
  }
  await unit.link.flush()
}
