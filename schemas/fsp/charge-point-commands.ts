import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { numberedPages, pageOf } from '../vocabulary/paging.ts'
import { instant } from '../vocabulary/units.ts'

const depotParams = z.object({ depotId: z.string().max(100) })
const params = depotParams.extend({ identity: z.string().max(48) })
const tags = ['Charge points']
const access = depotPeople('depot-admin')
const connector = z.number().int().min(1).max(10)
/** Beyond the standard’s 50 characters for keys: units have longer ones of their own. */
const settingKey = z.string().min(1).max(100)
const location = z.url({ protocol: /^(https?|ftps?|sftp)$/ }).max(512)

/**
 * What became of a command. `answered`: `status` is the charge point’s own word, such as `Accepted` or `UnlockFailed`; `not-supported`:
 * it does not know the message; `no-answer`: it said nothing for 10 s, and may have obeyed all the same.
 */
export const chargerCommandAnswer = z.object({
  outcome: z.enum(['answered', 'not-supported', 'no-answer']),
  status: z.string().nullable(),
  settings: z
    .array(z.object({ key: z.string(), value: z.string().nullable(), isReadOnly: z.boolean() }))
    .optional()
    .describe('Of a reading of its configuration only'),
  unknownKeys: z.array(z.string()).optional(),
  fileName: z
    .string()
    .nullable()
    .optional()
    .describe('Of diagnostics only: the file that it will upload; `null` for none'),
})
export type ChargerCommandAnswer = z.infer<typeof chargerCommandAnswer>

const problems = ['not-found', 'conflict'] as const
const command = { method: 'post', access, tags, params, answer: chargerCommandAnswer, problems: [...problems] } as const
const path = '/depots/{depotId}/charge-points/{identity}'

const triggered = z.enum([
  'BootNotification',
  'Heartbeat',
  'StatusNotification',
  'MeterValues',
  'FirmwareStatusNotification',
  'DiagnosticsStatusNotification',
])

/** What operators ask of charge points. Each is recorded with who asked; a charge point that is not connected is a conflict. */
export const chargePointCommands = {
  resetChargePoint: operation({
    ...command,
    path: `${path}/reset`,
    summary: 'Restart a charge point',
    description: '`soft` ends its charges first; `hard` is as a loss of power.',
    body: z.object({ type: z.enum(['soft', 'hard']) }),
  }),
  unlockConnector: operation({
    ...command,
    path: `${path}/unlock`,
    summary: 'Unlock a connector',
    description: 'Ends its charge, if it has one.',
    body: z.object({ connector }),
  }),
  changeAvailability: operation({
    ...command,
    path: `${path}/availability`,
    summary: 'Take a charge point or one of its connectors out of service, or back',
    description: '`Scheduled`: a charge goes on; the change follows it.',
    body: z.object({ connector: connector.nullable().describe('`null` for all'), isOperative: z.boolean() }),
  }),
  triggerMessage: operation({
    ...command,
    path: `${path}/trigger`,
    summary: 'Have a charge point send a message now',
    body: z.object({ message: triggered, connector: connector.nullable().describe('`null` for all') }),
  }),
  clearLimits: operation({
    ...command,
    path: `${path}/limits/clear`,
    summary: 'Remove all limits from a charge point, those that others set included',
    description:
      'Our standing safe limit and the limits of present charges are set again at once. `status` is the answer to the last of the three messages.',
  }),
  readConfiguration: operation({
    ...command,
    path: `${path}/configuration/read`,
    summary: 'Read a charge point’s configuration',
    description:
      'No keys: all. Passwords are never read out. Settings of OCPP 2.0.1 are named by component and variable, as `SampledDataCtrlr.TxUpdatedInterval`; those of 1.6 that it has too may be asked for by their names there.',
    body: z.object({ keys: z.array(settingKey).max(100) }),
  }),
  changeConfiguration: operation({
    ...command,
    path: `${path}/configuration`,
    summary: 'Change one key of a charge point’s configuration',
    description: 'The password has an operation of its own.',
    body: z.object({
      key: settingKey.refine(
        (key) => !/^(?:authorizationkey|(?:.*\.)?basicauthpassword)$/i.test(key),
        'has an operation of its own',
      ),
      value: z.string().max(500),
    }),
  }),
  updateFirmware: operation({
    ...command,
    path: `${path}/firmware`,
    summary: 'Have a charge point fetch and install firmware',
    description:
      'OCPP 1.6 answers without a status: `status` is then `null`. How it goes on is in the firmware report.',
    body: z.object({ location, retrieveAt: instant.nullable().describe('`null` for now') }),
  }),
  getDiagnostics: operation({
    ...command,
    path: `${path}/diagnostics`,
    summary: 'Have a charge point upload its diagnostics',
    body: z.object({ location, from: instant.nullable(), to: instant.nullable() }),
  }),
  listCommands: operation({
    method: 'get',
    path: `${path}/commands`,
    access: depotReaders,
    tags,
    summary: 'What operators asked of a charge point and what it answered, the newest first',
    params,
    query: numberedPages,
    answer: pageOf(
      z.object({
        sentAt: instant,
        kind: z.string(),
        askedBy: z.string().nullable().describe('`null`: before this was kept'),
        outcome: chargerCommandAnswer.shape.outcome,
        status: z.string().nullable(),
      }),
    ),
    problems: ['not-found'],
  }),
  readFirmwareReport: operation({
    method: 'get',
    path: '/depots/{depotId}/charge-point-firmware',
    access: depotReaders,
    tags,
    summary: 'Firmware, metering interval and clock of each charge point of a depot',
    params: depotParams,
    answer: z.array(
      z.object({
        identity: z.string(),
        model: z.string(),
        protocol: z.string().nullable().describe('What it is reached by now, such as `ocpp2.0.1`; `null`: it is not'),
        /** As it introduced itself; `null`: never, or without it. */
        firmware: z.string().nullable(),
        agreedFirmware: z.string().nullable().describe('As the register agrees for it'),
        isDrifted: z.boolean().describe('Whether it is known to run another version than the agreed one'),
        bootedAt: instant.nullable(),
        firmwareStatus: z.string().nullable().describe('The last that it reported of an update'),
        firmwareStatusAt: instant.nullable(),
        diagnosticsStatus: z.string().nullable(),
        diagnosticsStatusAt: instant.nullable(),
        meterInterval: z
          .object({
            wantedS: z.number().int(),
            result: z.enum(['as-wanted', 'set', 'reboot-required', 'refused', 'not-kept', 'no-answer']),
            checkedAt: instant,
          })
          .nullable()
          .describe('`null`: not checked, or its model states none'),
        clockAheadS: z
          .number()
          .nullable()
          .describe(
            'How far its clock is ahead of ours (negative: behind), by the stamps of the last hour; `null`: unknown',
          ),
        isClockOff: z.boolean().describe('Whether that is beyond 60 s'),
      }),
    ),
    problems: ['not-found'],
  }),
}
