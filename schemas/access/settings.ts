import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { instantOrNull } from '../vocabulary/units.ts'
import { proposal } from './proposals.ts'

const name = z.string().max(60)

/** Values by name; each setting states which it has and within which bounds. */
export const settingValues = z
  .record(name, z.union([z.number(), z.boolean(), z.string().max(200), z.array(z.number()).max(20)]))
  .refine((values) => Object.keys(values).length <= 60, 'has more than 60 values')
  .meta({ id: 'SettingValues', maxProperties: 60, example: { powerFactor: 0.95 } })

/** Figures as they held from `changedAt`, until the next version. */
export const settingVersion = z
  .object({
    /** 0 for the defaults. */
    version: z.number().int().min(0),
    values: settingValues,
    changedAt: instantOrNull,
    /** Who proposed the change and who approved it; `null` for the defaults. */
    proposedBy: z.string().nullable(),
    changedBy: z.string().nullable(),
  })
  .meta({ id: 'SettingVersion' })

/** A setting with the version in force. */
export const settingInForce = settingVersion
  .extend({
    settingId: name,
    title: z.string(),
    description: z.string(),
    source: z.string(),
    defaults: settingValues,
  })
  .meta({ id: 'Setting' })
export type SettingInForce = z.infer<typeof settingInForce>

const params = z.object({ settingId: name })
const tags = ['Settings']

/** Figures of the rules that a DNO may change. */
export const settingOperations = {
  listSettings: operation({
    method: 'get',
    path: '/settings',
    access: people(),
    tags,
    summary: 'The figures in force, by setting',
    description: 'The whole list in one page.',
    answer: pageOf(settingInForce),
  }),
  readSetting: operation({
    method: 'get',
    path: '/settings/{settingId}',
    access: people(),
    tags,
    summary: 'The figures of a setting in force',
    params,
    answer: settingInForce,
    problems: ['not-found'],
    versionedBy: 'version',
  }),
  listSettingVersions: operation({
    method: 'get',
    path: '/settings/{settingId}/versions',
    access: people(),
    tags,
    summary: 'Every version of a setting, newest first, with who changed it',
    description: 'The whole list in one page.',
    params,
    answer: pageOf(settingVersion),
    problems: ['not-found'],
  }),
  changeSetting: operation({
    method: 'put',
    path: '/settings/{settingId}',
    access: people('administrator', 'flexibility-engineer', 'planner', 'settlement'),
    tags,
    summary: 'Propose other figures, which a second person approves',
    description:
      'The figures hold from the approval on. Statements, assessments and instructions that exist keep the figures that they were made with. Values that are left out stay as they are.',
    params,
    body: settingValues,
    answer: proposal,
    problems: ['not-found', 'conflict'],
  }),
}
