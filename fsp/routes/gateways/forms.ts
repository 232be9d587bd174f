import { z } from 'zod'

/** What a gateway and we say to each other (fsp/CONTRACTS.md, “Gateways”). Unknown members are passed over. */
const identity = z.string().min(1).max(48)
const socket = z.number().int().min(1).max(20)
const stamp = z.unknown().optional()
const text = z.string().max(255)
const sessionId = z.union([z.string(), z.number()]).transform(String)
const measured = { powerW: z.number().nullish(), registerWh: z.number().nullish() }

/** Messages of a gateway. */
export const gatewayForms = {
  Unit: z.object({
    identity,
    isReachable: z.boolean(),
    vendor: text.nullish(),
    model: text.nullish(),
    firmware: text.nullish(),
  }),
  SocketStatus: z.object({ identity, socket, at: stamp, status: text, errorCode: text.nullish() }),
  SessionStarted: z.object({
    identity,
    socket,
    sessionId,
    token: text.nullish(),
    at: stamp,
    registerWh: z.number().nullish(),
  }),
  SocketMeasures: z.object({ identity, socket, sessionId: sessionId.nullish(), at: stamp, ...measured }),
  Upkeep: z.object({ identity, kind: z.enum(['firmware', 'diagnostics']), status: text }),
  SessionEnded: z.object({
    identity,
    socket,
    sessionId,
    at: stamp,
    registerWh: z.number().nullish(),
    reason: text.nullish(),
  }),
}
export type GatewayAction = keyof typeof gatewayForms
export type GatewayMessage<A extends GatewayAction> = z.infer<(typeof gatewayForms)[A]>

/** Result codes of a gateway's answers; 0 is the trial's “accepted” (report 9.2.2, SET03). */
export const resultCodes = {
  accepted: 0,
  rejected: 1,
  notSupported: 2,
  unknownSocket: 3,
  expired: 4,
  noAnswer: 5,
} as const

/** A gateway's answer. */
export const controlAnswer = z.object({
  rc: z.number().int(),
  status: text.nullish().catch(null),
  allowedA: z.number().nullish().catch(null),
  settings: z
    .array(z.object({ key: text, value: z.string().max(500).nullable(), isReadOnly: z.boolean() }))
    .max(1_000)
    .nullish()
    .catch(null),
  unknownKeys: z.array(text).max(1_000).nullish().catch(null),
  fileName: text.nullish().catch(null),
})
