import { z } from 'zod'
import { depotPeople, drivers } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'
import { label, registerKey } from './registers/fields.ts'

/**
 * What a van does, or why it waits: it is not plugged in; its driver asked for a charge at once; it charges; it has what it needs; a
 * turn-down of the network operator is in force; charging that was put off is spread; or its charge point cannot be reached.
 */
export const vanState = z.enum(['away', 'override', 'charging', 'full', 'turn-down', 'spread', 'unreachable'])
export type VanState = z.infer<typeof vanState>

/** What a driver sees of the van. Nothing in it says where the van is. */
export const driverView = z
  .object({
    driverId: z.string(),
    /** Registration; `null`: the driver drives none now. */
    vehicleId: z.string().nullable(),
    isPluggedIn: z.boolean(),
    state: vanState,
    /** The state in a sentence. */
    sentence: z.string(),
    /** What it draws now, W, and has taken since it was plugged in, Wh; `null`: not plugged in, or not known. */
    powerW: z.number().nullable(),
    takenWh: z.number().nullable(),
    /** How full the battery is, %; `null`: neither reported nor to be estimated. */
    percent: z.number().nullable(),
    readyBy: instant,
    targetPercent: z.number(),
    /** When it is expected to have what it needs; `null`: it is not plugged in, or will not. */
    fullAt: instantOrNull,
    /** Until when a charge at once has been asked for; `null`: it has not. */
    overrideUntil: instantOrNull,
  })
  .meta({ id: 'DriverView' })
export type DriverView = z.infer<typeof driverView>

const link = z
  .object({
    linkId: uuid,
    driverId: z.string(),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
    revokedAt: instantOrNull,
    lastUsedAt: instantOrNull,
  })
  .meta({ id: 'DriverLink' })
export type DriverLink = z.infer<typeof link>

/** A link with its address, which is shown this once: the token stands after the hash, where no server and no log sees it. */
const shownLink = link.extend({ url: z.string() }).meta({ id: 'ShownDriverLink' })

/** Who a driver is: for payroll only. */
export const driverPerson = z
  .object({ name: label, address: z.string().min(1).max(500), payrollNumber: label })
  .meta({ id: 'DriverPerson' })
export type DriverPerson = z.infer<typeof driverPerson>

const params = z.object({ driverId: registerKey })
const tags = ['Drivers']
const people = depotPeople('fleet-admin', 'depot-admin')
const payroll = depotPeople('payroll')

/** What a driver does by the link. */
export const driverOperations = {
  readOwnVan: operation({
    method: 'get',
    path: '/driver/van',
    access: drivers,
    tags: ['Driver'],
    summary: 'The driver’s van: plugged in or not, how full, ready by when, and why it waits',
    answer: driverView,
  }),
  chargeAtOnce: operation({
    method: 'put',
    path: '/driver/override',
    access: drivers,
    tags: ['Driver'],
    summary: 'Charge at once, whatever was promised to anybody',
    description:
      'Holds for the present charge, or for the next one where the van is not plugged in, and for twelve hours at most. The unit’s reliability learns from it.',
    answer: driverView,
    problems: ['conflict'],
  }),
  endOverride: operation({
    method: 'delete',
    path: '/driver/override',
    access: drivers,
    tags: ['Driver'],
    summary: 'Take the charge at once back',
    answer: driverView,
  }),
  setReadyBy: operation({
    method: 'put',
    path: '/driver/ready-by',
    access: drivers,
    tags: ['Driver'],
    summary: 'State when the van has to be ready, and how full',
    description: 'Holds until that instant; then the driver’s usual time holds again.',
    body: z.object({ readyAt: instant, targetPercent: z.number().min(10).max(100).default(100) }),
    answer: driverView,
    problems: ['conflict'],
  }),
}

/** What people of the FSP do about drivers. */
export const driverDeskOperations = {
  listDriverLinks: operation({
    method: 'get',
    path: '/drivers/{driverId}/links',
    access: people,
    tags,
    summary: 'Links of a driver, the newest first',
    params,
    answer: z.array(link),
    problems: ['not-found'],
  }),
  createDriverLink: operation({
    method: 'post',
    path: '/drivers/{driverId}/links',
    access: people,
    tags,
    summary: 'Make a link that only this driver gets',
    description: 'Links that were given before stay; revoke one that was lost.',
    params,
    body: z.object({ validDays: z.number().int().min(1).max(400).default(180) }),
    answer: shownLink,
    problems: ['not-found'],
  }),
  revokeDriverLink: operation({
    method: 'delete',
    path: '/drivers/{driverId}/links/{linkId}',
    access: people,
    tags,
    summary: 'Revoke a link at once',
    params: params.extend({ linkId: uuid }),
    answer: nothing,
    problems: ['not-found'],
  }),
  readDriverPerson: operation({
    method: 'get',
    path: '/drivers/{driverId}/person',
    access: payroll,
    tags,
    summary: 'Who a driver is',
    params,
    answer: driverPerson,
    problems: ['not-found'],
  }),
  saveDriverPerson: operation({
    method: 'put',
    path: '/drivers/{driverId}/person',
    access: payroll,
    tags,
    summary: 'State who a driver is',
    params,
    body: driverPerson,
    answer: driverPerson,
    problems: ['not-found'],
  }),
  eraseDriverPerson: operation({
    method: 'delete',
    path: '/drivers/{driverId}/person',
    access: payroll,
    tags,
    summary: 'Erase who a driver is, the driver’s links and wishes',
    description: 'What the van charged stays, under the pseudonym: energy, sessions and statements are unchanged.',
    params,
    answer: nothing,
    problems: ['not-found'],
  }),
}
