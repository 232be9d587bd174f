import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { people } from '../vocabulary/access.ts'
import { hubParams } from '../vocabulary/examples.ts'
import { operation } from '../vocabulary/operation.ts'
import { uuid } from '../vocabulary/units.ts'
import { hubState } from './connections.ts'
import { mappedPoint, word } from './gateway.ts'

/** A point map: at most one meaning for each point. */
const points = z
  .array(mappedPoint)
  .max(5_000)
  .refine((map) => new Set(map.map((p) => `${p.group} ${p.index}`)).size === map.length, 'names a point twice')

/** Names of point maps: short words that can be part of a path. */
export const pointMapName = word

/** The meaning of the points of a hub model. */
export const pointMapForm = z.object({ points: points.min(1) }).meta({
  id: 'PointMapForm',
  example: { points: [{ group: 30, index: 0, feeder: 1, phase: 'L1', quantity: 'voltage', scale: 0.1 }] },
})

/** A stored point map. `hubs`: the number of hubs that use it; `etag` is also sent as ETag. */
export const storedPointMap = z
  .object({ name: z.string(), points: z.array(mappedPoint), hubs: z.number().int(), etag: z.string() })
  .meta({ id: 'StoredPointMap' })
export type StoredPointMap = z.infer<typeof storedPointMap>

/** The editable settings of a hub: how it is reached and read. */
export const hubForm = z
  .object({
    name: z.string().min(1).max(100),
    /** What it monitors, at least one of them. */
    connectionId: uuid.nullable(),
    nodeId: z.string().nullable(),
    /** Where it answers. For a hub that dials in, `host` is the address that it calls from if that is fixed, otherwise empty. */
    host: z.string().max(255),
    port: z.number().int().min(0).max(65_535),
    /** It calls its gateway, which identifies it by its link address and, with TLS, by `tlsName`. */
    dialsIn: z.boolean(),
    /** It is reached over mutual TLS, and its certificate must bear this name. */
    tlsName: z.string().min(1).max(255).nullable(),
    /** DNP3 link addresses: the master's own and the outstation's. */
    localAddress: z.number().int().min(0).max(65_519),
    remoteAddress: z.number().int().min(0).max(65_519),
    integrityPollS: z.number().int().min(1).max(86_400),
    /** Silence that counts as a communication failure, s. */
    timeoutS: z.number().int().min(3).max(604_800),
    /** The gateway that polls it; `null` when it belongs to a pool. */
    gatewayId: z.string().min(1).max(100).nullable().default(null),
    /** The pool whose gateways share it: one of them polls it, and another when that one fails. */
    pool: word.nullable().default(null),
    /** The map of its model; `null` for the map of a VisNet-like monitor with its feeders. */
    pointMapName: pointMapName.nullable(),
    /** Points whose meaning differs from the map, or that only this hub has. */
    pointOverrides: points,
    feeders: z
      .array(
        z.object({ feeder: z.number().int().min(1).max(64), role: z.enum(['building', 'ev']), connectionId: uuid }),
      )
      .max(64),
  })
  .refine((hub) => (hub.gatewayId === null) !== (hub.pool === null), {
    path: ['gatewayId'],
    message: 'or pool is required, but not both',
  })
  .refine((hub) => hub.dialsIn || (hub.host !== '' && hub.port > 0), {
    path: ['host'],
    message: 'and port must say where the hub answers, unless it dials in',
  })
  .meta({
    id: 'HubForm',
    example: {
      name: 'Almeida Street hub',
      connectionId: null,
      nodeId: 'lpn-islington-lv',
      host: '10.20.0.7',
      port: 20_000,
      dialsIn: false,
      tlsName: null,
      localAddress: 1,
      remoteAddress: 10,
      integrityPollS: 60,
      timeoutS: 180,
      gatewayId: 'gateway-1',
      pool: null,
      pointMapName: null,
      pointOverrides: [],
      feeders: [],
    },
  })
export type HubForm = z.infer<typeof hubForm>

/** A hub's editable settings; `etag` is also sent as ETag. */
export const registeredHub = z.object({ hubId: uuid, ...hubForm.shape, etag: z.string() }).meta({ id: 'RegisteredHub' })
export type RegisteredHub = z.infer<typeof registeredHub>

const tags = ['Gateways']
const mapParams = z.object({ name: pointMapName.meta({ example: 'visnet-hub' }) })

/** The hubs, how they are reached, and what their points mean. */
export const hubOperations = {
  listHubs: operation({
    method: 'get',
    path: '/hubs',
    access: people(),
    tags: ['Telemetry'],
    summary: 'Hubs with the state of their links, failed ones first',
    answer: z.array(hubState),
  }),
  readRegistration: operation({
    method: 'get',
    path: '/hubs/{id}/registration',
    access: people(),
    tags,
    summary: 'How a hub is reached and read',
    params: hubParams,
    answer: registeredHub,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  registerHub: operation({
    method: 'put',
    path: '/hubs/{id}/registration',
    access: people('operator', 'planner'),
    tags,
    summary: 'Register a hub or change how it is reached; a second person approves a change of how it is read',
    description:
      'Send If-Match with the ETag that you have read, or If-None-Match: * for a new hub, whose identifier you choose.',
    params: hubParams,
    body: hubForm,
    answer: z.union([proposal, registeredHub]),
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
  listPointMaps: operation({
    method: 'get',
    path: '/point-maps',
    access: people(),
    tags,
    summary: 'The point maps of hub models',
    answer: z.array(storedPointMap),
  }),
  readPointMap: operation({
    method: 'get',
    path: '/point-maps/{name}',
    access: people(),
    tags,
    summary: 'One point map',
    params: mapParams,
    answer: storedPointMap,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  savePointMap: operation({
    method: 'put',
    path: '/point-maps/{name}',
    access: people('operator'),
    tags,
    summary: 'Propose a point map or a change of it, which a second person approves',
    description:
      'Send If-Match with the ETag that you have read, or If-None-Match: * for a new one. Gateways apply it within a minute.',
    params: mapParams,
    body: pointMapForm,
    maxBytes: 2 * 1024 * 1024,
    answer: proposal,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
}
