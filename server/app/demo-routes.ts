import { z } from 'zod'
import { ProblemError } from '../../platform/http/index.ts'
import { anyone } from '../../schemas/vocabulary/access.ts'
import { role } from '../../schemas/vocabulary/roles.ts'
import { answers, createRoute, serverRouter } from '../kit/index.ts'

const demoAccount = z.object({ username: z.string(), password: z.string(), fullName: z.string(), roles: z.array(role) })

/** Accounts that anyone may use where everything is simulated. */
export type DemoAccount = z.infer<typeof demoAccount>

/** The accounts that the log-in page shows in demo mode; in live mode there are none, and the route does not exist. */
export function demoRoutes(accounts: readonly DemoAccount[]) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/demo-accounts',
      access: anyone,
      problems: ['not-found'],
      tags: ['Session'],
      summary: 'Accounts of the demo',
      responses: answers(z.array(demoAccount)),
    }),
    (c) => {
      if (accounts.length === 0) throw new ProblemError('not-found', 'There are no demo accounts here.')
      return c.json([...accounts], 200)
    },
  )
  return router
}
