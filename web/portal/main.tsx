import { startFace } from '../shared/start-face.tsx'
import { queryClient } from './queries.ts'
import { router } from './router.tsx'
import { followRefusals } from './session.ts'

followRefusals(queryClient, router)
startFace(queryClient, router)
