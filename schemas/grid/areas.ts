import { z } from 'zod'
import { people, readers } from '../vocabulary/access.ts'
import { country } from '../vocabulary/country.ts'
import { nothing, operation } from '../vocabulary/operation.ts'

const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9-]{1,9}$/, 'must be a code of two to ten capital letters, digits and hyphens, such as LPN')

/** The code of a licence area of a DNO. Which ones there are is data (GET /network/areas); this is only how a code looks. */
export const licenceArea = code.meta({
  description: 'A licence area, as GET /network/areas lists them.',
  example: 'LPN',
})

/** A licence area of a DNO group; `etag` is its version. */
export const knownArea = z
  .object({ code, name: z.string(), groupCode: code, country, etag: z.string() })
  .meta({ id: 'LicenceArea' })
export type KnownArea = z.infer<typeof knownArea>

/** A group of licence areas under one owner; `etag` is its version. */
export const dnoGroup = z.object({ code, name: z.string(), etag: z.string() }).meta({ id: 'DnoGroup' })
export type DnoGroup = z.infer<typeof dnoGroup>

const name = z.string().min(1).max(100)

const tags = ['Network']
const groupParams = z.object({ code: code.meta({ example: 'NGED' }) })
const areaParams = z.object({ code: code.meta({ example: 'SEPD' }) })

/** DNO groups and their licence areas: every node and connection is in one of the areas. */
export const areaOperations = {
  listAreas: operation({
    method: 'get',
    path: '/network/areas',
    access: readers,
    tags,
    summary: 'DNO groups with their licence areas',
    answer: z
      .array(dnoGroup.extend({ areas: z.array(knownArea) }).meta({ id: 'DnoGroupWithAreas' }))
      .meta({ description: 'Groups and the areas of each in order of code.' }),
  }),
  readDnoGroup: operation({
    method: 'get',
    path: '/network/dno-groups/{code}',
    access: people(),
    tags,
    summary: 'A DNO group',
    params: groupParams,
    answer: dnoGroup,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  saveDnoGroup: operation({
    method: 'put',
    path: '/network/dno-groups/{code}',
    access: people('planner'),
    tags,
    summary: 'Add a DNO group, or change its name',
    params: groupParams,
    body: z.object({ name }).meta({ id: 'DnoGroupForm', example: { name: 'National Grid Electricity Distribution' } }),
    answer: dnoGroup,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
  removeDnoGroup: operation({
    method: 'delete',
    path: '/network/dno-groups/{code}',
    access: people('planner'),
    tags,
    summary: 'Remove a DNO group that has no licence area',
    params: groupParams,
    answer: nothing,
    problems: ['not-found', 'conflict', 'changed-meanwhile'],
    versionedBy: 'etag',
  }),
  readLicenceArea: operation({
    method: 'get',
    path: '/network/areas/{code}',
    access: people(),
    tags,
    summary: 'A licence area',
    params: areaParams,
    answer: knownArea,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  saveLicenceArea: operation({
    method: 'put',
    path: '/network/areas/{code}',
    access: people('planner'),
    tags,
    summary: 'Add a licence area, or change its name, group or country',
    params: areaParams,
    body: z
      .object({
        name,
        groupCode: code,
        /** Whose bank holidays count as weekends in profiles and as non-working days in baselines. */
        country: country.default('ENG'),
      })
      .meta({
        id: 'LicenceAreaForm',
        example: { name: 'Southern Electric Power Distribution', groupCode: 'SSEN', country: 'ENG' },
      }),
    answer: knownArea,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
  removeLicenceArea: operation({
    method: 'delete',
    path: '/network/areas/{code}',
    access: people('planner'),
    tags,
    summary: 'Remove a licence area in which nothing is',
    description: 'An area with a node, a connection or weather stays.',
    params: areaParams,
    answer: nothing,
    problems: ['not-found', 'conflict', 'changed-meanwhile'],
    versionedBy: 'etag',
  }),
}
