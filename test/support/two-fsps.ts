import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { operations } from '../../schemas/operations.ts'
import { dayStart, periodStarts } from '../../schemas/vocabulary/time.ts'
import { customer } from '../../server/access/customers/tables.ts'
import { saveConnection, saveProfile } from '../../server/grid/index.ts'
import { customerSite, siteConsent } from '../../server/market/customers/tables.ts'
import type { Client } from './client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from './dispatch.ts'
import { registerFsp, type TestFsp } from './market.ts'
import { moveStatement } from './second-person.ts'

/** An FSP with one of everything that an FSP can have. */
export interface FspWithAll {
  fsp: TestFsp
  /** One of its people at the portal. */
  user: Client
  fuId: string
  derId: string
  /** Its authority over the MPAN behind that. */
  authorityId: string
  contractId: string
  tenderId: string
  instructionId: string
  /** An import limit that it was sent. */
  limitId: string
  serviceId: string
  /** Where its notices go. */
  targetId: string
  /** An issued statement, a line of it, and a dispute about it. */
  statementId: string
  lineId: string
  disputeId: string
  /** An upload of meter data that was held. */
  holdId: string
  /** A site whose customer has given it a consent. */
  siteId: string
}

export interface TwoFsps {
  rig: DispatchRig
  one: FspWithAll
  other: FspWithAll
  clerk: Client
  secondClerk: Client
}

/** Day that schedules are submitted for. */
export const scheduleDay = '2026-01-16'

/** A baseline of an FU, of 96 quarter-hours. */
export function baselineOf(day: string, revision = 1) {
  const [date, values] = [LocalDate.parse(day), Array.from({ length: 96 }, () => 50_000)]
  return { kind: 'baseline' as const, resolution: 'PT15M' as const, start: dayStart(date).toString(), revision, values }
}

/** Meter readings of a whole day. */
export function readingsOf(fuId: string, day: string, wh: number) {
  const readings = periodStarts(LocalDate.parse(day), 'PT15M').map((at) => ({
    at: at.toString(),
    energyWh: wh,
    quality: 'measured' as const,
  }))
  return { fuId, meterId: 'm1', resolution: 'PT15M', stamp: 'period-start', revision: 1, readings }
}

/** The whole server on a Thursday at 17:20, after two FSPs have been contracted, instructed, metered and settled alike. */
export async function startWithTwoFsps(): Promise<TwoFsps> {
  const rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  const second = await registerFsp(rig.server, rig.engineer, 'Second Ltd', rig.control)
  const clerk = await rig.server.person('clara', 'settlement')
  const secondClerk = await rig.server.person('sven', 'settlement')
  const begun = []
  for (const fsp of [rig.fsp, second]) {
    const fuId = await rig.contractedUnit(`Unit of ${fsp.clientId}`, 40_000, fsp)
    await ok(
      fsp.client.ask(operations.submitSchedule, {
        params: { fuId, day: scheduleDay, kind: 'baseline' },
        body: baselineOf(scheduleDay),
      }),
    )
    for (const day of ['2026-01-13', '2026-01-14'])
      await ok(fsp.client.ask(operations.uploadReadings, { body: readingsOf(fuId, day, 5_000) }))
    const held = await ok(fsp.client.ask(operations.uploadReadings, { body: readingsOf(fuId, '2026-01-12', 5) }))
    begun.push({ fsp, fuId, holdId: held.holdId as string })
  }
  const { connectionId } = await ok(rig.fsp.client.ask(operations.readFlexibleUnit, { params: { id: begun[0]?.fuId } }))
  const policy = { onBreach: true, onLinkLost: true, failSafeW: 50_000, validMinutes: 1_440 }
  await ok(
    rig.engineer.ask(
      operations.saveFailSafePolicy,
      { params: { id: connectionId }, body: policy },
      { 'if-match': '"0"' },
    ),
  )
  rig.startJobs()
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T17:20:00Z`))
  const sides: FspWithAll[] = []
  for (const side of begun) {
    const { fsp } = side
    const statement = await ok(
      clerk.ask(operations.prepareStatement, { body: { fspId: fsp.fspId, product: 'A', month: '2026-01' } }),
    )
    const { statementId } = statement
    for (const [who, event] of [
      [clerk, 'check'],
      [secondClerk, 'approve'],
      [secondClerk, 'issue'],
    ] as const)
      await ok(moveStatement(who, statementId, event))
    const dispute = await ok(
      fsp.client.ask(operations.raiseDispute, {
        params: { id: statementId },
        body: { lineNumber: 1, reason: 'Metered' },
      }),
    )
    const [der] = (await ok(fsp.client.ask(operations.listDers))).items
    const [authority] = (await ok(fsp.client.ask(operations.listAuthorities))).items
    const [contract] = (await ok(fsp.client.ask(operations.listContracts))).items
    const service = {
      fuId: side.fuId,
      buyer: 'NESO',
      service: 'Reserve',
      reference: 'An instruction',
      times: [{ from: '2026-02-01T17:00:00Z', to: '2026-02-01T18:00:00Z' }],
    }
    const registered = await ok(fsp.client.ask(operations.registerServiceToOthers, { body: service }))
    const desk = { name: 'Desk', kind: 'email', address: `${fsp.fspId}@fsp.example`, active: true }
    const target = await ok(fsp.client.ask(operations.addNoticeTarget, { body: desk }))
    const [instruction] = (await ok(fsp.client.ask(operations.listInstructions, { query: { day: rigDay } }))).items
    const [limit] = (await ok(fsp.client.ask(operations.listImportLimits))).items
    sides.push({
      ...side,
      user: await rig.server.fspUser(`user of ${fsp.clientId}`, fsp.fspId),
      derId: der.derId,
      authorityId: authority.authorityId,
      contractId: contract.contractId,
      tenderId: contract.tenderId,
      instructionId: instruction.instructionId,
      limitId: limit.limitId,
      serviceId: registered.items[0].serviceId,
      targetId: target.targetId,
      statementId,
      lineId: statement.lines[0].lineId,
      disputeId: dispute.disputeId,
      siteId: await openSite(rig, fsp.fspId),
    })
  }
  const [one, other] = sides
  if (!one || !other) throw new Error('there are two')
  return { rig, one, other, clerk, secondClerk }
}

/** A small site of a new customer, with a profile that the customer lets an FSP read. */
async function openSite({ server, clock }: DispatchRig, fspId: string): Promise<string> {
  const { db } = server.context
  const [connectionId, customerId, at] = [randomUUID(), randomUUID(), clock.now()]
  const name = `Site ${connectionId}`
  const supply = { licenceArea: 'LPN', nodeId: 'sec', ascKva: 1, powerFactor: 0.95, mpans: [] }
  await saveConnection(db, { connectionId, name, customer: name, address: '', ...supply })
  const limits = { weekday: [{ from: '00:00', limitW: 900 }], weekend: [{ from: '00:00', limitW: 900 }] }
  const [validFrom, validTo] = [LocalDate.parse('2026-01-01'), LocalDate.parse('2026-12-31')]
  const version = { version: 1, state: 'approved' as const, validFrom, validTo, fallbackLimitW: null, limits }
  await saveProfile(db, { connectionId, ...version })
  await db.insert(customer).values({ customerId, name })
  await db.insert(customerSite).values({ customerId, connectionId, since: at })
  const consent = { consentId: randomUUID(), customerId, connectionId, fspId, givenAt: at, givenBy: 'carl' }
  await db.insert(siteConsent).values(consent)
  return connectionId
}

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
async function ok(answer: Promise<{ status: number; body: any }>): Promise<any> {
  const { status, body } = await answer
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}
