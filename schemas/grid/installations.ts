import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { shortText, webAddress } from '../vocabulary/bounds.ts'
import { hubParams } from '../vocabulary/examples.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, tradingDay, uuid } from '../vocabulary/units.ts'
import { phase } from './measurements.ts'

const words = z.string().max(200)
const day = tradingDay.nullable()

/** A sensor of a hub: on which cable and phase, and how its signal becomes amperes. */
export const installedSensor = z.object({
  feeder: z.number().int().min(1).max(64),
  phase: phase.exclude(['none']),
  kind: z.enum(['rogowski', 'current-transformer', 'voltage-lead']),
  /** Rated primary current of a current transformer or Rogowski coil, A; `null` for a voltage lead. */
  primaryA: z.number().positive().max(100_000).nullable(),
  /** What it gives at the rated primary current, A for a current transformer and mV for a Rogowski coil. */
  secondary: z.number().positive().max(100_000).nullable(),
  serialNumber: words,
})
export type InstalledSensor = z.infer<typeof installedSensor>

/** How a hub was installed (report §3.4.1, Tables 9 and 10). Days are local; `null` for not known. */
export const installationForm = z
  .object({
    /** Where it is: room, cabinet, cut-out. */
    place: shortText,
    at: z.enum(['substation', 'customer']),
    battery: z.enum(['none', '24-v', '48-v']),
    batteryInstalledOn: day,
    batteryReplacedOn: day,
    sensors: z.array(installedSensor).max(256),
    installer: words,
    /** When the supply was off for it. */
    outageOn: day,
    installedOn: day,
    commissionedOn: day,
    removedOn: day,
    /** Complications: access, asbestos, vegetation, what must not be touched. */
    notes: z.string().max(5_000),
  })
  .refine(
    (r) =>
      new Set(r.sensors.map((s) => `${s.feeder} ${s.phase} ${s.kind === 'voltage-lead'}`)).size === r.sensors.length,
    {
      path: ['sensors'],
      message: 'name two of the same sort for one phase of a feeder',
    },
  )
  .refine((r) => r.sensors.every((s) => s.kind !== 'voltage-lead' || (s.primaryA === null && s.secondary === null)), {
    path: ['sensors'],
    message: 'give a ratio to a voltage lead',
  })
  .refine((r) => r.battery !== 'none' || (r.batteryInstalledOn === null && r.batteryReplacedOn === null), {
    path: ['batteryInstalledOn'],
    message: 'is stated of a hub without a battery',
  })
  .refine(
    (r) => r.batteryReplacedOn === null || r.batteryInstalledOn === null || r.batteryReplacedOn >= r.batteryInstalledOn,
    {
      path: ['batteryReplacedOn'],
      message: 'must not be before the battery was installed',
    },
  )
  .refine((r) => r.removedOn === null || r.installedOn === null || r.removedOn >= r.installedOn, {
    path: ['removedOn'],
    message: 'must not be before it was installed',
  })
  .meta({
    id: 'InstallationForm',
    example: {
      place: 'LV room, left of the board',
      at: 'substation',
      battery: '24-v',
      batteryInstalledOn: '2021-03-02',
      batteryReplacedOn: null,
      sensors: [{ feeder: 1, phase: 'L1', kind: 'rogowski', primaryA: 1_000, secondary: 100, serialNumber: 'R-1041' }],
      installer: 'LV monitoring team',
      outageOn: '2021-03-02',
      installedOn: '2021-03-02',
      commissionedOn: '2021-03-03',
      removedOn: null,
      notes: 'The hub must not be connected to the CT chamber.',
    },
  })
export type InstallationForm = z.infer<typeof installationForm>

/** A version of the record: what it said from an instant on, and who wrote it. */
export const installationVersion = z
  .object({ version: z.number().int(), savedAt: instant, savedBy: z.string(), record: installationForm })
  .meta({ id: 'InstallationVersion' })
export type InstallationVersion = z.infer<typeof installationVersion>

/** What a document is. */
export const documentKind = z.enum([
  'method-statement',
  'risk-assessment',
  'approval',
  'information-pack',
  'photo',
  'test-record',
  'other',
])
export type DocumentKind = z.infer<typeof documentKind>

