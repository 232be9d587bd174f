import { ProblemError } from '../../platform/http/index.ts'
import type { TokenVerifier } from '../../platform/oauth/index.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { controlScope } from '../../schemas/vocabulary/roles.ts'
import { bind, type Entrance } from '../kit/index.ts'
import type { Instructions } from './instructions.ts'
import type { Limits } from './limits.ts'

/** The control API that the DNO calls with a token from our token endpoint. */
export function controlApi(instructions: Instructions, limits: Limits, verifyToken: TokenVerifier) {
  return bind(controlOperations, dnoEntrance(verifyToken), {
    instruct: ({ body }) => instructions.take(body),

    async readAnswer({ params: { id } }) {
      const answer = await instructions.answerTo(id)
      if (!answer) throw new ProblemError('not-found', `Instruction ${id} was never received.`)
      return answer
    },

    sendLimit: ({ body }) => limits.take(body),

    async readLimitAnswer({ params: { id } }) {
      const answer = await limits.answerTo(id)
      if (!answer) throw new ProblemError('not-found', `Limit ${id} was never received.`)
      return answer
    },
  })
}

function dnoEntrance(verifyToken: TokenVerifier): Entrance {
  return {
    problems: ['unauthenticated', 'invalid-token', 'forbidden'],
    async identify(request) {
      if (!request.headers.has('authorization'))
        throw new ProblemError('unauthenticated', 'Send an access token of this FSP’s token endpoint.')
      const { scopes } = await verifyToken(request)
      if (!scopes.has(controlScope)) throw new ProblemError('forbidden', `This needs the scope ${controlScope}.`)
      return { kind: 'dno' }
    },
  }
}
