import { afterEach, describe, expect, test, vi } from 'vitest'
import { CentralSystem } from '../test/support/central-system.ts'
import { setpoint, startWorld, type TestWorld, testDepot, testVehicle } from '../test/support/world.ts'

const unit = 'yard-01'
let world: TestWorld

afterEach(() => world.close())

/** A van at connector 1, charging for a minute. */
async function startCharging(options: Parameters<typeof startWorld>[0] = {}) {
  world = await startWorld(options)
  world.simulator.controls.plugIn(unit, 1, testVehicle())
  await world.minutes(1)
}

const set = (connectorId: number, csChargingProfiles: object) =>
  world.central.command(unit, 'SetChargingProfile', { connectorId, csChargingProfiles })

describe('a charge, from plug to plug', () => {
  test('DDB01 DDB02 boot, plug-in, token, charge and unplugging reach the central system in this order', async () => {
    await startCharging()
    await world.minutes(2)
    world.simulator.controls.unplug(unit, 1)
    await world.minutes(1)
    expect(world.central.heard(unit)).toEqual([
      ...['BootNotification', '0 Available', '1 Available'],
      ...['1 Preparing', 'Authorize', 'StartTransaction', '1 Charging'],
      ...['MeterValues', 'MeterValues', 'StopTransaction', '1 Finishing', '1 Available'],
    ])
  })

  test('meter values carry power in W and a register in Wh that runs from meterStart to meterStop', async () => {
    await startCharging()
    await world.minutes(30)
    world.simulator.controls.unplug(unit, 1)
    await world.minutes(1)
    const paramsOf = (action: string) => world.central.calls.filter((c) => c.action === action).map((c) => c.params)
    const [start, stop] = [paramsOf('StartTransaction')[0], paramsOf('StopTransaction')[0]]
    expect(Number(stop?.['meterStop']) - Number(start?.['meterStart'])).toBe(3_680)
    expect(world.simulator.energyWh().get('yard')).toBeCloseTo(3_680, 6)
    expect(paramsOf('MeterValues').at(-1)).toEqual({
      connectorId: 1,
      transactionId: 1,
      meterValue: [
        {
          timestamp: '2026-01-15T12:31:00Z',
          sampledValue: [
            {
              value: String(Number(start?.['meterStart']) + 3_680),
              context: 'Sample.Periodic',
              unit: 'Wh',
              measurand: 'Energy.Active.Import.Register',
            },
            { value: '7360', context: 'Sample.Periodic', unit: 'W', measurand: 'Power.Active.Import' },
          ],
        },
      ],
    })
  })

  test('DDB11 a token that is refused gets no transaction and no energy', async () => {
    world = await startWorld()
    world.central.answers['Authorize'] = () => ({ idTagInfo: { status: 'Invalid' } })
    world.simulator.controls.plugIn(unit, 1, testVehicle())
    await world.minutes(5)
    expect(world.central.heard(unit)).not.toContain('StartTransaction')
    expect(world.simulator.energyWh().get('yard')).toBe(0)
  })

  test('a token refused at the start of the transaction ends it', async () => {
    world = await startWorld()
    world.central.answers['StartTransaction'] = () => ({ transactionId: 9, idTagInfo: { status: 'ConcurrentTx' } })
    world.simulator.controls.plugIn(unit, 1, testVehicle())
    await world.minutes(3)
    const stop = world.central.calls.find(({ action }) => action === 'StopTransaction')
    expect(stop?.params).toMatchObject({ transactionId: 9, reason: 'DeAuthorized' })
    expect(await world.powerW()).toBe(0)
  })

  test('DDB07 a full battery draws nothing more, is told as SuspendedEV and is sampled seldom from then on', async () => {
    world = await startWorld()
    world.simulator.controls.plugIn(unit, 1, testVehicle('yard-001', { storedWh: 199_900 }))
    await world.minutes(8)
    expect(world.central.heard(unit)).toContain('1 SuspendedEV')
    expect(await world.powerW()).toBe(0)
    const before = world.central.calls.length
    await world.minutes(10)
    expect(world.central.calls.length - before).toBeLessThanOrEqual(1)
  })

  test('E2EPA012 a connector that fails ends its transaction, draws nothing, and starts anew when it is repaired', async () => {
    await startCharging()
    await world.simulator.controls.fail(unit, 1)
    await world.minutes(3)
    expect(await world.powerW()).toBe(0)
    expect(world.central.heard(unit).slice(-2)).toEqual(['StopTransaction', '1 Faulted'])
    await world.simulator.controls.repair(unit, 1)
    await world.minutes(1)
    expect(world.central.heard(unit).filter((action) => action === 'StartTransaction')).toHaveLength(2)
    expect(await world.powerW()).toBe(7_360)
  })
})

