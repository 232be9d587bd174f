import type { AddressInfo } from 'node:net'
import { RPCClient, RPCServer } from 'ocpp-rpc'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../../platform/log/index.ts'
import { SimulatedGateways } from './gateway.ts'

test('a limit for a charge reaches the charge point after the number of the charge, however early the FSP asks for it', async () => {
  const told: string[] = []
  const { promise: limited, resolve: answered } = Promise.withResolvers<unknown>()
  const fspUrl = await startFspEnd(async (fsp, method) => {
    if (method !== 'SessionStarted') return {}
    const setPoint = { identity: 'yard-01', socket: 1, sessionId: 'office-7-1', limitA: 16 }
    answered(fsp.call('SetPoint', setPoint))
    // The FSP is slow to answer, and the gateway with it.
    await new Promise((resolve) => setTimeout(resolve, 50))
    return {}
  })
  const gateways = new SimulatedGateways({
    gatewayIds: ['office'],
    url: fspUrl,
    password: () => '00',
    seed: 7,
    nowMs: () => Date.parse('2026-01-15T12:00:00Z'),
    log: createLog('gateway', 'silent'),
  })
  await gateways.listen()
  await gateways.connect()
  const unit = new RPCClient({
    endpoint: gateways.ocppUrl,
    identity: 'yard-01',
    protocols: ['ocpp1.6'],
    strictMode: false,
    reconnect: false,
  } as unknown as ConstructorParameters<typeof RPCClient>[0])
  unit.handle(async ({ method = '' }: { method?: string }) => {
    told.push(method)
    return { status: 'Accepted' }
  })
  await unit.connect()
  onTestFinished(async () => {
    await unit.close({ force: true })
    await gateways.close()
  })
  await unit.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' })
  const start = { connectorId: 1, idTag: 'tag', meterStart: 0, timestamp: '2026-01-15T12:00:00Z' }
  const started = (await unit.call('StartTransaction', start)) as { transactionId: number }
  told.push(`charge ${started.transactionId}`)
  expect(await limited).toMatchObject({ rc: 0 })
  expect(told).toEqual(['charge 1', 'SetChargingProfile'])
})

interface FspEnd {
  call(action: string, params: object): Promise<unknown>
}

/** The end of the FSP that a gateway connects to. */
async function startFspEnd(hear: (fsp: FspEnd, method: string) => Promise<object>): Promise<string> {
  const server = new RPCServer({ protocols: ['ringmain-route.1'], strictMode: false })
  server.on('client', (client) => {
    client.handle(({ method }: { method: string }) => hear(client, method))
  })
  const listening = await server.listen(0, '127.0.0.1')
  onTestFinished(() => server.close({ force: true }))
  return `ws://127.0.0.1:${(listening.address() as AddressInfo).port}`
}
