import { createTokenSource, fetchWithToken } from '../../../platform/oauth/index.ts'
import { controlOperations } from '../../../schemas/fsp/control.ts'
import { requestOf } from '../../../schemas/vocabulary/client.ts'
import type { Operation } from '../../../schemas/vocabulary/operation.ts'
import type { TestDno } from './dno.ts'

/** Calls the control API as the DNO does: with a token of the endpoint that the FSP named in its application. */
export function controlOf(dno: TestDno) {
  const api = dno.application?.controlApi
  if (!api) throw new Error('the FSP has not applied')
  const tokens = createTokenSource({
    tokenEndpoint: api.tokenEndpoint,
    clientId: api.clientId,
    scope: api.scope ?? '',
    authentication: { method: 'client_secret_basic', secret: api.clientSecret ?? '' },
  })
  const call = async (stated: Operation, given: object) => {
    const { path, init } = requestOf(stated, given)
    const response = await fetchWithToken(tokens, `${api.baseUrl}${path}`, init)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return {
    send: (body: unknown) => call(controlOperations.instruct, { body }),
    ask: (id: string) => call(controlOperations.readAnswer, { params: { id } }),
  }
}
