import { z } from 'zod'

/** One invalid field of a request: where it is (a JSON path such as `intervals[0].turnDownW`) and why it is invalid. */
export const fieldError = z.object({ field: z.string(), message: z.string() })

/** An RFC 9457 problem document. `type` is a stable URI that identifies the kind of problem to a program. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
export type FieldError = z.infer<typeof fieldError>

/** Every kind of problem that a Ringmain API answers with: its HTTP status and title. The key is the last part of the `type` URI. */
export const problemKinds = {
  malformed: [400, 'The request could not be read'],
  unauthenticated: [401, 'Log in, or send a valid access token'],
  'invalid-token': [401, 'The access token is expired, revoked or not for this API'],
  'wrong-credentials': [401, 'The user name or the password is wrong'],
  'second-factor-needed': [401, 'A code of your authenticator app is needed too'],
  forbidden: [403, 'This account may not do that'],
  'account-incomplete': [403, 'Your account needs something first'],
  'reauthentication-needed': [403, 'Confirm that it is you'],
  'foreign-origin': [403, 'Another site made this request'],
  'second-person-needed': [403, 'Another person has to approve this'],
  'not-found': [404, 'Not found'],
  conflict: [409, 'The request conflicts with the present state'],
  'changed-meanwhile': [412, 'Someone else has changed it meanwhile'],
  'too-large': [413, 'The request is too large'],
  'address-too-long': [414, 'The address of the request is too long'],
  'contract-broken': [422, 'The request does not fit its contract'],
  'precondition-required': [428, 'State which version you are changing'],
  'too-many-requests': [429, 'Too many requests at once; wait and try again'],
  'too-many-attempts': [429, 'Too many attempts; wait before the next one'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'The service is unavailable; try again'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemKind = keyof typeof problemKinds