describe('setpoints', () => {
  /** Sets each current in turn, a minute apart, and reads what flows, in A. */
  async function follow(connectorId: number, currents: readonly number[]): Promise<number[]> {
    const seen: number[] = []
    for (const current of currents) {
      expect(await set(connectorId, setpoint(world.clock.now(), current))).toEqual({ status: 'Accepted' })
      await world.minutes(1)
      seen.push((await world.powerW()) / 230)
    }
    return seen
  }

  test('FAT01 a single unit follows 32, 16, 8, 0, 18, 10, 32 A', async () => {
    await startCharging()
    expect(await follow(1, [32, 16, 8, 0, 18, 10, 32])).toEqual([32, 16, 8, 0, 18, 10, 32])
    expect(world.central.heard(unit)).toContain('1 SuspendedEVSE')
  })

  test('FAT05 the model that cannot pause follows 32, 16, 8, 18, 10, 32 A and takes less than 6 A as 6 A', async () => {
    await startCharging({ depots: [testDepot('evolt-twin')] })
    expect(await follow(1, [32, 16, 8, 18, 10, 32, 0])).toEqual([32, 16, 8, 18, 10, 32, 6])
  })

  test('FAT02 FAT03 FAT04 a twin unit takes a setpoint on either socket; the other is not touched', async () => {
    world = await startWorld({ depots: [testDepot('alfen-eve-twin')] })
    world.simulator.controls.plugIn(unit, 1, testVehicle('yard-001'))
    world.simulator.controls.plugIn(unit, 2, testVehicle('yard-002'))
    await world.minutes(1)
    expect(await set(1, setpoint(world.clock.now(), 8))).toEqual({ status: 'Accepted' })
    expect(await world.powerW()).toBe((8 + 32) * 230)
    await world.seconds(2)
    const second = setpoint(world.clock.now(), 10, { chargingProfileId: 2 })
    expect(await set(2, second)).toEqual({ status: 'Accepted' })
    expect(await world.powerW()).toBe((8 + 10) * 230)
  })

  test('a setpoint sooner than the model allows is rejected, and the one before stays', async () => {
    await startCharging({ depots: [testDepot('evolt-twin')] })
    await set(1, setpoint(world.clock.now(), 10))
    await world.seconds(4)
    expect(await set(1, setpoint(world.clock.now(), 20))).toEqual({ status: 'Rejected' })
    await world.seconds(1)
    expect(await world.powerW()).toBe(2_300)
    expect(await set(1, setpoint(world.clock.now(), 20))).toEqual({ status: 'Accepted' })
  })

  test('a limit that ends within a minute is counted to the second, and then the standing default holds', async () => {
    await startCharging()
    const standing = setpoint(world.clock.now(), 6, {
      chargingProfileId: 7,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
    })
    await set(0, standing)
    await world.seconds(10)
    const before = world.simulator.energyWh().get('yard') ?? 0
    const validTo = world.clock.now().plusSeconds(30).toString()
    expect(await set(1, setpoint(world.clock.now(), 32, { validTo }))).toEqual({ status: 'Accepted' })
    await world.seconds(50)
    const taken = (world.simulator.energyWh().get('yard') ?? 0) - before
    expect(taken).toBeCloseTo((7_360 * 30 + 1_380 * 20) / 3_600, 6)
  })

  test('the profile of a transaction goes with it: the next vehicle starts from the default', async () => {
    await startCharging()
    await set(1, setpoint(world.clock.now(), 8))
    world.simulator.controls.unplug(unit, 1)
    await world.minutes(1)
    world.simulator.controls.plugIn(unit, 1, testVehicle('yard-002'))
    await world.minutes(1)
    expect(await world.powerW()).toBe(7_360)
  })

  test('a limit of the unit is shared by the sockets in use', async () => {
    world = await startWorld({ depots: [testDepot('alfen-eve-twin')] })
    world.simulator.controls.plugIn(unit, 1, testVehicle('yard-001'))
    await world.minutes(1)
    await set(0, setpoint(world.clock.now(), 20, { chargingProfilePurpose: 'ChargePointMaxProfile' }))
    expect(await world.powerW()).toBe(20 * 230)
    world.simulator.controls.plugIn(unit, 2, testVehicle('yard-002'))
    await world.minutes(1)
    expect(await world.powerW()).toBe(20 * 230)
  })

  test('the composite schedule shows the steps to come', async () => {
    await startCharging()
    const validTo = world.clock.now().plusSeconds(90).toString()
    await set(1, setpoint(world.clock.now(), 16, { validTo }))
    const asked = { connectorId: 1, duration: 300, chargingRateUnit: 'A' }
    expect(await world.central.command(unit, 'GetCompositeSchedule', asked)).toMatchObject({
      status: 'Accepted',
      chargingSchedule: {
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 16 },
          { startPeriod: 90, limit: 32 },
        ],
      },
    })
  })

  test('a setpoint that comes while the start of the transaction is being answered does not lock the two', async () => {
    world = await startWorld()
    world.central.answers['StartTransaction'] = async (_params, peer) => {
      const csChargingProfiles = setpoint(world.clock.now(), 10, { chargingProfilePurpose: 'TxDefaultProfile' })
      expect(await peer.call('SetChargingProfile', { connectorId: 1, csChargingProfiles })).toEqual({
        status: 'Accepted',
      })
      return { transactionId: 1, idTagInfo: { status: 'Accepted' } }
    }
    world.simulator.controls.plugIn(unit, 1, testVehicle())
    await world.minutes(1)
    expect(await world.powerW()).toBe(2_300)
  })
})

