/** Child of the ocpp-fleet benchmark: charge points, each with a vehicle that takes all it is given. */
import { RPCClient } from 'ocpp-rpc'
import type { OCPP16 } from 'typed-ocpp'
import { onOrder, tell } from '../support/child.ts'
import { depotsOf, identitiesOf, maxCurrentA, type OcppOrder, passwordHex } from './fleet.ts'

const volts = 230
/** Charge points that introduce themselves at once: a fleet that wakes is a case of its own. */
const atOnce = 50

class Unit {
  readonly #client: RPCClient
  limitA = maxCurrentA
  /** When the last set point for its transaction came, ms. */
  lastSetMs: number | null = null
  #transactionId = 0
  #energyWh = 0
  #meteredMs = Date.now()

  constructor(endpoint: string, identity: string) {
    const options: object = {
      identity,
      endpoint,
      protocols: ['ocpp1.6'],
      strictMode: false,
      reconnect: false,
      password: Buffer.from(passwordHex, 'hex'),
      wsOpts: {},
    }
    this.#client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0])
    this.#client.handle('SetChargingProfile', async ({ params }) => {
      const { csChargingProfiles: profile } = params as OCPP16.SetChargingProfileRequest
      if (profile.chargingProfilePurpose === 'TxProfile') {
        this.lastSetMs = Date.now()
        this.limitA = profile.chargingSchedule.chargingSchedulePeriod[0]?.limit ?? 0
      }
      return { status: 'Accepted' }
    })
  }

  async begin(idTag: string): Promise<void> {
    await this.#client.connect()
    await this.#client.call('BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'Bench' })
    const status = { connectorId: 1, errorCode: 'NoError', status: 'Preparing' }
    await this.#client.call('StatusNotification', status)
    const start = { connectorId: 1, idTag, meterStart: 0, timestamp: new Date().toISOString() }
    const answer = (await this.#client.call('StartTransaction', start)) as OCPP16.StartTransactionResponse
    this.#transactionId = answer.transactionId
    await this.#client.call('StatusNotification', { ...status, status: 'Charging' })
  }

  async meter(): Promise<void> {
    const nowMs = Date.now()
    this.#energyWh += (this.limitA * volts * (nowMs - this.#meteredMs)) / 3_600_000
    this.#meteredMs = nowMs
    const sampledValue = [
      { value: this.#energyWh.toFixed(0), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: String(this.limitA * volts), measurand: 'Power.Active.Import', unit: 'W' },
    ]
    const meterValue = [{ timestamp: new Date(nowMs).toISOString(), sampledValue }]
    await this.#client.call('MeterValues', { connectorId: 1, transactionId: this.#transactionId, meterValue })
  }

  end(): Promise<unknown> {
    return this.#client.close({ force: true })
  }
}

let units: Unit[] = []
let meters: NodeJS.Timeout[] = []
let [metered, failed] = [0, 0]

onOrder<OcppOrder>({
  async start({ ocppUrl, chargePoints, meterS }) {
    const identities = depotsOf(chargePoints).flatMap(identitiesOf)
    units = identities.map((identity) => new Unit(ocppUrl, identity))
    for (let i = 0; i < units.length; i += atOnce)
      await Promise.all(units.slice(i, i + atOnce).map((unit, k) => unit.begin(`${identities[i + k]}-tag`)))
    const meter = (unit: Unit) =>
      void unit.meter().then(
        () => metered++,
        () => failed++,
      )
    // Spread over the interval, as real ones are.
    meters = units.map((unit, i) => {
      const timer = setTimeout(
        () => {
          meter(unit)
          meters[i] = setInterval(() => meter(unit), meterS * 1_000)
        },
        (i / units.length) * meterS * 1_000,
      )
      return timer
    })
    tell({})
  },
  /** Forgets the set points so far: the next are those of the burst. */
  async burst() {
    for (const unit of units) unit.lastSetMs = null
    tell({ limitsA: units.map(({ limitA }) => limitA) })
  },
  async report() {
    tell({
      setMs: units.map(({ lastSetMs }) => lastSetMs),
      limitsA: units.map(({ limitA }) => limitA),
      metered,
      failed,
    })
  },
  async stop() {
    for (const timer of meters) clearTimeout(timer)
    await Promise.all(units.map((unit) => unit.end()))
    tell({})
  },
})
