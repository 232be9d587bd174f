import { z } from 'zod'

/** What a person may do. All are people of the DNO but the `fsp-user`, who acts for one FSP and sees only its side. */
export const role = z.enum(['planner', 'flexibility-engineer', 'settlement', 'operator', 'administrator', 'fsp-user'])
export type Role = z.infer<typeof role>

/** Scopes of access tokens for the DNO's API. */
export const scopes = ['market', 'meter', 'gateway'] as const
export type Scope = (typeof scopes)[number]

/** The scope of an FSP's control API, unless the FSP names another. */
export const controlScope = 'control'
