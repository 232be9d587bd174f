import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { numberedPages, pageOf } from '../vocabulary/paging.ts'
import { instant } from '../vocabulary/units.ts'

const params = z.object({ depotId: z.string().max(100), identity: z.string().max(48) })
const tags = ['Charge points']
const access = depotPeople('depot-admin')

/** What charge points prove themselves with, and what happened about that (OCPP 1.6 security whitepaper). */
export const chargePointOperations = {
  issueChargePointPassword: operation({
    method: 'post',
    path: '/depots/{depotId}/charge-points/{identity}/password',
    access,
    tags,
    summary: 'Issue a password to configure on site',
    description:
      'The AuthorizationKey, 20 octets in hexadecimal, is shown this once. The present one stays valid until the charge point connects with the new one. Lifts a block.',
    params,
    answer: z.object({ identity: z.string(), authorizationKey: z.string() }),
    problems: ['not-found'],
  }),
  rotateChargePointPassword: operation({
    method: 'post',
    path: '/depots/{depotId}/charge-points/{identity}/password-rotation',
    access,
    tags,
    summary: 'Give a connected charge point a new password over the air',
    description:
      'Both passwords are accepted until it connects with the new one. After `no-answer` it may have taken it, so both stay valid.',
    params,
    answer: z.object({ outcome: z.enum(['accepted', 'reboot-required', 'rejected', 'not-supported', 'no-answer']) }),
    problems: ['not-found', 'conflict'],
  }),
  blockChargePoint: operation({
    method: 'post',
    path: '/depots/{depotId}/charge-points/{identity}/block',
    access,
    tags,
    summary: 'Shut a charge point out',
    description: 'Ends its connection, its passwords, and its access by certificate, until it is issued a password.',
    params,
    answer: nothing,
    problems: ['not-found'],
  }),
  listChargePointFaults: operation({
    method: 'get',
    path: '/depots/{depotId}/charge-points/{identity}/faults',
    access: depotReaders,
    tags,
    summary: 'How a charge point’s messages depart from the standard',
    description:
      'Each departure once, in the order first seen. All are tolerated: the message was used, but for what the rule says. At most 100 are noted.',
    params,
    answer: z.array(z.object({ message: z.string(), field: z.string(), rule: z.string(), firstAt: instant })),
    problems: ['not-found'],
  }),
  listVehicleStatements: operation({
    method: 'get',
    path: '/depots/{depotId}/vehicle-statements',
    access: depotReaders,
    tags,
    summary: 'What vehicles said of themselves at a depot’s charge points, the newest first',
    description:
      'Identities (ISO 15118 or Autocharge) with the vehicle that the register had for them then, and what they asked for. The newest 500.',
    params: z.object({ depotId: z.string().max(100) }),
    answer: z.array(
      z.object({
        identity: z.string().describe('Of the charge point'),
        connector: z.number().int().nullable(),
        at: instant,
        kind: z.enum(['identity', 'needs']),
        vehicleIdentity: z
          .string()
          .nullable()
          .describe('`EMAID:` and the contract’s identifier, or `VID:` and a hardware address'),
        registration: z.string().nullable().describe('`null`: no vehicle is registered with it'),
        energyWh: z.number().nullable(),
        leastA: z.number().nullable().describe('Per phase'),
        mostA: z.number().nullable().describe('Per phase'),
        stateOfChargePercent: z.number().nullable(),
        departureAt: instant.nullable(),
      }),
    ),
    problems: ['not-found'],
  }),
  listSecurityEvents: operation({
    method: 'get',
    path: '/security-events',
    access: depotPeople('sys-admin'),
    tags,
    summary: 'Security events, the newest first',
    query: numberedPages,
    answer: pageOf(
      z.object({
        at: instant,
        source: z.enum(['charge-point', 'central-system', 'depot-api']),
        identity: z.string().nullable(),
        address: z.string().nullable(),
        event: z.string(),
        detail: z.string().nullable(),
      }),
    ),
  }),
}
