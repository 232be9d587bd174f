import { followRefusals } from '../shared/api/session.ts'
import { startFace } from '../shared/start-face.tsx'
import { queryClient } from './queries.ts'
import { router } from './router.tsx'
import { toLogIn } from './session.ts'

followRefusals(queryClient, toLogIn)
startFace(queryClient, router)
