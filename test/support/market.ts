import type { z } from 'zod'
import type { FlexibleUnit } from '../../schemas/market/parties.ts'
import type { newTender } from '../../schemas/market/tenders.ts'
import { operations } from '../../schemas/operations.ts'
import { saveTestNetwork, saveTestSite } from '../../server/grid/test/support/site.ts'
import type { Client } from './client.ts'
import type { ControlFsp } from './control-fsp.ts'
import { agreed, secondPerson } from './second-person.ts'
import type { TestServer } from './server.ts'

export interface TestFsp {
  fspId: string
  clientId: string
  clientSecret: string
  client: Client
}

/** An application as FSPs send it. */
export function applicationOf(companyName: string, control: Pick<ControlFsp, 'controlApi'>) {
  return {
    companyName,
    contactName: 'Duty desk',
    contactEmail: 'desk@fsp.example',
    controlApi: control.controlApi,
    clientAuthentication: { method: 'client_secret_basic' },
  }
}

/** A control API at which nobody answers, where nothing is to be dispatched. */
export const silentControl = {
  controlApi: {
    baseUrl: 'http://127.0.0.1:9/control',
    tokenEndpoint: 'http://127.0.0.1:9/token',
    clientId: 'dno',
    clientSecret: 'a long secret of the DNO',
    scope: '',
  },
}

/** FA01 as a step: an FSP applies and is accepted by two people. */
export async function registerFsp(
  server: Pick<TestServer, 'client' | 'tokenClient' | 'account'>,
  engineer: Client,
  companyName: string,
  control: Pick<ControlFsp, 'controlApi'>,
): Promise<TestFsp> {
  const { body } = await server.client().ask(operations.applyAsFsp, { body: applicationOf(companyName, control) })
  const accept = { params: { id: body.applicationId }, body: { decision: 'accept' } }
  await agreed(await secondPerson(server), engineer.ask(operations.decideOnApplication, accept))
  const client = await server.tokenClient(body.clientId, body.clientSecret)
  return { fspId: body.applicationId, clientId: body.clientId, clientSecret: body.clientSecret, client }
}

/** SEC03 as a step: an FSP applies for authority over MPANs, and the DNO approves. Returns the identifiers of the authorities. */
export async function giveAuthority(
  engineer: Client,
  fsp: Client,
  mpans: string | string[],
  days: { from?: string; until?: string } = {},
): Promise<string[]> {
  const applied = await fsp.ask(operations.applyForAuthorities, {
    body: {
      mpans: typeof mpans === 'string' ? [mpans] : mpans,
      from: '2025-01-01',
      givenBy: 'customer-letter',
      reference: 'Letter of the test customer',
      ...days,
    },
  })
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body))
  const ids = applied.body.items.map((one: { authorityId: string }) => one.authorityId) as string[]
  for (const id of ids) {
    const call = { params: { id }, body: { decision: 'approve' } }
    const { status, body } = await engineer.ask(operations.decideOnAuthority, call)
    if (status !== 200) throw new Error(JSON.stringify(body))
  }
  return ids
}

/** FA02 as a step: a DER behind an MPAN that the FSP has authority over, and an FU of it. Returns the FU. */
export async function registerUnit(client: Client, name: string, mpan: string, powerW = 50_000, isWholeSite = false) {
  const der = await client.ask(operations.registerDer, {
    body: { name: `${name} chargers`, kind: 'ev-charging', mpan, ratedW: powerW },
  })
  const unit = await client.ask(operations.registerFlexibleUnit, {
    body: {
      name,
      derIds: [der.body.derId],
      maxTurnDownW: powerW,
      isWholeSite,
    },
  })
  return unit.body as { fuId: string; name: string; connectionId: string; nodeId: string }
}

/** A battery as an FU that can turn down and up by its rating. Returns the FU. */
export async function registerBattery(client: Client, name: string, mpan: string, powerW = 50_000) {
  const der = await client.ask(operations.registerDer, { body: { name, kind: 'battery', mpan, ratedW: powerW } })
  const { body } = await client.ask(operations.registerFlexibleUnit, {
    body: { name, derIds: [der.body.derId], maxTurnDownW: powerW, maxTurnUpW: powerW },
  })
  return body as FlexibleUnit
}

/** A tender for evenings of working weekdays in the first half of 2026. */
export function eveningTender(change: Partial<z.input<typeof newTender>> = {}): z.input<typeof newTender> {
  return {
    title: 'Islington evening peak',
    product: 'A',
    zoneNodeId: 'pri',
    validFrom: '2026-01-01',
    validTo: '2026-06-30',
    windows: [
      {
        weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
        from: '17:00',
        to: '19:00',
        requiredW: 40_000,
      },
    ],
    ceilingAvailabilityGbpPerMwH: '20.00',
    ceilingUtilisationGbpPerMwh: '300.00',
    gateClosesAt: '2027-01-01T00:00:00Z',
    ...change,
  }
}

/** FA03 as a step: a published tender, one offer each, evaluation, and the award by another person. */
export async function awardContracts(
  engineer: Client,
  second: Client,
  offers: readonly { client: Client; fuId: string; turnDownW: number; availability?: string; utilisation?: string }[],
  change: Partial<z.input<typeof newTender>> = {},
  waitForGate: () => Promise<void> = async () => undefined,
) {
  const requiredW = offers.reduce((sum, offer) => sum + offer.turnDownW, 0)
  const windows = eveningTender().windows.map((w) => ({ ...w, requiredW }))
  const { body: tender } = await engineer.ask(operations.draftTender, { body: eveningTender({ windows, ...change }) })
  await engineer.ask(operations.publishTender, { params: { id: tender.tenderId } })
  for (const [client, own] of Map.groupBy(offers, (offer) => offer.client)) {
    await client.ask(operations.respondToTender, {
      params: { id: tender.tenderId },
      body: {
        bid: 'offered',
        offers: own.map(({ fuId, turnDownW, availability = '10.00', utilisation = '100.00' }) => ({
          fuId,
          direction: tender.direction,
          turnDownW,
          availabilityGbpPerMwH: availability,
          utilisationGbpPerMwh: utilisation,
        })),
      },
    })
  }
  await waitForGate()
  await engineer.ask(operations.evaluateTender, { params: { id: tender.tenderId } })
  return (await award(second, tender.tenderId)).body.items
}

/** The award of a tender as it is now. */
export async function award(second: Client, tenderId: string) {
  const { body } = await second.ask(operations.readTender, { params: { id: tenderId } })
  return second.ask(operations.awardTender, { params: { id: tenderId }, version: body.version })
}

export { saveTestNetwork, saveTestSite }
