import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'

/** By what a data provider is known for good. */
export const providerId = z
  .string()
  .max(100)
  .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens')

/** A company that delivers data to the DNO, such as a ride-hailing platform, a register of charge points or a reader of meters. */
export const dataProvider = z
  .object({
    providerId,
    name: z.string(),
    /** Who is asked when its data do not come, or are not as agreed. */
    email: z.string().nullable(),
    etag: z.string(),
  })
  .meta({ id: 'DataProvider' })
export type DataProvider = z.infer<typeof dataProvider>

export const dataProviderForm = z
  .object({ name: z.string().trim().min(1).max(100), email: z.email().max(200).nullable().default(null) })
  .meta({ id: 'DataProviderForm', example: { name: 'City Rides', email: 'data@cityrides.example' } })

const tags = ['Data providers']

/** Companies that deliver data. Their clients are made with `makeClient`, and what they deliver is agreed feed by feed. */
export const dataProviderOperations = {
  listDataProviders: operation({
    method: 'get',
    path: '/data-providers',
    access: people(),
    tags,
    summary: 'Data providers by name',
    answer: z.array(dataProvider),
  }),
  saveDataProvider: operation({
    method: 'put',
    path: '/data-providers/{providerId}',
    access: people('administrator'),
    tags,
    summary: 'Add a data provider under an identifier of your own making, or change its name and contact',
    description: 'It can do nothing yet: make a client for it, and agree its feeds.',
    params: z.object({ providerId: providerId.meta({ example: 'city-rides' }) }),
    body: dataProviderForm,
    answer: dataProvider,
    versionedBy: 'etag',
    mayCreate: true,
    problems: ['not-found', 'conflict'],
  }),
}