describe('commands', () => {
  test('a remote stop ends the transaction and a remote start begins one', async () => {
    await startCharging()
    expect(await world.central.command(unit, 'RemoteStopTransaction', { transactionId: 1 })).toEqual({
      status: 'Accepted',
    })
    await world.minutes(2)
    expect(world.central.heard(unit).slice(-2)).toEqual(['StopTransaction', '1 Finishing'])
    const again = { connectorId: 1, idTag: 'yard-001' }
    expect(await world.central.command(unit, 'RemoteStartTransaction', again)).toEqual({ status: 'Accepted' })
    await world.minutes(1)
    expect(await world.powerW()).toBe(7_360)
    expect(await world.central.command(unit, 'RemoteStopTransaction', { transactionId: 77 })).toEqual({
      status: 'Rejected',
    })
  })

  test('the sample interval and the measurands can be changed; what cannot be is refused', async () => {
    await startCharging()
    const change = (key: string, value: string) => world.central.command(unit, 'ChangeConfiguration', { key, value })
    expect(await change('MeterValueSampleInterval', '120')).toEqual({ status: 'Accepted' })
    expect(await change('MeterValuesSampledData', 'Current.Offered')).toEqual({ status: 'Accepted' })
    expect(await change('MeterValuesSampledData', 'Moonlight')).toEqual({ status: 'Rejected' })
    expect(await change('NumberOfConnectors', '3')).toEqual({ status: 'Rejected' })
    expect(await change('Colour', 'green')).toEqual({ status: 'NotSupported' })
    await world.minutes(4)
    const samples = world.central.calls.filter(({ action }) => action === 'MeterValues')
    expect(samples).toHaveLength(2)
    expect(JSON.stringify(samples)).toContain('"value":"32"')
    const read = await world.central.command(unit, 'GetConfiguration', { key: ['MeterValueSampleInterval', 'Colour'] })
    expect(read).toEqual({
      configurationKey: [{ key: 'MeterValueSampleInterval', readonly: false, value: '120' }],
      unknownKey: ['Colour'],
    })
  })

  test('a triggered message comes; one that a unit does not know is not implemented', async () => {
    await startCharging()
    const trigger = (requestedMessage: string) => world.central.command(unit, 'TriggerMessage', { requestedMessage })
    expect(await trigger('MeterValues')).toEqual({ status: 'Accepted' })
    await vi.waitFor(() => expect(world.central.heard(unit).at(-1)).toBe('MeterValues'))
    expect(await trigger('DiagnosticsStatusNotification')).toEqual({ status: 'NotImplemented' })
  })

  test('a connector out of service takes no vehicle until it is back', async () => {
    world = await startWorld()
    const change = (type: string) => world.central.command(unit, 'ChangeAvailability', { connectorId: 1, type })
    expect(await change('Inoperative')).toEqual({ status: 'Accepted' })
    world.simulator.controls.plugIn(unit, 1, testVehicle())
    await world.minutes(2)
    expect(world.central.heard(unit).at(-1)).toBe('1 Unavailable')
    await change('Operative')
    await world.minutes(1)
    expect(await world.powerW()).toBe(7_360)
  })

  test('a reset ends the transaction, and the unit comes back and starts anew', async () => {
    await startCharging()
    expect(await world.central.command(unit, 'Reset', { type: 'Soft' })).toEqual({ status: 'Accepted' })
    await vi.waitFor(() => expect(world.central.heard(unit)).toContain('StopTransaction'))
    await world.minutes(1)
    expect(world.central.heard(unit).filter((action) => action === 'BootNotification')).toHaveLength(2)
    expect(await world.powerW()).toBe(7_360)
  })
})