/** The files that are taken; the bytes must be of the type. */
export const documentType = z.enum(['application/pdf', 'image/png', 'image/jpeg', 'text/plain'])
export type DocumentType = z.infer<typeof documentType>

/** The most bytes of an uploaded document. */
export const mostDocumentBytes = 2 * 1024 * 1024

/** A document of a hub: a link, or a file with its digest. One that was removed stays on record without its content. */
export const hubDocument = z
  .object({
    documentId: uuid,
    kind: documentKind,
    title: words,
    link: z.string().nullable(),
    file: z
      .object({
        name: words,
        type: documentType,
        bytes: z.number().int(),
        sha256: z.string(),
      })
      .nullable(),
    addedAt: instant,
    addedBy: z.string(),
    removedAt: instantOrNull,
    removedBy: z.string().nullable(),
  })
  .meta({ id: 'HubDocument' })
export type HubDocument = z.infer<typeof hubDocument>

const base64 = z.base64().max(Math.ceil(mostDocumentBytes / 3) * 4)

/** A new document: a link on https, or a file. */
export const newDocument = z
  .object({
    kind: documentKind,
    title: words.min(1),
    link: webAddress.nullable(),
    file: z.object({ name: words.min(1), type: documentType, contentBase64: base64.min(1) }).nullable(),
  })
  .refine((d) => (d.link === null) !== (d.file === null), {
    path: ['file'],
    message: 'or link is required, but not both',
  })
  .refine((d) => d.link === null || d.link.startsWith('https://'), {
    path: ['link'],
    message: 'must begin with https://',
  })
  .meta({
    id: 'NewDocument',
    example: {
      kind: 'method-statement',
      title: 'Method statement',
      link: 'https://documents.example/ms-1041',
      file: null,
    },
  })
export type NewDocument = z.infer<typeof newDocument>

/** The installation of a hub as it is on record; `record` is `null` before anything was recorded. */
export const installation = z
  .object({
    hubId: uuid,
    hubName: z.string(),
    etag: z.string(),
    savedAt: instantOrNull,
    savedBy: z.string().nullable(),
    record: installationForm.nullable(),
    documents: z.array(hubDocument),
  })
  .meta({ id: 'Installation' })
export type Installation = z.infer<typeof installation>

const tags = ['Gateways']
const writers = people('operator', 'planner')
const documentParams = hubParams.extend({
  documentId: uuid.meta({ description: 'As GET /hubs/{id}/installation lists it.' }),
})

/** How hubs were installed: place, sensors, battery, documents, and their history (A19). */
export const installationOperations = {
  readInstallation: operation({
    method: 'get',
    path: '/hubs/{id}/installation',
    access: people(),
    tags,
    summary: 'How a hub was installed, with its documents',
    params: hubParams,
    answer: installation,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  saveInstallation: operation({
    method: 'put',
    path: '/hubs/{id}/installation',
    access: writers,
    tags,
    summary: 'Record how a hub was installed; what was recorded before stays as an earlier version',
    params: hubParams,
    body: installationForm,
    answer: installation,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  listInstallations: operation({
    method: 'get',
    path: '/hubs/{id}/installation/versions',
    access: people(),
    tags,
    summary: 'The versions of a hub’s installation record, the newest first',
    params: hubParams,
    query: pageQuery(20),
    answer: pageOf(installationVersion),
    problems: ['not-found', 'malformed'],
  }),
  addDocument: operation({
    method: 'post',
    path: '/hubs/{id}/documents',
    access: writers,
    tags,
    summary: 'Add a document to a hub: a link, or a file of at most 2 MB whose bytes are of its type',
    params: hubParams,
    body: newDocument,
    maxBytes: 4 * 1024 * 1024,
    answer: hubDocument,
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  readDocument: operation({
    method: 'get',
    path: '/hubs/{id}/documents/{documentId}',
    access: people(),
    tags,
    summary: 'A document of a hub with its content',
    params: documentParams,
    answer: hubDocument.extend({ contentBase64: z.string().nullable() }),
    problems: ['not-found'],
  }),
  removeDocument: operation({
    method: 'delete',
    path: '/hubs/{id}/documents/{documentId}',
    access: writers,
    tags,
    summary: 'Remove a document: its content goes, its name, digest and who removed it stay on record',
    params: documentParams,
    answer: nothing,
    problems: ['not-found'],
  }),
}
