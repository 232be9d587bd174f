import { z } from 'zod'

/** What a person may do. All roles are for people of the DNO except `fsp-user`, who acts for one FSP and sees only its side. */
export const role = z.enum(['planner', 'flexibility-engineer', 'settlement', 'operator', 'administrator', 'fsp-user'])
export type Role = z.infer<typeof role>

/** Scopes of access tokens for the DNO's API. `credentials` is for an FSP's rotation of its own keys and for nothing else. */
export const scopes = ['market', 'meter', 'gateway', 'credentials'] as const
export type Scope = (typeof scopes)[number]

/** The scope of an FSP's control API, unless the FSP states another. */
export const controlScope = 'control'