describe('without a link', () => {
  test('a unit goes on charging, and what it recorded comes in order when the link is back', async () => {
    await startCharging()
    await world.simulator.controls.disconnect(unit)
    await world.minutes(5)
    world.simulator.controls.unplug(unit, 1)
    await world.minutes(1)
    world.simulator.controls.plugIn(unit, 1, testVehicle('yard-002'))
    await world.minutes(3)
    const before = world.central.calls.length
    await world.simulator.controls.reconnect(unit)
    const backlog = world.central.calls.slice(before)
    const shown = ['BootNotification', 'StatusNotification', 'StatusNotification']
    const meters = (n: number) => Array.from({ length: n }, () => 'MeterValues')
    expect(
      backlog.map(({ action }) => action).filter((a) => a !== 'StatusNotification' && a !== 'BootNotification'),
    ).toEqual([...[...meters(5), 'StopTransaction', 'StartTransaction', ...meters(2)]])
    expect(backlog.slice(0, 1).map(({ action }) => action)).toEqual(shown.slice(0, 1))
    const times = backlog
      .filter(({ action }) => action === 'MeterValues')
      .map(({ params }) => (params['meterValue'] as { timestamp: string }[])[0]?.timestamp.slice(11, 16))
    expect(times).toEqual(['12:02', '12:03', '12:04', '12:05', '12:06', '12:09', '12:10'])
    expect(backlog.findLast(({ action }) => action === 'MeterValues')?.params['transactionId']).toBe(2)
  })

  test('units come back by themselves when the central system was restarted on its port', async () => {
    await startCharging()
    const { port } = world.central
    await world.central.close()
    await world.minutes(3)
    const restarted = new CentralSystem(world.clock)
    await restarted.listen(port)
    await world.minutes(1)
    expect(restarted.heard(unit).filter((action) => action === 'MeterValues').length).toBeGreaterThanOrEqual(3)
    await restarted.close()
  })

  test('a unit that is not accepted yet says nothing but asks again after the time it was told', async () => {
    world = await startWorld()
    let accepted = false
    world.central.answers['BootNotification'] = () => ({
      status: accepted ? 'Accepted' : 'Pending',
      currentTime: world.clock.now().toString(),
      interval: 120,
    })
    await world.simulator.controls.disconnect(unit)
    await world.simulator.controls.reconnect(unit)
    world.simulator.controls.plugIn(unit, 1, testVehicle())
    const before = world.central.calls.length
    accepted = true
    await world.seconds(110)
    expect(world.central.calls.slice(before)).toEqual([])
    await world.seconds(10)
    expect(world.central.heard(unit)).toContain('StartTransaction')
  })

  test('a call that is refused is not sent again, and those behind it are', async () => {
    world = await startWorld()
    world.central.answers['StartTransaction'] = () => {
      throw new Error('no room')
    }
    world.simulator.controls.plugIn(unit, 1, testVehicle())
    await world.minutes(3)
    expect(world.simulator.counts.refused).toEqual({ StartTransaction: 1 })
    expect(world.central.heard(unit).at(-1)).toBe('MeterValues')
  })
})
