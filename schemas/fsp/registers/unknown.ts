import { z } from 'zod'
import { depotPeople, depotReaders } from '../../vocabulary/access.ts'
import { shortText } from '../../vocabulary/bounds.ts'
import { operation } from '../../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../../vocabulary/units.ts'
import { registerKey } from './fields.ts'
import { registerEntry } from './operations.ts'
import { chargePointData, evData, telematicsData, tokenData } from './subjects.ts'

/** What can appear without being registered. */
export const unknownKind = z.enum(['token', 'vehicle', 'charge-point', 'telematics'])
export type UnknownKind = z.infer<typeof unknownKind>

/** Something that appeared and is not registered. */
export const unknownThing = z
  .object({
    kind: unknownKind,
    key: z.string(),
    /** `null`: at no depot that is known. */
    depotId: z.string().nullable(),
    /** The charge point where it was last seen; for a charge point the address that it called from, for telematics the provider. */
    place: z.string(),
    firstSeenAt: instant,
    lastSeenAt: instant,
    times: z.number().int(),
    /** A charge point that was let in and registered with safe defaults; somebody has to state what it is. */
    isAccepted: z.boolean(),
  })
  .meta({ id: 'UnknownThing' })
export type UnknownThing = z.infer<typeof unknownThing>

export const warningKind = z.enum([
  'unidentified-vehicle',
  'lost-token',
  'swapped-token',
  'replaced-token',
  'token-elsewhere',
  'token-twice',
])
export type WarningKind = z.infer<typeof warningKind>

/** What does not fit the registers: the charge goes on with the default priority until somebody resolves it. */
export const registerWarning = z
  .object({
    warningId: uuid,
    kind: warningKind,
    depotId: z.string(),
    subject: z.string(),
    place: z.string(),
    sentence: z.string(),
    firstAt: instant,
    lastAt: instant,
    times: z.number().int(),
    resolvedAt: instantOrNull,
    resolvedBy: z.string().nullable(),
    resolution: z.string().nullable(),
  })
  .meta({ id: 'RegisterWarning' })

const tags = ['Registers']
const access = depotPeople('fleet-admin', 'depot-admin')
const key = z.object({ key: registerKey })

/** What is unknown to the system, in one step to what is registered; tokens that change hands; and what does not fit. */
export const unknownOperations = {
  listUnknown: operation({
    method: 'get',
    path: '/unknown',
    access: depotReaders,
    tags,
    summary: 'Tokens, vehicles and charge points that appeared and are not registered, the newest first',
    description: 'What was seen at no depot is shown to people who see all depots.',
    query: z.object({ kind: unknownKind.optional() }),
    answer: z.array(unknownThing),
  }),
  registerUnknownToken: operation({
    method: 'post',
    path: '/unknown/tokens/{key}/registration',
    access,
    tags,
    summary: 'Register a token that appeared',
    params: key,
    body: z.object({
      depotId: registerKey,
      kind: tokenData.shape.kind,
      /** The vehicle that it belongs to; its earlier token is then replaced by this one. */
      registration: registerKey.nullable(),
    }),
    answer: registerEntry(tokenData),
    problems: ['not-found', 'conflict'],
  }),
  registerUnknownVehicle: operation({
    method: 'post',
    path: '/unknown/vehicles/{key}/registration',
    access,
    tags,
    summary: 'Register a vehicle that told a charge point who it is',
    params: key,
    body: z.object({ registration: registerKey, data: evData.omit({ vehicleIdentity: true }) }),
    answer: registerEntry(evData),
    problems: ['not-found', 'conflict'],
  }),
  registerUnknownChargePoint: operation({
    method: 'post',
    path: '/unknown/charge-points/{key}/registration',
    access,
    tags,
    summary: 'Register a charge point that called or was let in',
    description:
      'The AuthorizationKey to configure on site is shown this once. `null`: it was let in without a password, and goes on so until it is issued one.',
    params: key,
    body: chargePointData,
    answer: z.object({ entry: registerEntry(chargePointData), authorizationKey: z.string().nullable() }),
    problems: ['not-found', 'conflict'],
  }),
  registerUnknownTelematics: operation({
    method: 'post',
    path: '/unknown/telematics/{key}/registration',
    access: depotPeople('fleet-admin'),
    tags,
    summary: 'Register a telematics identity that reported, for the vehicle that it is of',
    description:
      'The identity and the vehicle change together. What it reports from now on is taken; a replay takes what it reported.',
    params: key,
    body: z.object({ registration: registerKey, data: telematicsData }),
    answer: registerEntry(telematicsData),
    problems: ['not-found', 'conflict'],
  }),
  replaceToken: operation({
    method: 'post',
    path: '/registers/tokens/entries/{key}/replacement',
    access,
    tags,
    summary: 'Give a vehicle a new token for a lost or broken one',
    description:
      'Both tokens and the vehicle change together. The earlier token stays in the register, and a warning follows its use.',
    params: key,
    body: z.object({ idTag: registerKey, isLost: z.boolean(), reason: shortText }),
    answer: registerEntry(tokenData),
    versionedBy: 'version',
    problems: ['not-found', 'conflict'],
  }),
  exchangeTokens: operation({
    method: 'post',
    path: '/registers/tokens/entries/{key}/exchange',
    access,
    tags,
    summary: 'State that two vehicles have each other’s tokens, and keep it so',
    params: key,
    body: z.object({ with: registerKey, reason: shortText }),
    answer: z.array(registerEntry(evData)),
    versionedBy: 'version',
    problems: ['not-found', 'conflict'],
  }),
  listFirmwareDrift: operation({
    method: 'get',
    path: '/registers/charge-points/firmware',
    access: depotReaders,
    tags,
    summary: 'Charge points whose firmware is not the agreed one',
    answer: z.array(
      z.object({
        identity: z.string(),
        depotId: z.string(),
        model: z.string(),
        agreed: z.string(),
        reported: z.string(),
        bootedAt: instant,
      }),
    ),
  }),
  listWarnings: operation({
    method: 'get',
    path: '/warnings',
    access: depotReaders,
    tags,
    summary: 'What does not fit the registers, the newest first',
    query: z.object({ resolved: z.enum(['no', 'yes']).default('no') }),
    answer: z.array(registerWarning),
  }),
  resolveWarning: operation({
    method: 'post',
    path: '/warnings/{warningId}/resolution',
    access,
    tags,
    summary: 'Resolve a warning',
    params: z.object({ warningId: uuid }),
    body: z.object({ resolution: shortText }),
    answer: registerWarning,
    problems: ['not-found', 'conflict'],
  }),
}
